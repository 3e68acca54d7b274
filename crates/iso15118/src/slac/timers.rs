//! Every timer of the matching, in one table.

macro_rules! timers {
    ($( $(#[$meta:meta])* $timer:ident: $name:literal, $millis:literal; )*) => {
        /// A timer of the matching; its row says its name and how long it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum SlacTimer { $( $(#[$meta])* $timer, )* }

        impl SlacTimer {
            /// All timers, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$timer),*];
            const COUNT: usize = Self::ALL.len();

            /// The name in the standard.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$timer => $name, )* }
            }

            /// Milliseconds.
            #[must_use]
            pub const fn millis(self) -> u32 {
                match self { $( Self::$timer => $millis, )* }
            }
        }
    };
}

timers! {
    // timer: name, milliseconds
    /// Both: for the answer to a message.
    MatchResponse: "TT_match_response", 200;
    /// Charger: from one step of the matching to the next message of the vehicle.
    MatchSequence: "TT_match_sequence", 400;
    /// Vehicle: between start indications and sounds (20 to 50).
    BatchInterval: "TP_EV_batch_msg_interval", 40;
    /// Vehicle: from the first start indication on it collects results.
    AttenuationResults: "TT_EV_atten_results", 1200;
    /// Charger: from the start indication on it collects sounds.
    SoundingWindow: "TT_EVSE_match_MNBC", 600;
    /// Charger: from plugging in to the first message of a vehicle (20 to 50 s).
    Init: "TT_EVSE_SLAC_init", 50000;
    /// Charger: from its result to the vehicle's choice.
    MatchSession: "TT_EVSE_match_session", 10000;
    /// Both: until the modems have joined.
    Join: "TT_match_join", 12000;
}

/// The timers of a matching: the table's, or other ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlacTimers {
    other: [Option<u32>; SlacTimer::COUNT],
}

impl SlacTimers {
    /// The table's.
    pub const STANDARD: Self = Self { other: [None; SlacTimer::COUNT] };

    /// With another length of one timer, in milliseconds.
    #[must_use]
    pub fn with(mut self, timer: SlacTimer, millis: u32) -> Self {
        if let Some(slot) = self.other.get_mut(timer as usize) {
            *slot = Some(millis);
        }
        self
    }

    /// How long a timer is, in milliseconds.
    #[must_use]
    pub fn millis(&self, timer: SlacTimer) -> u32 {
        self.other.get(timer as usize).copied().flatten().unwrap_or(timer.millis())
    }
}
