//! Targets of `evse-tariff`.

use arbitrary::{Arbitrary, Unstructured};
use evse_tariff::{
    Band, Calendar, Cut, DayTable, FixedOffset, MicroWattHours, Money, Policy, PricePerKwh, Rate,
    Reading, Session, Tariff, TimeOfUse, Timestamp, itemise,
};

/// Decimal text: what parses prints as text that parses to the same.
pub(crate) fn decimal_text(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    if let Ok(money) = text.parse::<Money>() {
        assert_eq!(money.to_string().parse(), Ok(money));
    }
    let _ = MicroWattHours::parse_kwh(text);
}

#[derive(Debug, Arbitrary)]
struct Input {
    rates: Vec<(i64, i64)>,
    edges: Vec<(u16, u8)>,
    offset_seconds: i32,
    loss_bp: u16,
    register_cut: Option<i64>,
    ykc: bool,
    start: i64,
    /// Milliseconds (small, with now and then a wild one) and register growth of each further reading.
    steps: Vec<(u32, i32, Option<i64>)>,
}

/// Any table, any readings: never a panic, a refused reading changes nothing, and every bill ties out.
pub(crate) fn session(data: &[u8]) {
    let Ok(input) = Input::arbitrary(&mut Unstructured::new(data)) else { return };
    let rates: Vec<Rate> = input
        .rates
        .iter()
        .take(300)
        .map(|(electricity, service)| Rate {
            band: Band::Flat,
            electricity: PricePerKwh::from_raw(*electricity),
            service: PricePerKwh::from_raw(*service),
        })
        .collect();
    let count = u8::try_from(rates.len().clamp(1, 255)).unwrap_or(1);
    let mut edges: Vec<(u16, u8)> =
        input.edges.iter().take(48).map(|(start, rate)| (start % 1_500, rate % count)).collect();
    edges.sort_unstable();
    edges.dedup_by_key(|edge| edge.0);
    if let Some(first) = edges.first_mut() {
        first.0 = 0;
    }
    let Ok(day) = DayTable::from_edges(&edges) else { return };
    let days = [day];
    let Ok(table) = TimeOfUse::new(&rates, &days, Calendar::EVERY_DAY) else { return };
    let Some(zone) = FixedOffset::east_seconds(input.offset_seconds) else { return };
    let mut policy = if input.ykc { Policy::YKC } else { Policy::ROUND_ONCE };
    policy.loss_bp = input.loss_bp;
    if let Some(step) = input.register_cut {
        policy.cut = Cut::Register(MicroWattHours::from_raw(step));
    }
    let tariff = Tariff { table, zone, policy };

    let mut session = Session::new();
    let mut taken = Vec::new();
    let mut at = input.start;
    let mut register = 0i64;
    for (millis, growth, wild) in &input.steps {
        at = wild.unwrap_or_else(|| at.saturating_add(i64::from(*millis)));
        register = register.saturating_add(i64::from(*growth).saturating_mul(1_000));
        let reading = Reading {
            at: Timestamp::from_unix_millis(at),
            register: MicroWattHours::from_raw(register),
        };
        let before = session;
        if session.handle_reading(&tariff, reading).is_ok() {
            taken.push(reading);
        } else {
            assert_eq!(session, before, "a refused reading changed the session");
        }
    }
    let Ok(bill) = session.bill(&tariff) else { return };
    let of_lines: i128 = bill
        .lines()
        .map(|line| i128::from(line.electricity.raw()) + i128::from(line.service.raw()))
        .sum();
    let total = i128::from(bill.total.raw());
    assert_eq!(of_lines + i128::from(bill.rounding_difference.raw()), total);
    assert_eq!(i128::from(bill.electricity.raw()) + i128::from(bill.service.raw()), total);
    let energy: i64 = bill.lines().map(|line| line.energy.to_nearest().raw()).sum();
    assert!((energy - bill.energy.raw()).abs() <= 16, "energy is lost between the rates");
    let items = itemise(&tariff, &taken).expect("the session has taken these readings");
    assert_eq!(items.bill, bill);
}
