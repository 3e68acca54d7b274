//! What a contract says about rounding and about energy between two readings. Nothing here has a hidden default: OCPI does
//! not define the rounding of money, and the Chinese interfaces contradict each other.

use crate::quantity::MicroWattHours;
use crate::rounding::Rounding;

/// How the register is read at a price change that lies between two readings. Energy is taken as spread evenly over the
/// time between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Exactly: the share of each band is a fraction, and money is rounded only where [`Policy`] says so. Where readings
    /// at odd milliseconds surround several price changes the fractions may have no common denominator up to 2⁴⁰; then a
    /// share is rounded to less than a millionth of a µWh, and [`Remarks::FINELY_ROUNDED`](crate::Remarks) says so.
    Exact,
    /// The interpolated **cumulative** register is rounded half-up to a multiple of this, so the shares add up to the
    /// energy metered. 0.1 Wh in the YunKuaiChong family. Zero or negative means 1 µWh.
    Register(MicroWattHours),
}

/// What becomes of a session in whose middle another day table begins to hold: at midnight, with a new season, on a holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayChange {
    /// Each day's table prices what falls into that day.
    Split,
    /// The day table of the session's begin prices all of it, its hours read on every day anew.
    Keep,
}

/// Which figures are rounded when electricity and service fee are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fees {
    /// Each of the two fees on its own; the total is their sum.
    Separately,
    /// The sum of both and the electricity fee; the service fee is the difference.
    Together,
}

/// A rounding of money and what it is applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeRounding {
    /// The rounding.
    pub rounding: Rounding,
    /// The figures it is applied to.
    pub fees: Fees,
}

/// The arithmetic of a contract.
///
/// Order of work, once, when the bill is made: energy of each rate → loss factor → `energy` → price → `rates` → sum →
/// `total`. A step that is `None` leaves the exact value for the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Energy between two readings.
    pub cut: Cut,
    /// Another day table in the middle of the session.
    pub day_change: DayChange,
    /// Loss added to the metered energy (计损), in 10⁻⁴; 0 for none.
    pub loss_bp: u16,
    /// Rounding of the billed energy of each rate, in kWh decimals.
    pub energy: Option<Rounding>,
    /// Rounding of the amounts of each rate.
    pub rates: Option<FeeRounding>,
    /// Rounding of the session's amounts.
    pub total: FeeRounding,
}

impl Policy {
    /// Exact shares, exact sums, and one rounding of each fee to the fen at the end.
    pub const ROUND_ONCE: Self = Self {
        cut: Cut::Exact,
        day_change: DayChange::Split,
        loss_bp: 0,
        energy: None,
        rates: None,
        total: FeeRounding { rounding: Rounding::FEN, fees: Fees::Separately },
    };

    /// The transaction record of the YunKuaiChong family: register cut at 0.1 Wh, billed energy and amounts per rate at
    /// four decimals, the sum settled to the fen. `loss_bp` is the platform's to set. Public implementations disagree on
    /// the loss (see the README); this is energy × (1 + loss), rounded before it is priced.
    pub const YKC: Self = Self {
        cut: Cut::Register(MicroWattHours::from_raw(100_000)),
        day_change: DayChange::Split,
        loss_bp: 0,
        energy: Some(Rounding::TEN_THOUSANDTH),
        rates: Some(FeeRounding { rounding: Rounding::TEN_THOUSANDTH, fees: Fees::Together }),
        total: FeeRounding { rounding: Rounding::FEN, fees: Fees::Together },
    };
}
