//! Every line explains itself, in English and in Chinese.

use alloc::vec::Vec;
use core::fmt;

use super::price::{Cell, PricedPeriod, cost_of, cost_of_fee};
use super::tariff::{Reservation, Restrictions, Tariff};
use crate::quantity::{MicroSeconds, MicroWattHours, Price};
use crate::rules::{Charge, CompiledTariff, Component, Cost, MeterPiece};
use crate::time::Timestamp;

/// Language of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// Chinese, simplified.
    Chinese,
}

/// Why a line costs what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// Begin of the charging period.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
    /// What is priced.
    pub charge: Charge,
    /// The price that won; `None`: no element has one for it at the period's begin.
    pub component: Option<Component>,
    /// The restrictions of its element, which held at the period's begin.
    pub restrictions: Option<Restrictions>,
    /// Quantity of the period: µWh or µs; 1 for a fee.
    pub volume: i64,
    /// What the step size added.
    pub surplus: i64,
    /// The cost, exact: nothing is rounded before the total.
    pub cost: Option<Cost>,
    /// The numbers of the two readings it rests on, if it was metered here and not taken from a record.
    pub readings: Option<[u32; 2]>,
    /// The register at its end lies between those two and was interpolated.
    pub interpolated: bool,
}

/// Explains a line of a priced record. `tariff` and `compiled` are those that priced it.
#[must_use]
pub fn explain(
    tariff: &Tariff,
    compiled: &CompiledTariff,
    line: &PricedPeriod,
) -> Vec<Explanation> {
    let of = |charge, component: Option<u16>, volume, surplus, cost| {
        let component = component.and_then(|index| compiled.component(index)).copied();
        let element = component.and_then(|found| tariff.elements.get(usize::from(found.rule)));
        Explanation {
            start: line.start,
            end: line.end,
            charge,
            component,
            restrictions: element.and_then(|element| element.restrictions),
            volume,
            surplus,
            cost,
            readings: None,
            interpolated: false,
        }
    };
    let fees = [(Charge::Flat, line.flat), (Charge::ReservationFlat, line.reservation_flat)];
    let fees = fees.into_iter().filter_map(|(charge, fee)| {
        fee.map(|fee| of(charge, Some(fee), 1, 0, cost_of_fee(compiled, fee)))
    });
    let cells = line.cells().map(|(charge, cell): (Charge, Cell)| {
        let surplus = cell.billed.saturating_sub(cell.volume);
        of(charge, cell.component, cell.volume, surplus, cost_of(compiled, charge, cell))
    });
    fees.chain(cells).collect()
}

/// Explains the energy and the time of a metered piece; pieces of one price may be joined before.
#[must_use]
pub fn explain_piece(
    tariff: &Tariff,
    compiled: &CompiledTariff,
    piece: &MeterPiece,
) -> Vec<Explanation> {
    let energy = piece.register_to.raw().saturating_sub(piece.register_from.raw());
    let millis = piece.to.unix_millis().saturating_sub(piece.from.unix_millis());
    let parts = [
        (Charge::Energy, piece.energy, energy),
        (piece.activity.charge(), piece.time, millis.saturating_mul(1_000)),
    ];
    let of = |(charge, component, volume): (Charge, Option<u16>, i64)| {
        let cost = cost_of(compiled, charge, Cell { component, volume, billed: volume });
        let component = component.and_then(|index| compiled.component(index)).copied();
        let element = component.and_then(|found| tariff.elements.get(usize::from(found.rule)));
        Explanation {
            start: piece.from,
            end: piece.to,
            charge,
            component,
            restrictions: element.and_then(|element| element.restrictions),
            volume,
            surplus: 0,
            cost,
            readings: Some(piece.readings),
            interpolated: piece.interpolated,
        }
    };
    parts.into_iter().filter(|(_, _, volume)| *volume != 0).map(of).collect()
}

impl Explanation {
    /// The explanation as one line of text.
    #[must_use]
    pub const fn text(&self, language: Language) -> impl fmt::Display + use<'_> {
        Text { explanation: self, language }
    }
}

struct Text<'a> {
    explanation: &'a Explanation,
    language: Language,
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Explanation {
            start, end, charge, component, restrictions, volume, surplus, cost, ..
        } = self.explanation;
        let english = self.language == Language::English;
        write!(f, "{start} – {end}  {}: ", name(*charge, self.language))?;
        quantity(f, *charge, *volume)?;
        let Some(component) = component else {
            f.write_str(if english {
                ", no element has a price for it"
            } else {
                "，没有适用的价格"
            })?;
            return readings(f, self.explanation, self.language);
        };
        if *surplus != 0 {
            f.write_str(if english { " + " } else { "，按计费步长补足 " })?;
            quantity(f, *charge, *surplus)?;
            if english {
                write!(f, " up to the next step of {}", component.step)?;
            }
        }
        write!(f, " × {}", unit_price(component.price, *charge, self.language))?;
        if let Some(cost) = cost {
            match (cost.excl, cost.incl) {
                (Some(excl), Some(incl)) if excl == incl => write!(f, " = {excl}")?,
                (Some(excl), Some(incl)) if english => write!(f, " = {excl}, {incl} with tax")?,
                (Some(excl), Some(incl)) => write!(f, " = {excl}，含税 {incl}")?,
                (Some(excl), None) if english => write!(f, " = {excl}, tax not stated")?,
                (Some(excl), None) => write!(f, " = {excl}，未注明税额")?,
                (None, Some(incl)) if english => write!(f, " = {incl} with tax, net not known")?,
                (None, Some(incl)) => write!(f, " = 含税 {incl}，不含税金额未知")?,
                (None, None) => {}
            }
        }
        let (element, position) = (component.rule, component.position);
        if english {
            write!(f, " (element {element}, component {position}")?;
        } else {
            write!(f, "（第 {element} 条，第 {position} 项")?;
        }
        if let Some(restrictions) = restrictions {
            conditions(f, restrictions, self.language)?;
        }
        f.write_str(if english { ")" } else { "）" })?;
        readings(f, self.explanation, self.language)
    }
}

/// The readings that a metered line rests on.
fn readings(
    f: &mut fmt::Formatter<'_>,
    explanation: &Explanation,
    language: Language,
) -> fmt::Result {
    let Some([first, second]) = explanation.readings else { return Ok(()) };
    match language {
        Language::English => write!(f, "; readings {first} and {second}")?,
        Language::Chinese => write!(f, "；读数 {first} 与 {second}")?,
    }
    f.write_str(match (explanation.interpolated, language) {
        (false, _) => "",
        (true, Language::English) => ", register at the end interpolated",
        (true, Language::Chinese) => "，终点读数为插值",
    })
}

const fn name(charge: Charge, language: Language) -> &'static str {
    match (charge, language) {
        (Charge::Energy, Language::English) => "energy",
        (Charge::Energy, Language::Chinese) => "电量",
        (Charge::Time, Language::English) => "charging time",
        (Charge::Time, Language::Chinese) => "充电时长",
        (Charge::Parking, Language::English) => "parking time",
        (Charge::Parking, Language::Chinese) => "占位时长",
        (Charge::ReservationTime | Charge::ExpiredTime, Language::English) => "reserved time",
        (Charge::ReservationTime | Charge::ExpiredTime, Language::Chinese) => "预约时长",
        (Charge::Flat, Language::English) => "session fee",
        (Charge::Flat, Language::Chinese) => "单次费用",
        (Charge::ReservationFlat | Charge::ExpiredFlat, Language::English) => "reservation fee",
        (Charge::ReservationFlat | Charge::ExpiredFlat, Language::Chinese) => "预约费",
    }
}

fn quantity(f: &mut fmt::Formatter<'_>, charge: Charge, quantity: i64) -> fmt::Result {
    match charge {
        Charge::Energy => write!(f, "{}", MicroWattHours::from_raw(quantity)),
        _ if charge.is_metered() => write!(f, "{}", MicroSeconds::from_raw(quantity)),
        _ => write!(f, "{quantity}"),
    }
}

fn unit_price(price: Price, charge: Charge, language: Language) -> impl fmt::Display {
    struct UnitPrice(Price, &'static str);

    impl fmt::Display for UnitPrice {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{}{}", self.0, self.1)
        }
    }

    let unit = match (charge, language) {
        (Charge::Energy, Language::English) => " per kWh",
        (Charge::Energy, Language::Chinese) => "/kWh",
        (charge, Language::English) if charge.is_metered() => " per h",
        (charge, Language::Chinese) if charge.is_metered() => "/小时",
        _ => "",
    };
    UnitPrice(price, unit)
}

/// The restrictions that held, in OCPI's own words.
fn conditions(
    f: &mut fmt::Formatter<'_>,
    restrictions: &Restrictions,
    language: Language,
) -> fmt::Result {
    let c = &restrictions.conditions;
    let mut first = true;
    let mut item = |f: &mut fmt::Formatter<'_>, text: fmt::Arguments<'_>| {
        let lead = match (core::mem::take(&mut first), language) {
            (true, Language::English) => "; held: ",
            (true, Language::Chinese) => "；满足条件：",
            (false, Language::English) => ", ",
            (false, Language::Chinese) => "，",
        };
        write!(f, "{lead}{text}")
    };
    for (label, minute) in [("start_time", c.start), ("end_time", c.end)] {
        if let Some(minute) = minute {
            item(f, format_args!("{label} {:02}:{:02}", minute / 60, minute % 60))?;
        }
    }
    if !c.weekdays.is_all() {
        for (day, _) in c.weekdays.iter_names() {
            item(f, format_args!("{day}"))?;
        }
    }
    for (label, date) in [("start_date", c.dates.min), ("end_date", c.dates.max)] {
        if let Some(date) = date {
            item(f, format_args!("{label} {date}"))?;
        }
    }
    for (label, energy) in [("min_kwh", c.energy.min), ("max_kwh", c.energy.max)] {
        if let Some(energy) = energy {
            item(f, format_args!("{label} {energy}"))?;
        }
    }
    for (label, millis) in [("min_duration", c.elapsed.min), ("max_duration", c.elapsed.max)] {
        if let Some(millis) = millis {
            item(
                f,
                format_args!("{label} {}", MicroSeconds::from_raw(millis.saturating_mul(1_000))),
            )?;
        }
    }
    for (label, power) in [("min_power", c.power.min), ("max_power", c.power.max)] {
        if let Some(power) = power {
            item(f, format_args!("{label} {} mW", power.raw()))?;
        }
    }
    for (label, current) in [("min_current", c.current.min), ("max_current", c.current.max)] {
        if let Some(current) = current {
            item(f, format_args!("{label} {} mA", current.raw()))?;
        }
    }
    match restrictions.reservation {
        Some(Reservation::Reservation) => item(f, format_args!("RESERVATION")),
        Some(Reservation::Expires) => item(f, format_args!("RESERVATION_EXPIRES")),
        None => Ok(()),
    }
}
