//! Steps 1 and 2: sessions priced one by one under tariff SZ-Z22, and their sums.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use evse_tariff::{
    Band, Calendar, DayTable, FixedOffset, MicroWattHours, Money, Policy, PricePerKwh, Rate,
    Reading, Session as Metered, Tariff, TimeOfUse, Timestamp, settlement, settlement::ledger,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use sha2::Sha256;
use sha2::digest::Output;

use crate::input::{Messages, Session, Source};

/// Who shares in the money, and how.
pub const SHARES: [(&str, u64); 3] = [("operator", 70), ("platform", 20), ("site", 10)];

/// First minute and rate of each period of the day.
const PERIODS: [(u16, u8); 6] = [(0, 0), (480, 1), (600, 2), (720, 1), (840, 2), (1_140, 1)];
const RATES: [Rate; 3] =
    [rate(Band::Valley, 260_000), rate(Band::Flat, 780_000), rate(Band::Peak, 1_190_000)];

/// 0.76 CNY/kWh service fee at all hours.
const fn rate(band: Band, electricity: i64) -> Rate {
    Rate {
        band,
        electricity: PricePerKwh::from_raw(electricity),
        service: PricePerKwh::from_raw(760_000),
    }
}

/// Tariff SZ-Z22, as seen in a Shenzhen zone from September 2022 to February 2023; the same every day.
pub struct SzZ22 {
    days: [DayTable; 1],
}

impl SzZ22 {
    pub fn new() -> Result<Self> {
        Ok(Self { days: [DayTable::from_edges(&PERIODS)?] })
    }

    fn table(&self) -> Result<TimeOfUse<'_>> {
        Ok(TimeOfUse::new(&RATES, &self.days, Calendar::EVERY_DAY)?)
    }

    /// Electricity price at a minute counted from any midnight.
    pub fn price_at(&self, minute: u32) -> PricePerKwh {
        let (index, _) = self.days[0].at(u16::try_from(minute % 1_440).unwrap_or(0));
        RATES.get(usize::from(index)).map_or(PricePerKwh::ZERO, |rate| rate.electricity)
    }

    /// The periods of the day: first minute, end and band.
    pub fn periods(&self) -> impl Iterator<Item = (u32, u32, Band)> + '_ {
        self.days[0].periods().map(|(start, _)| {
            let (index, end) = self.days[0].at(start);
            let band = RATES.get(usize::from(index)).map_or(Band::Flat, |rate| rate.band);
            (start.into(), end.into(), band)
        })
    }
}

/// Sums of some sessions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sum {
    pub sessions: u64,
    pub energy_wh: i64,
    pub total: Money,
}

/// A source billed.
#[derive(Debug, Clone)]
pub struct Billing {
    pub source: String,
    pub sum: Sum,
    /// Exact energy by band, Wh, in the order of the tariff's rates.
    pub bands_wh: Vec<(Band, BigRational)>,
    pub energy_fee: Money,
    pub service_fee: Money,
    /// In the order of [`SHARES`].
    pub split: [Money; SHARES.len()],
    /// Hash of the last entry of the ledger: one entry a bill, in fen, in the order of the source.
    pub ledger_head: Output<Sha256>,
    /// Merkle root over the ledger's entries, by which one bill can be proved without the others.
    pub ledger_root: Output<Sha256>,
    pub by_charger: BTreeMap<String, Sum>,
    /// By the identifier in the source, not yet a pseudonym.
    pub by_driver: BTreeMap<String, Sum>,
    pub messages: Messages,
    pub unfinished: u64,
    pub unbillable: u64,
    pub contradicting_readings: u64,
}

/// Bills every session of a source; one that the tariff engine refuses is named there and left out.
///
/// `offset_minutes` is the tariff's local clock minus the clock of the sessions.
pub fn bill(source: &mut Source, tariff: &SzZ22, offset_minutes: i32) -> Result<Billing> {
    let offset = offset_minutes.checked_mul(60).and_then(FixedOffset::east_seconds);
    let zone = offset.context("--utc-offset-min: at most a day")?;
    let tariff = Tariff { table: tariff.table()?, zone, policy: Policy::ROUND_ONCE };
    let mut bands = vec![BigRational::default(); RATES.len()];
    let mut billing = Billing {
        source: source.name.clone(),
        sum: Sum::default(),
        bands_wh: Vec::new(),
        energy_fee: Money::ZERO,
        service_fee: Money::ZERO,
        split: [Money::ZERO; SHARES.len()],
        ledger_head: Output::<Sha256>::default(),
        ledger_root: Output::<Sha256>::default(),
        by_charger: BTreeMap::new(),
        by_driver: BTreeMap::new(),
        messages: source.messages,
        unfinished: source.unfinished,
        unbillable: 0,
        contradicting_readings: source.contradicting_readings,
    };
    let mut ledger = ledger::Ledger::<Sha256>::new();
    let mut entries = Vec::new();
    for session in std::mem::take(&mut source.sessions) {
        let bill = match price(&tariff, &session) {
            Ok(bill) => bill,
            Err(refusal) => {
                source.not_billed(&session, &format!("{refusal:#}"));
                continue;
            }
        };
        for line in bill.lines() {
            let (numerator, denominator) = line.energy.to_fraction();
            let micro = BigInt::from(denominator) * BigInt::from(1_000_000);
            if let Some(band) = bands.get_mut(usize::from(line.index)) {
                *band += BigRational::new(numerator.into(), micro);
            }
        }
        let minor = bill.total.to_minor().context("a total that is no whole fen")?;
        let reference = format!("{}", ledger.next_sequence() + 1);
        entries.push(*ledger.append("charge", &reference, minor, "CNY")?);
        let mut parts = [0; SHARES.len()];
        settlement::split(minor, &SHARES.map(|(_, weight)| weight), &mut parts)?;
        for (share, part) in billing.split.iter_mut().zip(parts) {
            *share = add(*share, Money::from_minor(part).context("amount out of range")?)?;
        }
        billing.energy_fee = add(billing.energy_fee, bill.electricity)?;
        billing.service_fee = add(billing.service_fee, bill.service)?;
        let mut sums = vec![&mut billing.sum];
        sums.push(billing.by_charger.entry(session.charger.clone()).or_default());
        if let Some(driver) = &session.driver {
            sums.push(billing.by_driver.entry(driver.clone()).or_default());
        }
        for sum in sums {
            sum.sessions += 1;
            sum.energy_wh =
                sum.energy_wh.checked_add(session.energy_wh()).context("energy out of range")?;
            sum.total = add(sum.total, bill.total)?;
        }
    }
    billing.ledger_head = *ledger.head();
    billing.ledger_root = ledger::merkle_root::<Sha256>(&entries);
    billing.unbillable = source.unbillable;
    billing.bands_wh = RATES.iter().map(|rate| rate.band).zip(bands).collect();
    Ok(billing)
}

fn add(a: Money, b: Money) -> Result<Money> {
    a.checked_add(b).context("amount out of range")
}

/// The start and stop registers alone are billed, spread evenly over the session.
fn price(tariff: &Tariff<'_, FixedOffset>, session: &Session) -> Result<evse_tariff::Bill> {
    let mut metered = Metered::new();
    for (at, wh) in [(session.start, session.meter_start_wh), (session.end, session.meter_end_wh)] {
        let register = MicroWattHours::from_wh(wh).context("register beyond any meter")?;
        metered.handle_reading(tariff, Reading { at: Timestamp::from(at), register })?;
    }
    Ok(metered.bill(tariff)?)
}

/// Exact Wh as a decimal, half-up to 0.001.
pub fn to_thousandths(wh: &BigRational) -> String {
    let thousandths: BigInt =
        (wh * BigInt::from(1_000) + BigRational::new(1.into(), 2.into())).floor().to_integer();
    let thousand = BigInt::from(1_000);
    format!("{}.{:03}", &thousandths / &thousand, &thousandths % &thousand)
}
