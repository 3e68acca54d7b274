//! The table of timers, counts and choices. One row is a field of [`Settings`] and an entry of [`SETTINGS`].

use crate::table::Confidence;

/// Which engine uses a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The charger.
    Charger,
    /// The BMS.
    Bms,
    /// Both.
    Both,
}

/// A row of the table, for readers and documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingInfo {
    /// Name of the field in [`Settings`].
    pub name: &'static str,
    /// Which engine uses it.
    pub side: Side,
    /// Its standard value, in milliseconds unless it is a count.
    pub standard: u32,
    /// `ms`, or `times` for a count.
    pub unit: &'static str,
    /// When it starts to run.
    pub starts: &'static str,
    /// What happens when it is over.
    pub then: &'static str,
    /// How sure it is; M are choices where the public text is silent.
    pub confidence: Confidence,
}

macro_rules! settings {
    ($( $name:ident: $side:ident, $value:literal $unit:ident, $starts:literal => $then:literal, $confidence:ident; )+) => {
        /// Timers, counts and choices of the engines; override what a field test asks for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Settings {
            $(
                #[doc = concat!($starts, " \u{2192} ", $then, ". Standard: ", stringify!($value), " ", stringify!($unit),
                    ", confidence ", stringify!($confidence), ".")]
                pub $name: u32,
            )+
            /// The transport protocol's timers.
            pub transport: crate::transport::Timing,
        }

        impl Settings {
            /// The standard's values, and the choices of this crate where it has none.
            pub const STANDARD: Self = Self {
                $( $name: $value, )+
                transport: crate::transport::Timing::STANDARD,
            };
        }

        /// Every row, for readers and documents.
        pub const SETTINGS: &[SettingInfo] = &[ $( SettingInfo {
            name: stringify!($name),
            side: Side::$side,
            standard: $value,
            unit: stringify!($unit),
            starts: $starts,
            then: $then,
            confidence: Confidence::$confidence,
        } ),+ ];
    };
}

settings! {
    // What the charger waits for.
    bhm: Charger, 5000 ms, "no BHM since the first CHM" => "insulation test at the charger's own voltage, 2011 flow", B;
    brm: Charger, 5000 ms, "no BRM since the first CRM(00)" => "CEM 1.1", A;
    bcp: Charger, 5000 ms, "no BCP since the first CRM(AA)" => "CEM 2.1", A;
    bro: Charger, 5000 ms, "no BRO since the first CML, or the last BRO(00)" => "CEM 2.3", A;
    bro_ready: Charger, 60000 ms, "no BRO(AA) since the first CML" => "CEM 2.3", A;
    bcl: Charger, 1000 ms, "no BCL since the last one, or the first CRO(AA)" => "output off, CEM 3.3", A;
    bcs: Charger, 5000 ms, "no BCS since the last one, or the first CRO(AA)" => "output off, CEM 3.1", A;
    bsm: Charger, 0 ms, "no BSM since the last one, or since charging began; 0 is never" => "CST, fault stop", M;
    bst: Charger, 5000 ms, "no BST since the first CST" => "CEM 3.5", A;
    bsd: Charger, 10000 ms, "no BSD since the first CST" => "CEM 4.1", A;
    charger_contactors: Charger, 100 ms, "current above 5 A since the stop, or since unplugging (then the host has to bring it down within 50 ms, M)" => "K1/K2 open all the same", B;
    reopen: Charger, 1250 ms, "CEM since the time-out, or silence since the BEM" => "CRM(00) again, or failed", M;
    reconnections: Charger, 3 times, "recovery since charging last was reached" => "failed", B;
    csd_repeats: Charger, 10 times, "CSD sent, one every 250 ms" => "done", M;
    // What the BMS waits for.
    crm00: Bms, 30000 ms, "no CRM(00) since the first CHM" => "BEM 1.1", A;
    crm00_without_chm: Bms, 60000 ms, "neither CHM nor CRM since waking up" => "BEM 1.1", A;
    crm_aa: Bms, 5000 ms, "no CRM(AA) since the first BRM" => "BEM 1.3", A;
    cml: Bms, 5000 ms, "no CML since the first BCP (CTS alone does not end the wait, nor is it needed)" => "BEM 2.1", A;
    cro: Bms, 5000 ms, "no CRO since the first BRO(AA), or the last CRO(00)" => "BEM 2.3", A;
    cro_ready: Bms, 60000 ms, "no CRO(AA) since the first BRO(AA)" => "BEM 2.3", A;
    ccs: Bms, 1000 ms, "no CCS since the last one, or CRO(AA)" => "contactors open, BEM 3.1", A;
    cst: Bms, 5000 ms, "no CST since the first BST" => "BEM 3.3", A;
    csd: Bms, 10000 ms, "no CSD since the first BST" => "BEM 4.1", A;
    bms_contactors: Bms, 10000 ms, "current above 5 A since the stop (300 ms to 10 s by severity)" => "K5/K6 open all the same", M;
    crm00_again: Bms, 30000 ms, "no CRM(00) since the error" => "failed", A;
    // Both.
    pause: Both, 600000 ms, "charging paused" => "stop", A;
    end_error: Both, 1250 ms, "error messages since the last deadline of the end phase" => "failed", M;
}

impl Default for Settings {
    fn default() -> Self {
        Self::STANDARD
    }
}
