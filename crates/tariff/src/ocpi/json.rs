//! Reading OCPI's JSON, with decimals straight from text to fixed point.
//!
//! Real documents are read leniently, as long as the meaning is plain: numbers in quotes, `null` for what is absent, instants
//! without a zone (UTC), with an offset, with fractions of a second or with one-digit fields, fields that are not known.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::cdr::{Cdr, Dimensions, Period, StatedCost, StatedTotals};
use super::tariff::{
    Element, PriceComponent, PriceLimit, Reservation, Restrictions, Tariff, TaxIncluded, Version,
};
use super::text::{parse_date, parse_minute, parse_timestamp};
use crate::decimal_text::parse_rounded;
use crate::exact::ExactMoney;
use crate::quantity::{MicroSeconds, MicroWattHours, MilliAmperes, MilliWatts, Price};
use crate::rounding::{RoundingMode, divide};
use crate::rules::{Charge, Conditions, Range, TaxRate};
use crate::time::{Date, Timestamp, Weekdays};

/// Reads a tariff. The error has line and column.
///
/// # Errors
/// Text that is not JSON, a field that is missing, or a value that has no meaning.
pub fn parse_tariff(text: &str, version: Version) -> Result<Tariff, serde_json::Error> {
    let json: TariffJson<'_> = serde_json::from_str(text)?;
    json.into_tariff(version).map_err(Error::custom)
}

/// Reads a charge detail record; it borrows from the text.
///
/// # Errors
/// As [`parse_tariff`].
pub fn parse_cdr(text: &str, version: Version) -> Result<Cdr<'_>, serde_json::Error> {
    let json: CdrJson<'_> = serde_json::from_str(text)?;
    json.into_cdr(version).map_err(Error::custom)
}

/// A number, or a number in quotes.
#[derive(Debug, Clone, Copy)]
struct Number<'a>(&'a str);

impl<'de: 'a, 'a> Deserialize<'de> for Number<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let text = raw.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(raw);
        Ok(Self(text.trim()))
    }
}

impl Number<'_> {
    /// As a count of `10^-places`; notes in `rounded` whether digits were lost.
    fn fixed(self, places: u8, field: &str, rounded: &mut bool) -> Result<i64, String> {
        match parse_rounded(self.0, places) {
            Ok((value, lost)) => {
                *rounded |= lost;
                Ok(value)
            }
            Err(error) => Err(format!("{field}: {:?}: {error}", clip(self.0))),
        }
    }
}

/// The begin of a text, for messages.
fn clip(text: &str) -> &str {
    let end = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// A text without escapes, such as a name of an enumeration, a date or a time. Anything else comes as it stands in the JSON.
type Word<'a> = Number<'a>;

#[derive(Deserialize)]
struct TariffJson<'a> {
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    currency: Option<Cow<'a, str>>,
    #[serde(borrow)]
    elements: Vec<ElementJson<'a>>,
    #[serde(borrow, default)]
    min_price: Option<LimitJson<'a>>,
    #[serde(borrow, default)]
    max_price: Option<LimitJson<'a>>,
    #[serde(borrow, default)]
    start_date_time: Option<Word<'a>>,
    #[serde(borrow, default)]
    end_date_time: Option<Word<'a>>,
    #[serde(borrow, default)]
    tax_included: Option<Word<'a>>,
}

#[derive(Deserialize)]
struct ElementJson<'a> {
    #[serde(borrow, default)]
    price_components: Vec<ComponentJson<'a>>,
    #[serde(borrow, default)]
    restrictions: Option<RestrictionsJson<'a>>,
}

#[derive(Deserialize)]
struct ComponentJson<'a> {
    #[serde(borrow, rename = "type")]
    kind: Word<'a>,
    #[serde(borrow)]
    price: Number<'a>,
    #[serde(borrow, default)]
    vat: Option<Number<'a>>,
    #[serde(borrow, default)]
    step_size: Option<Number<'a>>,
}

#[derive(Deserialize, Default)]
struct RestrictionsJson<'a> {
    #[serde(borrow, default)]
    start_time: Option<Word<'a>>,
    #[serde(borrow, default)]
    end_time: Option<Word<'a>>,
    #[serde(borrow, default)]
    start_date: Option<Word<'a>>,
    #[serde(borrow, default)]
    end_date: Option<Word<'a>>,
    #[serde(borrow, default)]
    min_kwh: Option<Number<'a>>,
    #[serde(borrow, default)]
    max_kwh: Option<Number<'a>>,
    #[serde(borrow, default)]
    min_current: Option<Number<'a>>,
    #[serde(borrow, default)]
    max_current: Option<Number<'a>>,
    #[serde(borrow, default)]
    min_power: Option<Number<'a>>,
    #[serde(borrow, default)]
    max_power: Option<Number<'a>>,
    #[serde(borrow, default)]
    min_duration: Option<Number<'a>>,
    #[serde(borrow, default)]
    max_duration: Option<Number<'a>>,
    #[serde(borrow, default)]
    day_of_week: Option<Vec<Word<'a>>>,
    #[serde(borrow, default)]
    reservation: Option<Word<'a>>,
}

/// `{excl_vat, incl_vat}`, `{before_taxes, after_taxes}`, or a plain number.
struct LimitJson<'a>(&'a RawValue);

impl<'de: 'a, 'a> Deserialize<'de> for LimitJson<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(Self)
    }
}

#[derive(Deserialize)]
struct AmountsJson<'a> {
    #[serde(borrow, default, alias = "before_taxes")]
    excl_vat: Option<Number<'a>>,
    #[serde(borrow, default, alias = "after_taxes")]
    incl_vat: Option<Number<'a>>,
    #[serde(borrow, default)]
    taxes: Option<Vec<TaxAmountJson<'a>>>,
}

#[derive(Deserialize)]
struct TaxAmountJson<'a> {
    #[serde(borrow, default)]
    amount: Option<Number<'a>>,
}

/// An amount of either form: without tax, with tax, at 10⁻⁹.
fn amounts(
    raw: &RawValue,
    field: &str,
    rounded: &mut bool,
) -> Result<(Option<i64>, Option<i64>), String> {
    let text = raw.get();
    if !text.starts_with('{') {
        let text = text.trim_matches('"');
        return Number(text).fixed(9, field, rounded).map(|plain| (Some(plain), None));
    }
    let json: AmountsJson<'_> = serde_json::from_str(text).map_err(|e| format!("{field}: {e}"))?;
    let mut read =
        |number: Option<Number<'_>>| number.map(|n| n.fixed(9, field, rounded)).transpose();
    let excl = read(json.excl_vat)?;
    let mut incl = read(json.incl_vat)?;
    if let (None, Some(excl), Some(taxes)) = (incl, excl, json.taxes) {
        let mut sum = Some(excl);
        for tax in taxes {
            let amount = read(tax.amount)?.unwrap_or(0);
            sum = sum.and_then(|sum| sum.checked_add(amount));
        }
        incl = sum;
    }
    Ok((excl, incl))
}

impl TariffJson<'_> {
    fn into_tariff(self, version: Version) -> Result<Tariff, String> {
        let mut rounded = false;
        let mut elements = Vec::with_capacity(self.elements.len());
        for (at, element) in self.elements.into_iter().enumerate() {
            let element = element.into_element(&mut rounded);
            elements.push(element.map_err(|error| format!("elements[{at}].{error}"))?);
        }
        let mut limit = |limit: Option<LimitJson<'_>>, field| {
            let Some(LimitJson(raw)) = limit else { return Ok::<_, String>(None) };
            let (excl, incl) = amounts(raw, field, &mut rounded)?;
            let (excl, incl) = (excl.map(Price::from_raw), incl.map(Price::from_raw));
            Ok(Some(PriceLimit { excl, incl }))
        };
        let min_price = limit(self.min_price, "min_price")?;
        let max_price = limit(self.max_price, "max_price")?;
        let tax_included = match self.tax_included.map(|word| word.0) {
            None => None,
            Some("YES") => Some(TaxIncluded::Yes),
            Some("NO") => Some(TaxIncluded::No),
            Some("N/A") => Some(TaxIncluded::NotApplicable),
            Some(other) => return Err(format!("tax_included: {:?}: YES, NO or N/A", clip(other))),
        };
        Ok(Tariff {
            version,
            id: self.id.map(Cow::into_owned).unwrap_or_default(),
            currency: self.currency.map(Cow::into_owned).unwrap_or_default(),
            elements,
            min_price,
            max_price,
            start: instant(self.start_date_time, "start_date_time")?,
            end: instant(self.end_date_time, "end_date_time")?,
            tax_included,
            rounded_numbers: rounded,
        })
    }
}

impl ElementJson<'_> {
    fn into_element(self, rounded: &mut bool) -> Result<Element, String> {
        let mut components = Vec::with_capacity(self.price_components.len());
        for (at, component) in self.price_components.into_iter().enumerate() {
            let component = component.into_component(rounded);
            components.push(component.map_err(|e| format!("price_components[{at}].{e}"))?);
        }
        let restrictions =
            self.restrictions.map(|found| found.into_restrictions(rounded)).transpose();
        let restrictions = restrictions.map_err(|error| format!("restrictions.{error}"))?;
        Ok(Element { components, restrictions })
    }
}

impl ComponentJson<'_> {
    fn into_component(self, rounded: &mut bool) -> Result<PriceComponent, String> {
        let charge = match self.kind.0 {
            "ENERGY" => Some(Charge::Energy),
            "TIME" => Some(Charge::Time),
            "PARKING_TIME" => Some(Charge::Parking),
            "FLAT" => Some(Charge::Flat),
            _ => None,
        };
        let vat = match self.vat {
            None => None,
            // Percent with seven decimals is a share with nine.
            Some(vat) => match u32::try_from(vat.fixed(7, "vat", rounded)?) {
                Ok(rate) => Some(TaxRate::from_raw(rate)),
                Err(_) => return Err(format!("vat: {:?}: 0 to 429 %", clip(vat.0))),
            },
        };
        let step_size = match self.step_size {
            None => 0,
            Some(step) => {
                let (whole, lost) =
                    parse_rounded(step.0, 0).map_err(|e| format!("step_size: {e}"))?;
                u32::try_from(whole)
                    .ok()
                    .filter(|_| !lost)
                    .ok_or_else(|| format!("step_size: {:?}: a whole number", clip(step.0)))?
            }
        };
        let price = Price::from_raw(self.price.fixed(9, "price", rounded)?);
        Ok(PriceComponent { charge, price, vat, step_size })
    }
}

impl RestrictionsJson<'_> {
    fn into_restrictions(self, rounded: &mut bool) -> Result<Restrictions, String> {
        let mut number = |number: Option<Number<'_>>, places, field| {
            number.map(|number| number.fixed(places, field, rounded)).transpose()
        };
        let weekdays = match self.day_of_week {
            // An empty list restricts nothing: no day at all cannot be meant.
            Some(days) if !days.is_empty() => weekdays(&days)?,
            _ => Weekdays::all(),
        };
        let reservation = match self.reservation.map(|word| word.0) {
            None => None,
            Some("RESERVATION") => Some(Reservation::Reservation),
            Some("RESERVATION_EXPIRES") => Some(Reservation::Expires),
            Some(other) => return Err(format!("reservation: {:?} is not known", clip(other))),
        };
        let conditions = Conditions {
            start: self.start_time.map(|word| minute(word, "start_time")).transpose()?,
            end: self.end_time.map(|word| minute(word, "end_time")).transpose()?,
            weekdays,
            dates: Range {
                min: self.start_date.map(|word| date(word, "start_date")).transpose()?,
                max: self.end_date.map(|word| date(word, "end_date")).transpose()?,
            },
            energy: Range {
                min: number(self.min_kwh, 9, "min_kwh")?.map(MicroWattHours::from_raw),
                max: number(self.max_kwh, 9, "max_kwh")?.map(MicroWattHours::from_raw),
            },
            elapsed: Range {
                min: number(self.min_duration, 3, "min_duration")?,
                max: number(self.max_duration, 3, "max_duration")?,
            },
            power: Range {
                min: number(self.min_power, 6, "min_power")?.map(MilliWatts::from_raw),
                max: number(self.max_power, 6, "max_power")?.map(MilliWatts::from_raw),
            },
            current: Range {
                min: number(self.min_current, 3, "min_current")?.map(MilliAmperes::from_raw),
                max: number(self.max_current, 3, "max_current")?.map(MilliAmperes::from_raw),
            },
            ..Conditions::default()
        };
        Ok(Restrictions { conditions, reservation })
    }
}

fn weekdays(words: &[Word<'_>]) -> Result<Weekdays, String> {
    let mut days = Weekdays::empty();
    for word in words {
        days |= match word.0 {
            "MONDAY" => Weekdays::MONDAY,
            "TUESDAY" => Weekdays::TUESDAY,
            "WEDNESDAY" => Weekdays::WEDNESDAY,
            "THURSDAY" => Weekdays::THURSDAY,
            "FRIDAY" => Weekdays::FRIDAY,
            "SATURDAY" => Weekdays::SATURDAY,
            "SUNDAY" => Weekdays::SUNDAY,
            other => return Err(format!("day_of_week: {:?} is not a day", clip(other))),
        };
    }
    Ok(days)
}

fn minute(word: Word<'_>, field: &str) -> Result<u16, String> {
    parse_minute(word.0).ok_or_else(|| format!("{field}: {:?} is not a time of day", clip(word.0)))
}

fn date(word: Word<'_>, field: &str) -> Result<Date, String> {
    parse_date(word.0).ok_or_else(|| format!("{field}: {:?} is not a date", clip(word.0)))
}

fn instant(word: Option<Word<'_>>, field: &str) -> Result<Option<Timestamp>, String> {
    let Some(word) = word else { return Ok(None) };
    let instant = parse_timestamp(word.0);
    instant.map(Some).ok_or_else(|| format!("{field}: {:?} is not an instant", clip(word.0)))
}

#[derive(Deserialize)]
struct CdrJson<'a> {
    #[serde(borrow)]
    start_date_time: Word<'a>,
    #[serde(borrow, alias = "stop_date_time")]
    end_date_time: Word<'a>,
    #[serde(borrow, default)]
    currency: Option<Cow<'a, str>>,
    #[serde(borrow)]
    charging_periods: Vec<PeriodJson<'a>>,
    #[serde(default)]
    credit: Option<bool>,
    #[serde(borrow, default, alias = "location")]
    cdr_location: Option<LocationJson<'a>>,
    #[serde(borrow, default)]
    tariffs: Option<Vec<TariffJson<'a>>>,
    #[serde(borrow, default)]
    total_cost: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total_fixed_cost: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total_energy_cost: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total_time_cost: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total_parking_cost: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total_reservation_cost: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total_energy: Option<Number<'a>>,
    #[serde(borrow, default)]
    total_time: Option<Number<'a>>,
    #[serde(borrow, default)]
    total_parking_time: Option<Number<'a>>,
    #[serde(default, rename = "_reservation_expired")]
    reservation_expired: Option<bool>,
}

#[derive(Deserialize)]
struct LocationJson<'a> {
    #[serde(borrow, default)]
    time_zone: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct PeriodJson<'a> {
    #[serde(borrow)]
    start_date_time: Word<'a>,
    #[serde(default)]
    dimensions: DimensionsJson,
    #[serde(borrow, default)]
    tariff_id: Option<Cow<'a, str>>,
}

/// The list of a period's dimensions, read into its places without a list in between.
#[derive(Default)]
struct DimensionsJson {
    found: Dimensions,
    rounded: bool,
}

#[derive(Deserialize)]
struct DimensionJson<'a> {
    #[serde(borrow, rename = "type")]
    kind: Word<'a>,
    #[serde(borrow)]
    volume: Number<'a>,
}

impl<'de> Deserialize<'de> for DimensionsJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Dimension;

        impl<'de> Visitor<'de> for Dimension {
            type Value = DimensionsJson;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of dimensions")
            }

            fn visit_unit<E: Error>(self) -> Result<DimensionsJson, E> {
                Ok(DimensionsJson::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<DimensionsJson, A::Error> {
                let mut read = DimensionsJson::default();
                while let Some(dimension) = list.next_element::<DimensionJson<'de>>()? {
                    read.take(&dimension).map_err(Error::custom)?;
                }
                Ok(read)
            }
        }

        deserializer.deserialize_any(Dimension)
    }
}

impl DimensionsJson {
    fn take(&mut self, dimension: &DimensionJson<'_>) -> Result<(), String> {
        let found = &mut self.found;
        let kind = dimension.kind.0;
        let mut volume = |places| dimension.volume.fixed(places, kind, &mut self.rounded);
        macro_rules! into {
            ($field:ident, $type:ident, $volume:expr) => {{
                let volume = $volume;
                found.repeated |= found.$field.is_some();
                let before = found.$field.map_or(0, $type::raw);
                found.$field = Some($type::from_raw(before.saturating_add(volume)));
            }};
        }
        match kind {
            "ENERGY" => into!(energy, MicroWattHours, volume(9)?),
            "TIME" => into!(time, MicroSeconds, hours(volume(9)?, kind)?),
            "PARKING_TIME" => into!(parking, MicroSeconds, hours(volume(9)?, kind)?),
            "RESERVATION_TIME" => into!(reservation, MicroSeconds, hours(volume(9)?, kind)?),
            "MIN_POWER" => into!(min_power, MilliWatts, volume(6)?),
            "MAX_POWER" => into!(max_power, MilliWatts, volume(6)?),
            "MIN_CURRENT" => into!(min_current, MilliAmperes, volume(3)?),
            "MAX_CURRENT" => into!(max_current, MilliAmperes, volume(3)?),
            // Known, and no price depends on them.
            "CURRENT" | "POWER" | "ENERGY_EXPORT" | "ENERGY_IMPORT" | "STATE_OF_CHARGE"
            | "FLAT" => {}
            _ => found.unknown = true,
        }
        Ok(())
    }
}

/// Hours at 10⁻⁹ as µs; one is 3.6 of the other.
fn hours(nano: i64, field: &str) -> Result<i64, String> {
    divide(RoundingMode::HalfUp, i128::from(nano) * 18, 5)
        .and_then(|micro| i64::try_from(micro).ok())
        .ok_or_else(|| format!("{field}: out of range"))
}

impl<'a> CdrJson<'a> {
    fn into_cdr(self, version: Version) -> Result<Cdr<'a>, String> {
        let mut rounded = false;
        let mut periods = Vec::with_capacity(self.charging_periods.len());
        for (at, period) in self.charging_periods.into_iter().enumerate() {
            let start = parse_timestamp(period.start_date_time.0).ok_or_else(|| {
                let text = clip(period.start_date_time.0);
                format!("charging_periods[{at}].start_date_time: {text:?} is not an instant")
            })?;
            rounded |= period.dimensions.rounded;
            let dimensions = period.dimensions.found;
            periods.push(Period { start, dimensions, tariff_id: period.tariff_id });
        }
        let required = |word, field| -> Result<Timestamp, String> {
            instant(Some(word), field)?.ok_or_else(|| format!("{field}: missing"))
        };
        let mut cost = |raw: Option<&RawValue>, field| {
            let Some(raw) = raw else { return Ok::<_, String>(None) };
            let (excl, incl) = amounts(raw, field, &mut rounded)?;
            let exact = |nano: i64| {
                ExactMoney::from_raw(i128::from(nano) * (ExactMoney::UNITS / 1_000_000_000))
            };
            Ok(Some(StatedCost { excl: excl.map(exact), incl: incl.map(exact) }))
        };
        let mut stated = StatedTotals {
            cost: cost(self.total_cost, "total_cost")?,
            fixed: cost(self.total_fixed_cost, "total_fixed_cost")?,
            energy_cost: cost(self.total_energy_cost, "total_energy_cost")?,
            time_cost: cost(self.total_time_cost, "total_time_cost")?,
            parking_cost: cost(self.total_parking_cost, "total_parking_cost")?,
            reservation_cost: cost(self.total_reservation_cost, "total_reservation_cost")?,
            ..StatedTotals::default()
        };
        let mut number = |number: Option<Number<'_>>, field| {
            number.map(|number| number.fixed(9, field, &mut rounded)).transpose()
        };
        stated.energy = number(self.total_energy, "total_energy")?.map(MicroWattHours::from_raw);
        let time = number(self.total_time, "total_time")?;
        stated.time =
            time.map(|nano| hours(nano, "total_time")).transpose()?.map(MicroSeconds::from_raw);
        let parking = number(self.total_parking_time, "total_parking_time")?;
        let parking = parking.map(|nano| hours(nano, "total_parking_time")).transpose()?;
        stated.parking = parking.map(MicroSeconds::from_raw);
        let mut tariffs = Vec::new();
        for (at, tariff) in self.tariffs.into_iter().flatten().enumerate() {
            let tariff = tariff.into_tariff(version);
            tariffs.push(tariff.map_err(|error| format!("tariffs[{at}].{error}"))?);
        }
        Ok(Cdr {
            start: required(self.start_date_time, "start_date_time")?,
            end: required(self.end_date_time, "end_date_time")?,
            currency: self.currency.unwrap_or_default(),
            periods,
            credit: self.credit.unwrap_or(false),
            time_zone: self.cdr_location.and_then(|location| location.time_zone),
            tariffs,
            stated,
            reservation_expired: self.reservation_expired.unwrap_or(false),
            rounded_numbers: rounded,
        })
    }
}
