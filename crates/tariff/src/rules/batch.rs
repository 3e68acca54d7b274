//! Many sessions at once, by columns: no text, no allocation for a session, and each row priced on its own, so that neither the
//! order of the rows nor how they are shared out over threads can change a result.

use super::CompiledTariff;
use super::meter::{Activity, Meter, MeterError, MeterPolicy, MeterReading};
use crate::quantity::{MicroWattHours, Money};
use crate::rounding::Rounding;
use crate::time::{Timestamp, Zone};

/// Columns of sessions; all of one length.
#[derive(Debug, Clone, Copy)]
pub struct SessionColumns<'a> {
    /// Begin of charging.
    pub start: &'a [Timestamp],
    /// End of charging; energy is spread evenly from `start` until here.
    pub charged_until: &'a [Timestamp],
    /// End of the session; idle from `charged_until` until here.
    pub end: &'a [Timestamp],
    /// Energy.
    pub energy: &'a [MicroWattHours],
    /// Which of the tariffs.
    pub tariff: &'a [u16],
}

/// The total of a session, rounded; `None` where it cannot be known or nothing has a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BatchCost {
    /// Without tax.
    pub excl: Option<Money>,
    /// With tax.
    pub incl: Option<Money>,
}

/// Why a batch was not priced at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// The columns, and the place for the results, differ in length.
    #[error("columns differ in length")]
    Lengths,
    /// A row names a tariff that is not there.
    #[error("row {row} names tariff {tariff}")]
    UnknownTariff {
        /// The row.
        row: usize,
        /// The tariff it names.
        tariff: u16,
    },
}

/// Prices every row into the place of the same number. A row that cannot be priced has its own error; the others are not touched by
/// it.
///
/// # Errors
/// [`BatchError`].
pub fn price_batch<Z: Zone>(
    tariffs: &[CompiledTariff],
    zone: &Z,
    policy: MeterPolicy,
    rounding: Rounding,
    sessions: &SessionColumns<'_>,
    costs: &mut [Result<BatchCost, MeterError>],
) -> Result<(), BatchError> {
    let lengths = [
        sessions.start.len(),
        sessions.charged_until.len(),
        sessions.end.len(),
        sessions.energy.len(),
        sessions.tariff.len(),
    ];
    if lengths.iter().any(|length| *length != costs.len()) {
        return Err(BatchError::Lengths);
    }
    let times = sessions.start.iter().zip(sessions.charged_until).zip(sessions.end);
    let rows = times.zip(sessions.energy).zip(sessions.tariff).zip(costs).enumerate();
    for (row, (((((start, charged_until), end), energy), tariff), cost)) in rows {
        let unknown = BatchError::UnknownTariff { row, tariff: *tariff };
        let tariff = tariffs.get(usize::from(*tariff)).ok_or(unknown)?;
        *cost = price_row(tariff, zone, policy, rounding, [*start, *charged_until, *end], *energy);
    }
    Ok(())
}

fn price_row<Z: Zone>(
    tariff: &CompiledTariff,
    zone: &Z,
    policy: MeterPolicy,
    rounding: Rounding,
    [start, charged_until, end]: [Timestamp; 3],
    energy: MicroWattHours,
) -> Result<BatchCost, MeterError> {
    let mut meter = Meter::new(policy, Activity::Charging);
    meter.handle_reading(tariff, zone, MeterReading::new(start, MicroWattHours::ZERO))?;
    meter.handle_reading(tariff, zone, MeterReading::new(charged_until, energy))?;
    if end != charged_until {
        meter.handle_activity(tariff, zone, charged_until, Activity::Idle)?;
    }
    meter.finish(tariff, zone, end)?;
    let Some(total) = meter.totals(tariff)?.total else { return Ok(BatchCost::default()) };
    let rounded = |amount: Option<crate::ExactMoney>| match amount {
        Some(amount) => amount.round(rounding).map(Some).ok_or(MeterError::Overflow),
        None => Ok(None),
    };
    Ok(BatchCost { excl: rounded(total.excl)?, incl: rounded(total.incl)? })
}
