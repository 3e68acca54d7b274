//! Back-off between attempts to connect.

/// The device-model variables `RetryBackOff...` of 2.x; sensible for 1.6 too, which leaves this open.
///
/// Source: 2.0.1 and 2.1 part 4 section 5.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReconnectRules {
    /// `RetryBackOffWaitMinimum` in milliseconds: the first wait.
    pub wait_minimum: u64,
    /// `RetryBackOffRandomRange` in milliseconds: most that is added, anew each time.
    pub random_range: u64,
    /// `RetryBackOffRepeatTimes`: how many times the wait is doubled.
    pub repeat_times: u32,
}

/// Counts the attempts since the last connection.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reconnect {
    attempts: u32,
}

impl Reconnect {
    /// Milliseconds to wait before the next attempt. `random` is any number drawn by the caller.
    pub fn next_wait(&mut self, rules: &ReconnectRules, random: u64) -> u64 {
        let doublings = self.attempts.min(rules.repeat_times).min(63);
        self.attempts = self.attempts.saturating_add(1);
        let base = rules.wait_minimum.saturating_mul(1 << doublings);
        let range = rules.random_range.saturating_add(1);
        base.saturating_add(random.checked_rem(range).unwrap_or(random))
    }

    /// The connection stands.
    pub const fn connected(&mut self) {
        self.attempts = 0;
    }
}
