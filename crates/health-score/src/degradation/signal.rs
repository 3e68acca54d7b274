//! The nine wear signals: one row each, with the law of growth and the end of life that progress is measured against.

/// A slow degradation that is followed over sessions.
///
/// Progress is 0 as at the end of learning and 1 at the end of life; the sources of the ends are in section 6 of the facts that
/// the crate was built from and are stated with each variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
pub enum Signal {
    /// Output capacitors: equivalent series resistance from ripple; ends at twice the first value.
    Capacitor,
    /// DC contactor: closing time; ends at 1.45 times the first value.
    Contactor,
    /// Gun contacts: temperature rise projected to rated current; ends at 50 K.
    Connector,
    /// Air flow (filter or fan): rise of the module over its inlet; ends at half of the first flow.
    Thermal,
    /// Billing meter: error against the sum of the modules; ends at 1 % either way.
    Meter,
    /// Conversion efficiency: ends 1.8 points below the first value.
    Efficiency,
    /// Insulation of the DC output: ends at 100 kohm (100 ohm/V at 1,000 V).
    Insulation,
    /// CAN bus: errors per frame; ends at 1 in 100.
    Can,
    /// Idle power without the heater; ends at 1.9 times the first value.
    Standby,
}

/// What an abrupt change of a signal's level means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepMeaning {
    /// A replaced sensor or part, or other customers: followed, never alarmed.
    Swap,
    /// Upwards a failed fan, downwards a cleaned filter.
    FanOrCleaning,
}

/// How progress grows from its onset.
#[derive(Debug)]
pub(crate) struct Shape {
    /// With this power of the time since.
    pub(crate) exponent: f64,
    /// Relative error of the law itself: what no number of sessions averages out.
    pub(crate) model_error: f64,
    /// Spread of the logarithm of lives from onset to end, before the data speak: what goes on much longer in air flow is dust.
    pub(crate) life_spread: f64,
}

pub(crate) struct Law {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// The alarm is raised when the lower bound of progress passes this.
    pub(crate) alarm: f64,
    /// Usual spread of one session about its explanation, in units of the indicator's target, before it is learned.
    pub(crate) noise: f64,
    /// What bucket means scatter beside the spread of sessions: clientele, weather, small drifts.
    pub(crate) wander: f64,
    pub(crate) two_sided: bool,
    pub(crate) step: StepMeaning,
}

/// Signals there are.
pub const SIGNALS: usize = 9;

impl Signal {
    /// All of them, in the order of the table.
    pub const ALL: [Self; SIGNALS] = [
        Self::Capacitor,
        Self::Contactor,
        Self::Connector,
        Self::Thermal,
        Self::Meter,
        Self::Efficiency,
        Self::Insulation,
        Self::Can,
        Self::Standby,
    ];

    #[rustfmt::skip]
    const TABLE: [Law; SIGNALS] = {
        use StepMeaning::{FanOrCleaning, Swap};
        #[expect(clippy::too_many_arguments, reason = "the columns of the table")]
        const fn law(
            name: &'static str, exponent: f64, alarm: f64, noise: f64, wander: f64, model_error: f64,
            life_spread: f64, two_sided: bool, step: StepMeaning,
        ) -> Law {
            let shape = Shape { exponent, model_error, life_spread };
            Law { name, shape, alarm, noise, wander, two_sided, step }
        }
        [
            //   name          exponent alarm noise  wander model  life  two-sided step
            law("capacitor",   1.0,     0.11, 0.05,   0.02,  0.01,  0.6,  false,    Swap),
            law("contactor",   1.5,     0.11, 0.03,   0.02,  0.005, 0.6,  false,    Swap),
            law("connector",   1.6,     0.12, 1.2,    0.04,  0.03,  0.6,  false,    Swap),
            law("thermal",     1.2,     0.42, 0.06,   0.04,  0.15,  0.35, false,    FanOrCleaning),
            law("meter",       1.0,     0.11, 0.003,  0.02,  0.05,  0.6,  true,     Swap),
            law("efficiency",  1.0,     0.11, 0.004,  0.03,  0.06,  0.6,  false,    Swap),
            law("insulation",  1.0,     0.11, 0.06,   0.03,  0.005, 0.6,  false,    Swap),
            law("can",         1.0,     0.11, 0.30,   0.02,  0.04,  0.6,  false,    Swap),
            law("standby",     1.0,     0.11, 0.03,   0.02,  0.0,   0.6,  false,    Swap),
        ]
    };

    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    pub(crate) fn law(self) -> &'static Law {
        #[expect(
            clippy::indexing_slicing,
            reason = "an enum of SIGNALS variants indexes SIGNALS rows"
        )]
        &Self::TABLE[self as usize]
    }

    /// The lower-case name used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.law().name
    }

    /// What the progress is measured by, for reports.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Capacitor => {
                "output ripple at equal current and temperature grows: capacitors age"
            }
            Self::Contactor => "closing time of the contactor grows: contacts and spring wear",
            Self::Connector => {
                "DC+ heats more than DC- with the square of the current: contact resistance grows"
            }
            Self::Thermal => "modules heat more at equal loss and fan speed: air flow is lost",
            Self::Meter => "billing meter departs from the sum of the modules",
            Self::Efficiency => "module energy over input energy falls at equal load",
            Self::Insulation => "insulation at equal humidity falls",
            Self::Can => "CAN errors per frame grow",
            Self::Standby => "idle power without the heater grows",
        }
    }

    /// The signal of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|signal| signal.name() == name)
    }
}

impl core::fmt::Display for Signal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}
