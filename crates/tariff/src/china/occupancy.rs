//! The occupancy fee (占位费): what a place costs once charging has ended. A line of its own, not part of the service fee.

/// What becomes of a minute that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MinuteRounding {
    /// It counts.
    Up,
    /// It does not count.
    Down,
}

/// The terms of an occupancy fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OccupancyFee {
    /// Seconds that cost nothing after charging has ended.
    pub grace_seconds: u64,
    /// Price of a minute in fen.
    pub fen_per_minute: u64,
    /// Most that an order (or a day, as the contract has it) can cost in fen.
    pub cap_fen: Option<u64>,
    /// Minutes that have begun.
    pub rounding: MinuteRounding,
}

impl OccupancyFee {
    /// The fee in fen for a place that was occupied that long after charging had ended. Time in which the gun was locked by a fault of
    /// the station is for the caller to leave out. `None` on overflow.
    #[must_use]
    pub fn fee(&self, idle_seconds: u64) -> Option<u64> {
        let billed = idle_seconds.saturating_sub(self.grace_seconds);
        let minutes = match self.rounding {
            MinuteRounding::Up => billed.div_ceil(60),
            MinuteRounding::Down => billed / 60,
        };
        let fee = minutes.checked_mul(self.fen_per_minute)?;
        Some(self.cap_fen.map_or(fee, |cap| fee.min(cap)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_started_minute_counts_after_the_grace_time() {
        let terms = OccupancyFee {
            grace_seconds: 900,
            fen_per_minute: 50,
            cap_fen: Some(3_000),
            rounding: MinuteRounding::Up,
        };
        for (idle, fen) in
            [(0, 0), (900, 0), (901, 50), (960, 50), (961, 100), (2_730, 1_550), (86_400, 3_000)]
        {
            assert_eq!(terms.fee(idle), Some(fen), "{idle} s");
        }
        let down = OccupancyFee { rounding: MinuteRounding::Down, cap_fen: None, ..terms };
        assert_eq!(down.fee(959), Some(0));
        let dear = OccupancyFee { fen_per_minute: u64::MAX, ..down };
        assert_eq!(dear.fee(u64::MAX), None);
    }
}
