//! Quantities: watts, joules, seconds, prices per kilowatt hour and exact sums of money.
//!
//! The base units are chosen so that nothing has to be rounded: a whole number of watts over a whole number of seconds
//! is a whole number of joules (watt-seconds), and a watt hour is exactly 3600 of them.

use core::cmp::Ordering;
use core::fmt;

/// Joules of one watt hour.
const JOULES_PER_WH: i64 = 3_600;
/// Joules of one kilowatt hour.
const JOULES_PER_KWH: i64 = 3_600_000;

/// Declares an integer newtype: `from_raw`, `raw`, checked arithmetic and `Display` with the unit.
macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name(i64);

        impl $name {
            #[doc = concat!("Zero ", $unit, ".")]
            pub const ZERO: Self = Self(0);

            #[doc = concat!("From a whole number of ", $unit, ".")]
            #[must_use]
            pub const fn from_raw(raw: i64) -> Self {
                Self(raw)
            }

            #[doc = concat!("The whole number of ", $unit, ".")]
            #[must_use]
            pub const fn raw(self) -> i64 {
                self.0
            }

            /// The sum, or `None` where it does not fit.
            #[must_use]
            pub const fn checked_add(self, other: Self) -> Option<Self> {
                match self.0.checked_add(other.0) {
                    Some(sum) => Some(Self(sum)),
                    None => None,
                }
            }

            /// The difference, or `None` where it does not fit.
            #[must_use]
            pub const fn checked_sub(self, other: Self) -> Option<Self> {
                match self.0.checked_sub(other.0) {
                    Some(difference) => Some(Self(difference)),
                    None => None,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{} ", $unit), self.0)
            }
        }
    };
}

quantity! {
    /// Electrical power at the grid side of the charger; positive means drawn from the grid.
    ///
    /// Unit W · 1 W/step.
    Watts, "W"
}
quantity! {
    /// Energy; positive means delivered to a car.
    ///
    /// Unit J (W·s) · 1 J/step; 1 Wh = 3600 J, so whole watt hours and whole watts over whole seconds are exact.
    Joules, "J"
}
quantity! {
    /// Time: seconds since an origin of the caller's choice (midnight of the planned day, say), or a length of time.
    ///
    /// Unit s · 1 s/step. Negative values lie before the origin.
    Seconds, "s"
}
quantity! {
    /// Price of energy.
    ///
    /// Unit 10⁻⁶ of a currency unit per kWh: 0.26 CNY/kWh is 260 000. Negative prices are allowed.
    MicroPerKwh, "µ/kWh"
}

quantity! {
    /// Price of a kilowatt of highest import over a billing period (demand charge).
    ///
    /// Unit 10⁻⁶ of a currency unit per kW: 1.3 CNY/kW is 1 300 000.
    MicroPerKw, "µ/kW"
}

/// The part of energy that arrives: battery side over meter side when charging, meter side over battery side when
/// discharging.
///
/// Unit 10⁻⁹ · range 1 ..= 1 000 000 000; losses only, never a gain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Efficiency(u32);

impl Efficiency {
    /// Nothing is lost.
    pub const ONE: Self = Self(1_000_000_000);

    /// From parts per billion: 0.95 is 950 000 000. `None` for 0 and for more than all.
    #[must_use]
    pub const fn from_ppb(ppb: u32) -> Option<Self> {
        if ppb == 0 || ppb > Self::ONE.0 { None } else { Some(Self(ppb)) }
    }

    /// Parts per billion.
    #[must_use]
    pub const fn ppb(self) -> u32 {
        self.0
    }

    /// What arrives of this energy, rounded to the nearest joule (halves away from zero).
    #[must_use]
    pub const fn of(self, energy: Joules) -> Joules {
        Joules(divide_rounded(energy.0 as i128 * self.0 as i128, Self::ONE.0 as i128))
    }

    /// What must be sent for this energy to arrive, rounded to the nearest joule (halves away from zero), saturated.
    #[must_use]
    pub const fn for_arriving(self, energy: Joules) -> Joules {
        Joules(divide_rounded(energy.0 as i128 * Self::ONE.0 as i128, self.0 as i128))
    }
}

impl Default for Efficiency {
    fn default() -> Self {
        Self::ONE
    }
}

impl fmt::Display for Efficiency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09}", self.0 / Self::ONE.0, self.0 % Self::ONE.0)
    }
}

/// The quotient to the nearest whole number, halves away from zero, saturated to an i64; the divisor is positive.
#[allow(clippy::cast_possible_truncation)] // Clamped before.
const fn divide_rounded(value: i128, divisor: i128) -> i64 {
    let half = divisor / 2;
    let rounded = if value < 0 { value - half } else { value + half };
    // The divisor is never zero; said so that no panic path is left.
    let Some(quotient) = rounded.checked_div(divisor) else { return 0 };
    if quotient > i64::MAX as i128 {
        i64::MAX
    } else if quotient < i64::MIN as i128 {
        i64::MIN
    } else {
        quotient as i64
    }
}

impl Watts {
    /// From whole kilowatts; `None` where the value does not fit.
    #[must_use]
    pub const fn from_kw(kw: i64) -> Option<Self> {
        match kw.checked_mul(1_000) {
            Some(watts) => Some(Self(watts)),
            None => None,
        }
    }

    /// The energy of this power over a length of time; `None` where it does not fit.
    #[must_use]
    pub const fn checked_over(self, time: Seconds) -> Option<Joules> {
        match self.0.checked_mul(time.0) {
            Some(joules) => Some(Joules(joules)),
            None => None,
        }
    }
}

impl Joules {
    /// From whole watt hours; `None` where the value does not fit.
    #[must_use]
    pub const fn from_wh(wh: i64) -> Option<Self> {
        match wh.checked_mul(JOULES_PER_WH) {
            Some(joules) => Some(Self(joules)),
            None => None,
        }
    }

    /// Whole watt hours, rounded towards zero.
    #[must_use]
    pub const fn wh_towards_zero(self) -> i64 {
        self.0 / JOULES_PER_WH
    }
}

impl Seconds {
    /// From whole minutes; `None` where the value does not fit.
    #[must_use]
    pub const fn from_minutes(minutes: i64) -> Option<Self> {
        match minutes.checked_mul(60) {
            Some(seconds) => Some(Self(seconds)),
            None => None,
        }
    }
}

/// An exact sum of money: a numerator over 3 600 000 millionths of a currency unit.
///
/// Price in 10⁻⁶/kWh times energy in joules is a whole number of these parts, so a sum over any number of slots and
/// cars has no rounding at all; it is rounded once, when it leaves ([`Cost::micro_half_up`]).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cost(i128);

impl Cost {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The cost of some energy at a price.
    #[must_use]
    pub const fn of(energy: Joules, price: MicroPerKwh) -> Self {
        Self(energy.0 as i128 * price.0 as i128)
    }

    /// The demand charge for so much more peak, rounded to the nearest 3 600 000th of a millionth.
    #[must_use]
    pub fn of_peak(peak: MeanPower, price: MicroPerKw) -> Self {
        // J/s over 1000 W/kW times 10^-6/kW; the parts are 3 600 000 to the millionth.
        let parts = peak.energy.saturating_mul(i128::from(price.0)).saturating_mul(3_600);
        let time = i128::from(peak.time);
        Self((2 * parts + time).div_euclid(2 * time))
    }

    /// From the numerator over 3 600 000 millionths.
    #[must_use]
    pub const fn from_raw(numerator: i128) -> Self {
        Self(numerator)
    }

    /// In currency units, for figures and comparisons only.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the name says so")]
    pub fn to_currency_f64(self) -> f64 {
        self.0 as f64 / 3.6e12
    }

    /// The numerator over 3 600 000 millionths.
    #[must_use]
    pub const fn raw(self) -> i128 {
        self.0
    }

    /// The sum, or `None` where it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// Millionths of a currency unit, rounded to the nearest; exact halves go up (towards +∞).
    #[must_use]
    pub const fn micro_half_up(self) -> i128 {
        const WHOLE: i128 = JOULES_PER_KWH as i128;
        let quotient = self.0.div_euclid(WHOLE);
        if self.0.rem_euclid(WHOLE) * 2 >= WHOLE { quotient + 1 } else { quotient }
    }
}

impl fmt::Display for Cost {
    /// The sum in currency units with six decimals, rounded as [`Cost::micro_half_up`] does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micro = self.micro_half_up();
        let sign = if micro < 0 { "-" } else { "" };
        let magnitude = micro.unsigned_abs();
        write!(f, "{sign}{}.{:06}", magnitude / 1_000_000, magnitude % 1_000_000)
    }
}

/// An exact mean power: so much energy over so much time.
///
/// Compared exactly, by cross multiplication; equal ratios are equal (`600 J / 2 s == 300 J / 1 s`).
#[derive(Debug, Clone, Copy)]
pub struct MeanPower {
    energy: i128,
    time: i64,
}

impl MeanPower {
    /// Zero watts.
    pub const ZERO: Self = Self { energy: 0, time: 1 };

    /// So much energy over so much time; `None` unless the time is positive.
    #[must_use]
    pub const fn new(joules: i128, time: Seconds) -> Option<Self> {
        if time.0 > 0 { Some(Self { energy: joules, time: time.0 }) } else { None }
    }

    /// The numerator: joules.
    #[must_use]
    pub const fn joules(self) -> i128 {
        self.energy
    }

    /// The denominator: seconds, always positive.
    #[must_use]
    pub const fn time(self) -> Seconds {
        Seconds(self.time)
    }

    /// Milliwatts, rounded to the nearest; exact halves go up.
    #[must_use]
    pub const fn milliwatts_half_up(self) -> i128 {
        let doubled = self.energy.saturating_mul(2_000).saturating_add(self.time as i128);
        doubled.div_euclid(2 * self.time as i128)
    }

    /// Kilowatts as the nearest double, for charts and tables.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn to_kw_f64(self) -> f64 {
        self.energy as f64 / self.time as f64 / 1_000.0
    }
}

impl PartialEq for MeanPower {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for MeanPower {}

impl PartialOrd for MeanPower {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MeanPower {
    fn cmp(&self, other: &Self) -> Ordering {
        // Whole watts first, so that the cross products are of remainders and always fit.
        let whole = |p: &Self| p.energy.div_euclid(i128::from(p.time));
        let rest = |p: &Self| p.energy.rem_euclid(i128::from(p.time));
        whole(self).cmp(&whole(other)).then_with(|| {
            (rest(self) * i128::from(other.time)).cmp(&(rest(other) * i128::from(self.time)))
        })
    }
}

impl fmt::Display for MeanPower {
    /// Watts with three decimals, rounded as [`MeanPower::milliwatts_half_up`] does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milli = self.milliwatts_half_up();
        let sign = if milli < 0 { "-" } else { "" };
        let magnitude = milli.unsigned_abs();
        write!(f, "{sign}{}.{:03} W", magnitude / 1_000, magnitude % 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    extern crate alloc;

    #[test]
    fn money_is_rounded_once_and_half_up() {
        for (raw, micro, text) in [
            (0, 0, "0.000000"),
            (1_799_999, 0, "0.000000"),
            (1_800_000, 1, "0.000001"),
            (-1_800_000, 0, "0.000000"),
            (-1_800_001, -1, "-0.000001"),
            (3_600_000_000_000, 1_000_000, "1.000000"),
            (-5_400_000_000_000, -1_500_000, "-1.500000"),
        ] {
            assert_eq!(Cost::from_raw(raw).micro_half_up(), micro);
            assert_eq!(Cost::from_raw(raw).to_string(), text);
        }
        // 0.26 per kWh, 10 kWh.
        let cost = Joules::from_wh(10_000).map(|e| Cost::of(e, MicroPerKwh::from_raw(260_000)));
        assert_eq!(cost.map(Cost::micro_half_up), Some(2_600_000));
    }

    #[test]
    fn mean_powers_compare_as_fractions() {
        let mean = |joules, seconds| MeanPower::new(joules, Seconds::from_raw(seconds)).unwrap();
        assert_eq!(mean(600, 2), mean(300, 1));
        assert!(mean(1, 3) < mean(334, 1_000));
        assert!(mean(-1, 3) > mean(-334, 1_000));
        assert!(mean(i128::MAX, 1) > mean(i128::MAX, i64::MAX));
        assert!(mean(i128::MIN, 1) < mean(0, i64::MAX));
        assert_eq!(mean(2, 3).to_string(), "0.667 W");
        assert_eq!(mean(-1, 2).to_string(), "-0.500 W");
        assert!(MeanPower::new(1, Seconds::ZERO).is_none());
    }

    #[test]
    fn efficiencies_round_to_the_nearest_joule() {
        let ppb = |ppb| Efficiency::from_ppb(ppb).unwrap();
        assert_eq!(Efficiency::from_ppb(0), None);
        assert_eq!(Efficiency::from_ppb(1_000_000_001), None);
        assert_eq!(ppb(950_000_000).of(Joules(100)), Joules(95));
        assert_eq!(ppb(500_000_000).of(Joules(-3)), Joules(-2));
        assert_eq!(ppb(950_000_000).for_arriving(Joules(95)), Joules(100));
        assert_eq!(ppb(1).for_arriving(Joules(i64::MAX)), Joules(i64::MAX));
        assert_eq!(ppb(950_000_000).to_string(), "0.950000000");
    }

    #[test]
    fn a_peak_costs_by_the_kilowatt() {
        let peak = MeanPower::new(1_500 * 900, Seconds::from_raw(900)).unwrap();
        assert_eq!(Cost::of_peak(peak, MicroPerKw::from_raw(1_300_000)).to_string(), "1.950000");
    }

    #[test]
    fn conversions_are_checked() {
        assert_eq!(Watts::from_kw(i64::MAX), None);
        assert_eq!(Joules::from_wh(i64::MAX), None);
        assert_eq!(Seconds::from_minutes(i64::MAX), None);
        assert_eq!(Watts::from_raw(i64::MAX).checked_over(Seconds::from_raw(2)), None);
        assert_eq!(Joules::from_raw(7_199).wh_towards_zero(), 1);
        assert_eq!(Watts::from_raw(-5).to_string(), "-5 W");
    }
}
