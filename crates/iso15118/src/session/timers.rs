//! Every timer of the three generations, in one table.

use super::Generation;

macro_rules! timers {
    ($( $(#[$meta:meta])* $timer:ident: $name:literal, $din:expr, $iso2:expr, $iso20:expr; )*) => {
        /// A timer of the standards; its row says its name and how long it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Timer { $( $(#[$meta])* $timer, )* }

        impl Timer {
            /// All timers, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$timer),*];
            const COUNT: usize = Self::ALL.len();

            /// Its row.
            #[must_use]
            pub const fn info(self) -> TimerInfo {
                match self {
                    $( Self::$timer => TimerInfo { name: $name, din: $din, iso2: $iso2, iso20: $iso20 }, )*
                }
            }
        }
    };
}

/// A row of the table: milliseconds in each generation, `None` where it has no such timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimerInfo {
    /// The name in the standards.
    pub name: &'static str,
    /// DIN SPEC 70121.
    pub din: Option<u32>,
    /// ISO 15118-2.
    pub iso2: Option<u32>,
    /// ISO 15118-20.
    pub iso20: Option<u32>,
}

const fn s(seconds: u32) -> Option<u32> {
    Some(seconds * 1000)
}

const fn ms(millis: u32) -> Option<u32> {
    Some(millis)
}

timers! {
    // timer: name, DIN 70121, ISO 15118-2, ISO 15118-20
    /// Vehicle: from the start to the answer of `SessionSetup`.
    EvccCommunicationSetup: "V2G_EVCC_CommunicationSetup_Timeout", s(20), s(20), s(20);
    /// Charger: from the connection to its answer of `SessionSetup`.
    SeccCommunicationSetup: "V2G_SECC_CommunicationSetup_Performance_Time", None, s(18), None;
    /// Charger: from its response to the next request. Of -20's charge loop one implementation has 0.5 s.
    SeccSequence: "V2G_SECC_Sequence_Timeout", s(60), s(60), s(60);
    /// Vehicle: from a response to its next request; for -20 the policy of one implementation.
    EvccSequence: "V2G_EVCC_Sequence_Performance_Time", None, s(40), s(40);
    /// Vehicle: how long the charger may answer "ongoing". DIN has none; people at a terminal need more than the 60 s.
    /// It does not run while a driver seeks his place (WPT, ACDP), nor does the charger's.
    EvccOngoing: "V2G_EVCC_Ongoing_Timeout", None, s(60), s(60);
    /// Charger: how long it may answer "ongoing".
    SeccOngoing: "V2G_SECC_Ongoing_Performance_Time", None, s(55), s(55);
    /// Vehicle: how long `CableCheck` may go on.
    EvccCableCheck: "V2G_EVCC_CableCheck_Timeout", s(40), s(40), s(40);
    /// Charger: how long its cable check may take.
    SeccCableCheck: "V2G_SECC_CableCheck_Performance_Time", None, s(38), None;
    /// Vehicle: how long `PreCharge` may go on.
    EvccPreCharge: "V2G_EVCC_PreCharge_Timeout", s(7), s(7), s(10);
    /// Charger: how long its pre-charge may take. After this time, and that of the two before, the next request is refused.
    SeccPreCharge: "V2G_SECC_PreCharge_Performance_Time", None, s(5), None;
    /// Vehicle: from the answer of `SessionSetup` until energy flows; when the standard starts it is unverified.
    EvccReadyToCharge: "V2G_EVCC_ReadyToCharge_Timeout", s(150), None, None;
    /// Charger: until it sees the state of the control pilot that belongs to a request (for -2 unverified). The pilot is the
    /// host's; the engines only give the time.
    CpStateDetection: "V2G_SECC_CPState_Detection_Timeout", ms(1500), ms(1500), None;
    /// Charger: how long it keeps the pilot's oscillator after the session. The host's, as above.
    CpOscillatorRetain: "V2G_SECC_CPOscillator_Retain_Time", ms(1500), None, None;
    /// Vehicle: for a response that has no row of its own.
    Message: "V2G_EVCC_Msg_Timeout", s(2), s(2), s(2);
    /// Vehicle: `ServiceDetail`, `PaymentDetails`, `PowerDelivery`, `CertificateInstallation`, `CertificateUpdate`; in
    /// DIN and -20 `PowerDelivery` is as short as others.
    LongMessage: "V2G_EVCC_Msg_Timeout (long)", s(2), s(5), s(5);
    /// Vehicle: `CurrentDemand` and the charge loops.
    LoopMessage: "V2G_EVCC_Msg_Timeout (charge loop)", ms(250), ms(250), ms(500);
    /// Charger: from a request to its response, if that has no row of its own. These three end no session: they are
    /// [`Event::Late`](super::Event::Late).
    SeccMessage: "V2G_SECC_Msg_Performance_Time", None, ms(1500), None;
    /// Charger: from a request to a response for which it asks a backend.
    SeccBackend: "V2G_SECC_Msg_Performance_Time (backend)", None, ms(4500), None;
    /// Charger: from `CurrentDemandReq` to its response.
    SeccCurrentDemand: "V2G_SECC_Msg_Performance_Time (CurrentDemand)", None, ms(25), None;
}

/// The timers of a session: the table's, or other ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timers {
    other: [Option<u32>; Timer::COUNT],
}

impl Timers {
    /// The table's.
    pub const STANDARD: Self = Self { other: [None; Timer::COUNT] };

    /// With another length of one timer, in milliseconds.
    #[must_use]
    pub fn with(mut self, timer: Timer, millis: u32) -> Self {
        if let Some(slot) = self.other.get_mut(timer as usize) {
            *slot = Some(millis);
        }
        self
    }

    /// How long a timer is, in milliseconds; `None` if the generation has none.
    #[must_use]
    pub fn millis(&self, timer: Timer, generation: Generation) -> Option<u32> {
        let info = timer.info();
        let standard = match generation {
            Generation::Din70121 => info.din,
            Generation::Iso2 => info.iso2,
            Generation::Iso20 => info.iso20,
        };
        self.other.get(timer as usize).copied().flatten().or(standard)
    }
}
