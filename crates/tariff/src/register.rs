//! What two readings of a counting register mean: growth, roll-over, jitter, a swapped meter or an implausible jump.

/// Counts that a register may fall back without being a reset: jitter of the last digits.
const JITTER: u64 = 10;

/// Why a difference is not simply a growth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegisterFlag {
    /// The register passed its top and went on from zero.
    Rollover,
    /// It fell by a few counts; nothing is billed until it passes the highest value seen.
    Backward,
    /// It fell by more: the meter was reset or swapped. Nothing is billed over the gap.
    Reset,
    /// It grew by more than can be: held for review.
    Implausible,
}

/// The growth from one reading to the next; `None`: held for review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegisterStep {
    /// Counts to bill.
    pub delta: Option<u64>,
    /// What else is to be said.
    pub flag: Option<RegisterFlag>,
}

/// Follows a register of some bits (32 in most records of the YunKuaiChong family, at 0.0001 kWh).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegisterTracker {
    /// Width of the register in bits, 1 to 64.
    bits: u32,
    /// Most counts that can be plausible between two readings.
    max_plausible: u64,
    /// The value that growth is counted from.
    base: Option<u64>,
}

impl RegisterTracker {
    /// `max_plausible`: power of the station × time × a margin, in counts. `None` if `bits` is not 1 to 64.
    #[must_use]
    pub const fn new(bits: u32, max_plausible: u64) -> Option<Self> {
        if bits < 1 || bits > 64 { None } else { Some(Self { bits, max_plausible, base: None }) }
    }

    /// Takes a reading. The first one only sets the base.
    pub fn handle_reading(&mut self, reading: u64) -> Option<RegisterStep> {
        let base = self.base.replace(reading)?;
        let mut step = |delta, flag, keeps_base| {
            if keeps_base {
                self.base = Some(base);
            }
            Some(RegisterStep { delta, flag })
        };
        if let Some(growth) = reading.checked_sub(base) {
            return if growth > self.max_plausible {
                step(None, Some(RegisterFlag::Implausible), true)
            } else {
                step(Some(growth), None, false)
            };
        }
        let range = 1u128 << self.bits;
        let over = (u128::from(reading) + range).checked_sub(u128::from(base));
        let over = over.and_then(|over| u64::try_from(over).ok());
        if let Some(over) = over.filter(|over| *over <= self.max_plausible) {
            step(Some(over), Some(RegisterFlag::Rollover), false)
        } else if base - reading <= JITTER {
            step(Some(0), Some(RegisterFlag::Backward), true)
        } else {
            step(Some(0), Some(RegisterFlag::Reset), false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrap_jitter_jump_and_swap() {
        let mut tracker = RegisterTracker::new(32, 20_000_000).unwrap();
        let readings = [4_294_960_000, 4_294_967_000, 3_000, 2_998, 3_100, 90_003_100, 3_200, 40];
        let steps: alloc::vec::Vec<_> =
            readings.into_iter().filter_map(|reading| tracker.handle_reading(reading)).collect();
        let (deltas, flags): (alloc::vec::Vec<_>, alloc::vec::Vec<_>) =
            steps.iter().map(|step| (step.delta, step.flag)).unzip();
        use RegisterFlag::{Backward, Implausible, Reset, Rollover};
        assert_eq!(
            deltas,
            [Some(7_000), Some(3_296), Some(0), Some(100), None, Some(100), Some(0)]
        );
        assert_eq!(
            flags,
            [None, Some(Rollover), Some(Backward), None, Some(Implausible), None, Some(Reset)]
        );
        assert_eq!(RegisterTracker::new(0, 1), None);
        assert_eq!(RegisterTracker::new(65, 1), None);
    }
}
