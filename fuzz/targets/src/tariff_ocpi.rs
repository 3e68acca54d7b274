//! Targets of `evse-tariff`'s OCPI, OCPP and binary sides.

use arbitrary::{Arbitrary, Unstructured};
use evse_tariff::china::ykc::{BillingModel, TransactionRecord};
use evse_tariff::ocpi::{self, Cdr, NamedTariff, Policy, Pricer, Tariff, Version, lint, verify};
use evse_tariff::ocpp::{self, Circumstances};
use evse_tariff::rules::{
    Activity, Charge, CompiledTariff, Component, Conditions, Limits, Meter, MeterPolicy,
    MeterReading, Range, Rule, Tax, TaxRate,
};
use evse_tariff::{
    Date, ExactMoney, FixedOffset, MicroWattHours, MilliWatts, Money, PosixTz, Price, Timestamp,
    Weekdays,
};

/// A line of a tariff and a line of a record: whatever they say is priced or refused, and the sums of the totals tie out.
pub(crate) fn json(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let (tariff, record) = text.split_once('\n').unwrap_or((text, text));
    for version in [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0] {
        let tariff = ocpi::parse_tariff(tariff, version);
        let cdr = ocpi::parse_cdr(record, version);
        if let Ok(tariff) = &tariff {
            let _ = lint(tariff);
        }
        if let (Ok(tariff), Ok(cdr)) = (&tariff, &cdr) {
            price(tariff, cdr);
        }
    }
    if let Ok(tariff) = ocpp::parse_tariff(text) {
        let _ = tariff.compile(&Circumstances::default());
    }
    let _ = (BillingModel::decode(data), TransactionRecord::decode(data));
}

fn price(tariff: &Tariff, cdr: &Cdr<'_>) {
    let Ok(compiled) = tariff.compile() else { return };
    let zone = PosixTz::parse("CET-1CEST,M3.5.0,M10.5.0/3").expect("a rule");
    let named =
        NamedTariff { id: &tariff.id, start: tariff.start, end: tariff.end, compiled: &compiled };
    let mut pricer = Pricer::new(Policy::default());
    let Ok(priced) = pricer.price(&[named], cdr, &zone) else { return };
    assert_eq!(pricer.lines().len(), cdr.periods.len());
    let totals = priced.totals;
    let parts = [totals.energy, totals.time, totals.parking, totals.fixed, totals.reservation];
    let net = parts
        .into_iter()
        .flatten()
        .map(|cost| cost.excl)
        .try_fold(ExactMoney::ZERO, |sum, part| sum.checked_add(part?));
    let whole = totals.unbounded.map_or(Some(ExactMoney::ZERO), |cost| cost.excl);
    assert_eq!(net, whole, "the parts are not the whole");
    let _ = verify(cdr, &priced, Money::ZERO);
    for line in pricer.lines() {
        for explanation in ocpi::explain(tariff, &compiled, line) {
            let _ = explanation.text(ocpi::Language::Chinese).to_string();
        }
    }
}

#[derive(Debug, Arbitrary)]
struct RuleInput {
    window: (Option<u16>, Option<u16>),
    weekdays: u8,
    dates: (Option<i64>, Option<i64>),
    energy: (Option<i64>, Option<i64>),
    elapsed: (Option<i64>, Option<i64>),
    charging: (Option<i64>, Option<i64>),
    idle: (Option<i64>, Option<i64>),
    power: (Option<i64>, Option<i64>),
    components: Vec<(u8, i64, Option<u32>, u32)>,
}

#[derive(Debug, Arbitrary)]
enum Step {
    Reading(u32, u32, Option<i64>),
    Wild(i64, i64),
    Activity(u32, u8),
    Total,
}

#[derive(Debug, Arbitrary)]
struct MeterInput {
    rules: Vec<RuleInput>,
    offset_seconds: i32,
    cut: i64,
    start: i64,
    steps: Vec<Step>,
}

fn rule<'a>(input: &RuleInput, components: &'a [Component]) -> Rule<'a> {
    fn range<T>((min, max): (Option<i64>, Option<i64>), of: impl Fn(i64) -> T) -> Range<T> {
        Range { min: min.map(&of), max: max.map(&of) }
    }
    Rule {
        conditions: Conditions {
            start: input.window.0,
            end: input.window.1,
            weekdays: Weekdays::from_bits_truncate(input.weekdays),
            dates: range(input.dates, Date::from_unix_days),
            energy: range(input.energy, MicroWattHours::from_raw),
            elapsed: range(input.elapsed, |millis| millis),
            charging: range(input.charging, |millis| millis),
            idle: range(input.idle, |millis| millis),
            power: range(input.power, MilliWatts::from_raw),
            ..Conditions::default()
        },
        components,
    }
}

/// Any rules and any events: never a panic, and a refused event changes nothing.
pub(crate) fn meter(data: &[u8]) {
    let Ok(input) = MeterInput::arbitrary(&mut Unstructured::new(data)) else { return };
    let components: Vec<Vec<Component>> = input
        .rules
        .iter()
        .map(|rule| {
            let component = |(charge, price, tax, step): &(u8, i64, Option<u32>, u32)| Component {
                charge: Charge::ALL[usize::from(*charge) % Charge::ALL.len()],
                price: Price::from_raw(*price),
                tax: tax.map_or(Tax::NotApplicable, |rate| Tax::Added(TaxRate::from_raw(rate))),
                step: *step,
                rule: 0,
                position: 0,
            };
            rule.components.iter().map(component).collect()
        })
        .collect();
    let rules: Vec<Rule<'_>> =
        input.rules.iter().zip(&components).map(|(input, of)| rule(input, of)).collect();
    let Ok(tariff) = CompiledTariff::new(&rules, Limits::default()) else { return };
    let Some(zone) = FixedOffset::east_seconds(input.offset_seconds) else { return };
    let policy = MeterPolicy { cut: MicroWattHours::from_raw(input.cut), ..MeterPolicy::default() };
    let mut meter = Meter::new(policy, Activity::Charging);
    let (mut at, mut register) = (input.start, 0i64);
    for step in input.steps.iter().take(64) {
        let before = meter;
        let taken = match step {
            Step::Reading(millis, growth, power) => {
                at = at.saturating_add((*millis).into());
                register = register.saturating_add(i64::from(*growth) * 1_000);
                let reading = MeterReading::new(
                    Timestamp::from_unix_millis(at),
                    MicroWattHours::from_raw(register),
                );
                meter.handle_reading(
                    &tariff,
                    &zone,
                    MeterReading { power: power.map(MilliWatts::from_raw), ..reading },
                )
            }
            Step::Wild(millis, register) => {
                let register = MicroWattHours::from_raw(*register);
                let reading = MeterReading::new(Timestamp::from_unix_millis(*millis), register);
                meter.handle_reading(&tariff, &zone, reading)
            }
            Step::Activity(millis, activity) => {
                let at = Timestamp::from_unix_millis(at.saturating_add((*millis).into()));
                let activity = [Activity::Charging, Activity::Idle, Activity::Reserved]
                    [usize::from(*activity) % 3];
                meter.handle_activity(&tariff, &zone, at, activity)
            }
            Step::Total => meter.totals(&tariff).map(|_| ()),
        };
        if taken.is_err() {
            assert_eq!(meter, before, "a refused event changed the meter");
        }
    }
    let [_, (last, _)] = meter.readings();
    let _ = meter.outlook(&tariff, &zone);
    if meter.finish(&tariff, &zone, last.saturating_add_millis(60_000)).is_ok() {
        let _ = meter.totals(&tariff);
    }
}
