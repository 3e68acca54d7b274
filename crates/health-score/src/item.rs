//! The twenty items of the white paper in four categories, and the optional extras: one row each.

use core::ops::Range;

use crate::curve::Curve;

/// The four groups of the white paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Category {
    /// Power modules (`M`).
    Modules,
    /// Components and surroundings (`E`).
    Environment,
    /// Information security (`S`).
    Security,
    /// Smart control unit (`U`).
    ControlUnit,
}

impl Category {
    /// All of them, in the order of scan and tables.
    pub const ALL: [Self; 4] =
        [Self::Modules, Self::Environment, Self::Security, Self::ControlUnit];

    /// The letter used in item ids and files.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Modules => "M",
            Self::Environment => "E",
            Self::Security => "S",
            Self::ControlUnit => "U",
        }
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    /// Default weight of the category; the four sum to 1.
    pub(crate) const fn default_weight(self) -> f64 {
        match self {
            Self::Modules => 0.35,
            Self::Environment => 0.30,
            Self::Security => 0.15,
            Self::ControlUnit => 0.20,
        }
    }
}

/// How samples of an item become the one value that its curve is read at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The newest sample stands: scans, states, and statistics that the caller has already formed over the window.
    Latest,
    /// The largest sample of the last window.
    Peak,
}

macro_rules! items {
    ($(
        $(#[doc = $doc:literal])+
        $variant:ident = $id:literal, $category:ident, weight $weight:literal, unit $unit:literal,
        period $period:literal s, half_life $half_life:literal s, $window:ident $length:literal s,
        curve $perfect:literal $warning:literal $alarm:literal $failed:literal,
        advice $advice:literal;
    )+) => {
        /// What is scored. Doc lines give meaning, unit, default levels (W warning: score 80, A alarm: 40, F failed: 0)
        /// and where these come from; `[D]` marks our own choice, `[M]` a figure from memory of a standard that could
        /// not be checked. All levels are [`crate::Parameters`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum Item {
            $( $(#[doc = $doc])+ #[doc(alias = $id)] #[cfg_attr(feature = "serde", serde(rename = $id))] $variant, )+
        }

        impl Item {
            /// Every item, the twenty first, then the extras.
            pub const ALL: [Self; ITEMS] = [ $( Self::$variant ),+ ];

            const TABLE: [Row; ITEMS] = [ $( Row {
                id: $id,
                category: Category::$category,
                weight: $weight,
                unit: $unit,
                period_s: $period,
                half_life_s: $half_life,
                window: Window::$window,
                window_s: $length,
                curve: Curve::of_table($perfect, $warning, $alarm, $failed),
                advice: $advice,
            } ),+ ];
        }
    };
}

struct Row {
    id: &'static str,
    category: Category,
    weight: f64,
    unit: &'static str,
    period_s: u32,
    half_life_s: u32,
    window: Window,
    window_s: u32,
    curve: Curve,
    advice: &'static str,
}

/// Items there are: the twenty and seven extras.
pub const ITEMS: usize = 27;
/// The items of the white paper; the extras follow them.
pub const STANDARD_ITEMS: usize = 20;

items! {
    /// Input over- or under-voltage: worst phase's deviation from the nominal line voltage (99 % quantile of one-second
    /// values over a day). Unit %. W 10, A 15, F 25: modules work from 285 to 475 V (State Grid 20 kW module).
    InputVoltage = "M1", Modules, weight 0.15, unit "%", period 60 s, half_life 180 s, Peak 86_400 s,
        curve 5.0 10.0 15.0 25.0, advice "check grid voltage, phases and terminals";
    /// Output over-current: output current over the set value (99 % quantile after the first second of a session). Unit % of
    /// the set value. W 1, A 5, F 10: set-point error at most 1 % from 30 A, start overshoot at most 5 %.
    OutputOverCurrent = "M2", Modules, weight 0.20, unit "%", period 3_600 s, half_life 10_800 s, Latest 3_600 s,
        curve 0.5 1.0 5.0 10.0, advice "calibrate the current sensor and set point";
    /// Inside temperature too high: hottest point of a module minus the start of its derating. Unit K. W -10, A 0, F +20;
    /// modules derate above 55 °C and switch off at 75 °C ambient; trip levels inside are vendor data.
    ModuleTemperature = "M3", Modules, weight 0.25, unit "K", period 10 s, half_life 30 s, Peak 300 s,
        curve -25.0 -10.0 0.0 20.0, advice "clean the filter, check fans, derate";
    /// PFC fault: share of modules with a latched PFC or DC/DC fault. Unit %. One of n is 100/n; A 34, F 67 `[D]`: what is
    /// left still charges.
    PfcFault = "M4", Modules, weight 0.25, unit "%", period 60 s, half_life 180 s, Latest 60 s,
        curve 0.0 16.0 34.0 67.0, advice "reset, isolate or replace the module";
    /// CAN bus quality poor: log10 of error frames per frame. W -4, A -3, F -2 `[D]`; CAN goes error-passive at 128 and off
    /// the bus at 256 counts `[M]`.
    CanQuality = "M5", Modules, weight 0.15, unit "log10", period 60 s, half_life 180 s, Latest 3_600 s,
        curve -4.5 -4.0 -3.0 -2.0, advice "check terminators, shield and connectors of the bus";
    /// Filter cleaning reminder: estimated loss of air flow. Unit %. W 20, A 35, F 50 `[D]`.
    Filter = "E1", Environment, weight 0.20, unit "%", period 86_400 s, half_life 259_200 s, Latest 86_400 s,
        curve 10.0 20.0 35.0 50.0, advice "clean or replace the filter";
    /// Temperature inside the charger abnormal: inside air over outside air at rated power. Unit K. W 15, A 25, F 35 `[D]`.
    /// For the condensation margin (W 3, A 1, F 0 K) feed [`crate::environment::condensation_as_inside_rise`], for the
    /// connector (W 40, A 50, F 60 K) use [`Item::Connector`].
    CabinetTemperature = "E2", Environment, weight 0.25, unit "K", period 10 s, half_life 30 s, Peak 300 s,
        curve 10.0 15.0 25.0 35.0, advice "check cabinet fans, filter and seals";
    /// Large metering error: magnitude of the estimated error over the class of the charger. Unit 1 (error / class).
    /// W 0.5, A 1, F 2; class 1 or 2 % of the whole charger (JJG 1149-2022, class values `[M]`).
    MeterError = "E3", Environment, weight 0.25, unit "x class", period 604_800 s, half_life 7_776_000 s, Latest 604_800 s,
        curve 0.2 0.5 1.0 2.0, advice "verify the meter; stop billing beyond the class";
    /// Conversion efficiency falling: shortfall against the type value at half load and more. Unit percentage points.
    /// W 1, A 2, F 4 `[M, NB/T 33001: at least 95 %]`.
    Efficiency = "E4", Environment, weight 0.20, unit "points", period 604_800 s, half_life 1_814_400 s, Latest 604_800 s,
        curve 0.5 1.0 2.0 4.0, advice "check modules, capacitors first";
    /// Standby power too high: idle power over its allowance of 0.12 % of rated power + 20 W. Unit 1. W 1, A 1.5, F 2.5.
    StandbyPower = "E5", Environment, weight 0.10, unit "x allowance", period 86_400 s, half_life 259_200 s, Latest 86_400 s,
        curve 0.8 1.0 1.5 2.5, advice "find the load that does not sleep";
    /// Root of trust: 0 measured boot passed, 1 key not held in hardware, 2 not measured, 3 failed `[D]`.
    RootOfTrust = "S1", Security, weight 0.25, unit "level", period 604_800 s, half_life 604_800 s, Latest 604_800 s,
        curve 0.0 1.0 2.0 3.0, advice "re-provision the boot chain";
    /// Communication encryption, worst link: 0 mutual TLS 1.2+, 1 server-only TLS, 2 old TLS, weak suite or certificate under
    /// 14 days, 3 expired or plain (OCPP security profiles 3, 2, 1 `[M]`).
    Encryption = "S2", Security, weight 0.20, unit "level", period 86_400 s, half_life 604_800 s, Latest 86_400 s,
        curve 0.0 1.0 2.0 3.0, advice "renew certificates, raise the security profile";
    /// Services and vulnerabilities: worst CVSS of open services outside the allow list and of the component list.
    /// W 4, A 7, F 9 (CVSS bands).
    Vulnerabilities = "S3", Security, weight 0.20, unit "CVSS", period 604_800 s, half_life 604_800 s, Latest 604_800 s,
        curve 0.0 4.0 7.0 9.0, advice "close the service or update the component";
    /// Malicious code: binaries or configurations with a wrong hash, unknown processes. Unit count; any one scores 0 and is
    /// reported as a veto of its own, see [`crate::Veto::SAFETY`].
    MaliciousCode = "S4", Security, weight 0.20, unit "count", period 86_400 s, half_life 604_800 s, Latest 86_400 s,
        curve 0.0 0.2 0.6 1.0, advice "isolate from the network, re-image";
    /// Passwords: 0 strong, 1 older than 180 days, 2 short or of one class, 3 default or empty `[D]`.
    Passwords = "S5", Security, weight 0.10, unit "level", period 604_800 s, half_life 604_800 s, Latest 604_800 s,
        curve 0.0 1.0 2.0 3.0, advice "set strong passwords";
    /// Software version: days behind the newest approved release; 365 when withdrawn. W 30, A 90, F 365 `[D]`.
    SoftwareVersion = "S6", Security, weight 0.05, unit "d", period 86_400 s, half_life 604_800 s, Latest 86_400 s,
        curve 7.0 30.0 90.0 365.0, advice "update the software";
    /// Resources: largest of processor and memory (95 % quantile) and flash in use. Unit %. W 75, A 90, F 99 `[D]`.
    Resources = "U1", ControlUnit, weight 0.20, unit "%", period 60 s, half_life 180 s, Latest 3_600 s,
        curve 60.0 75.0 90.0 99.0, advice "clear logs, find the leaking process";
    /// Board temperature. Unit °C. W 70, A 80, F 95: industrial parts end at 85 °C.
    BoardTemperature = "U2", ControlUnit, weight 0.30, unit "°C", period 10 s, half_life 30 s, Peak 300 s,
        curve 60.0 70.0 80.0 95.0, advice "check cooling of the controller";
    /// Abnormal starts (watchdog, brown-out, panic) in 30 days. Unit count. W 2, A 5, F 15 `[D]`.
    AbnormalStarts = "U3", ControlUnit, weight 0.25, unit "count", period 86_400 s, half_life 604_800 s, Latest 2_592_000 s,
        curve 0.0 2.0 5.0 15.0, advice "read the reset causes, check the auxiliary supply";
    /// Interface circuits: worst self-test (relay readback, CP/CC level, ADC reference, RS-485 time-outs). Unit % of tests
    /// failed. W 1, A 5, F 20 `[D]`.
    Interfaces = "U4", ControlUnit, weight 0.25, unit "%", period 86_400 s, half_life 259_200 s, Latest 86_400 s,
        curve 0.1 1.0 5.0 20.0, advice "check the failing interface's wiring, then the board";

    /// Extra: insulation of the DC output, shortfall of log10(ohm/V) below 3. 100 ohm/V (1.0) is the limit, 500 ohm/V warns
    /// (GB/T 18487.1 `[M]`).
    Insulation = "X1", Environment, weight 0.0, unit "log10", period 86_400 s, half_life 259_200 s, Latest 86_400 s,
        curve 0.0 0.3 0.7 1.0, advice "locate the leakage: cable, connector, sealing";
    /// Extra: progress of DC contactor wear to its end of life. Unit 1.
    Contactor = "X2", ControlUnit, weight 0.0, unit "progress", period 604_800 s, half_life 1_814_400 s, Latest 604_800 s,
        curve 0.2 0.5 0.8 1.0, advice "replace the DC contactor";
    /// Extra: temperature rise of the gun contacts projected to rated current. Unit K. W 40, A 50, F 60 (GB/T 20234.1,
    /// IEC 62196-1: 50 K; one test house states 45 K).
    Connector = "X3", Environment, weight 0.0, unit "K", period 604_800 s, half_life 1_814_400 s, Latest 604_800 s,
        curve 30.0 40.0 50.0 60.0, advice "clean or replace the gun contacts";
    /// Extra: progress of the output capacitors to their end of life. Unit 1.
    Capacitor = "X4", Modules, weight 0.0, unit "progress", period 604_800 s, half_life 1_814_400 s, Latest 604_800 s,
        curve 0.2 0.5 0.8 1.0, advice "replace the module or its capacitors";
    /// Extra: shortfall of delivered over requested power. Unit % `[D]`.
    DeliveredPower = "X5", Modules, weight 0.0, unit "%", period 604_800 s, half_life 1_814_400 s, Latest 604_800 s,
        curve 2.0 5.0 15.0 40.0, advice "look for derated or missing modules";
    /// Extra: time not online. Unit %. W 3: the US programme asks for 97 %.
    Downtime = "X6", ControlUnit, weight 0.0, unit "%", period 86_400 s, half_life 259_200 s, Latest 2_592_000 s,
        curve 1.0 3.0 10.0 30.0, advice "check network and supply";
    /// Extra: sessions that failed. Unit % `[D]`; 17 % and 23 % were seen on two Californian networks.
    FailedSessions = "X7", ControlUnit, weight 0.0, unit "%", period 86_400 s, half_life 604_800 s, Latest 2_592_000 s,
        curve 2.0 5.0 20.0 50.0, advice "join fault codes with session results";
}

const _: () = assert!(Item::ALL.len() == ITEMS);

impl Item {
    const fn row(self) -> &'static Row {
        // The table has a row for every variant, in the order of the variants.
        #[expect(clippy::indexing_slicing, reason = "an enum of ITEMS variants indexes ITEMS rows")]
        &Self::TABLE[self as usize]
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    /// Where the standard items of each category lie among [`Self::ALL`], in the order of [`Category::ALL`].
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    pub(crate) const STANDARD_RANGES: [Range<usize>; 4] = {
        let mut ends = [0; 5];
        let mut at = 0;
        while at < STANDARD_ITEMS {
            ends[Self::TABLE[at].category as usize + 1] = at + 1;
            at += 1;
        }
        [ends[0]..ends[1], ends[1]..ends[2], ends[2]..ends[3], ends[3]..ends[4]]
    };

    /// Indices of the extras and of their categories.
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    pub(crate) const EXTRAS: [(usize, usize); ITEMS - STANDARD_ITEMS] = {
        let mut extras = [(0, 0); ITEMS - STANDARD_ITEMS];
        let mut at = STANDARD_ITEMS;
        while at < ITEMS {
            extras[at - STANDARD_ITEMS] = (at, Self::TABLE[at].category as usize);
            at += 1;
        }
        extras
    };

    /// The id in tables and files, such as `M3`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.row().id
    }

    /// The item of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.id() == id)
    }

    /// The group it belongs to.
    #[must_use]
    pub const fn category(self) -> Category {
        self.row().category
    }

    /// Whether it is one of the twenty.
    #[must_use]
    pub const fn is_standard(self) -> bool {
        self.index() < STANDARD_ITEMS
    }

    /// The unit of the measured quantity.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        self.row().unit
    }

    /// Default weight inside its category.
    pub(crate) const fn default_weight(self) -> f64 {
        self.row().weight
    }

    /// Default curve.
    pub(crate) fn default_curve(self) -> Curve {
        self.row().curve
    }

    /// How often a sample is expected, in seconds.
    #[must_use]
    pub const fn period_s(self) -> u32 {
        self.row().period_s
    }

    /// Age in seconds at which confidence has halved: three periods for live items, 7 days for scans, 90 days for
    /// calibrations.
    #[must_use]
    pub const fn half_life_s(self) -> u32 {
        self.row().half_life_s
    }

    /// How samples become one value.
    #[must_use]
    pub const fn window(self) -> Window {
        self.row().window
    }

    /// Length of the window in seconds.
    #[must_use]
    pub const fn window_s(self) -> u32 {
        self.row().window_s
    }

    /// What to do about lost points.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        self.row().advice
    }
}

impl core::fmt::Display for Item {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_right() {
        for (index, item) in Item::ALL.into_iter().enumerate() {
            assert_eq!(item.index(), index);
            assert_eq!(Item::from_id(item.id()), Some(item));
            let points: [(f32, f32); 4] =
                core::array::from_fn(|i| item.default_curve().points().nth(i).unwrap());
            assert!(Curve::new(&points).is_ok(), "{item}");
            assert_eq!(item.is_standard(), item.default_weight() > 0.0);
            if item.is_standard() {
                assert!(item.id().starts_with(item.category().letter()));
            }
        }
        for category in Category::ALL {
            let sum: f64 = Item::ALL
                .iter()
                .filter(|item| item.category() == category)
                .map(|item| item.default_weight())
                .sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn curves_meet_the_levels_of_the_table() {
        let phase = Item::InputVoltage.default_curve();
        for (x, score) in [(10.0, 80.0), (15.0, 40.0), (25.0, 0.0), (99.0, 0.0), (0.0, 100.0)] {
            assert!((phase.score(x) - score).abs() < 1e-9);
        }
        assert!((Item::ModuleTemperature.default_curve().score(10.0) - 20.0).abs() < 1e-9);
        assert_eq!(Item::BoardTemperature.default_curve().level(40.0), Some(80.0));
    }
}
