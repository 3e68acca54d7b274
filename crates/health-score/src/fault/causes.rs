//! Root causes: one row each, with all that follows from them. Codes of any list only name a cause.

use super::{Cause, Party, Remote, Skill};
use crate::anomaly::Severity;
use crate::item::Item;

macro_rules! causes {
    ($( $name:ident = $key:literal, $severity:ident, $cap:literal, $party:ident, $remote:ident, $skill:ident,
        $action:literal, $spare:literal, $item:expr; )+) => {
        $(
            #[doc = concat!("Root cause `", $key, "`: ", $action, ".")]
            pub const $name: Cause = Cause {
                key: $key,
                item: $item,
                severity: Severity::$severity,
                cap: $cap,
                party: Party::$party,
                remote: Remote::$remote,
                action: $action,
                spare: $spare,
                skill: Skill::$skill,
            };
        )+

        /// Every built-in cause.
        pub const ALL: &[Cause] = &[ $( $name ),+ ];
    };
}

use Item::{
    AbnormalStarts, CabinetTemperature, CanQuality, Filter, InputVoltage, Interfaces, MeterError,
    ModuleTemperature, OutputOverCurrent, PfcFault, Resources, RootOfTrust,
};

// One row a line, so that it can be read as a table.
#[rustfmt::skip]
causes! {
    // name                key                  severity      cap  party     remote        skill         action                                                  spare, item
    NORMAL =              "normal",            None,         100, User,     NotNeeded,    None,         "none",                                                 "", None;
    LOCK =                "lock",              OutOfService,  59, Station,  Retry,        Electrician,  "retry lock drive, then replace",                       "electronic lock", Some(Interfaces);
    BMS_COMM =            "bms_comm",          Notice,       100, Vehicle,  Retry,        DcTechnician, "retry; charger suspect only if several vehicle models fail", "CAN harness", None;
    GROUND =              "ground",            Safety,        20, Unknown,  Retry,        Electrician,  "check PE and RCD, retry once",                         "RCD", Some(Interfaces);
    CAB_TEMP =            "cab_temp",          Degraded,      80, Station,  SelfClearing, Cleaner,      "derate, check fans and filter",                        "cabinet fan", Some(CabinetTemperature);
    INTERNAL =            "internal",          OutOfService,  59, Station,  Reset,        Remote,       "reset, collect log, OTA",                              "control board", Some(AbnormalStarts);
    AUTH =                "auth",              Notice,       100, Platform, Configure,    Remote,       "resynchronise list",                                   "", None;
    OTHER =               "other",             Degraded,      80, Unknown,  Reset,        Remote,       "collect vendor code",                                  "", None;
    OUTPUT_OC =           "output_oc",         Safety,        39, Station,  Reset,        DcTechnician, "stop, verify current sensor",                          "current sensor", Some(Interfaces);
    AC_INPUT =            "ac_input",          Degraded,      80, Grid,     SelfClearing, Electrician,  "wait, log grid quality; dispatch when repeated",       "", Some(InputVoltage);
    METER =               "meter",             OutOfService,  59, Station,  Reset,        Metering,     "restart meter bus; stop billing when unresolved",      "meter", Some(MeterError);
    DC_CONTACTOR_OPEN =   "dc_contactor_open", OutOfService,  39, Station,  Retry,        DcTechnician, "one retry, then replace",                              "DC contactor", Some(Interfaces);
    READER =              "reader",            Notice,        90, Station,  Reset,        Electrician,  "restart reader, offer app payment",                    "card reader", Some(Interfaces);
    RESET_FAIL =          "reset_fail",        OutOfService,  59, Station,  Configure,    Electrician,  "power cycle through backup channel",                   "control board", Some(AbnormalStarts);
    WEAK_SIGNAL =         "weak_signal",       Notice,        90, Platform, Configure,    Electrician,  "switch operator/antenna",                              "modem, antenna", None;
    OUTPUT_OV =           "output_ov",         Safety,        39, Station,  Reset,        DcTechnician, "stop, verify against BMS, calibrate",                  "control board", Some(Interfaces);
    EMERGENCY_STOP =      "emergency_stop",    OutOfService,  59, Site,     OnSite,       Anyone,       "check scene, release button",                          "", None;
    BMS_DATA =            "bms_data",          Degraded,     100, Vehicle,  OnSite,       None,         "stop session, inform driver",                          "", None;
    INSULATION =          "insulation",        Safety,        20, Unknown,  Retry,        DcTechnician, "retry with another vehicle; locate leakage",           "cable or IMD", Some(Interfaces);
    PILOT =               "pilot",             Degraded,      80, Unknown,  Retry,        DcTechnician, "re-plug; check CP/CC circuit when repeated across vehicles", "control board", Some(Interfaces);
    POWER_LOSS =          "power_loss",        Degraded,      80, Grid,     SelfClearing, Electrician,  "wait for supply",                                      "", Some(InputVoltage);
    BATTERY =             "battery",           OutOfService, 100, Vehicle,  OnSite,       None,         "stop session, inform driver and vehicle maker",        "", None;
    DC_CONTACTOR_WELD =   "dc_contactor_weld", Safety,         0, Station,  OnSite,       DcTechnician, "stop service, replace",                                "DC contactor", Some(Interfaces);
    GUN_TEMP_DERATE =     "gun_temp_derate",   Degraded,      80, Station,  SelfClearing, DcTechnician, "derate, inspect contacts",                             "connector", Some(CabinetTemperature);
    GUN_TEMP =            "gun_temp",          Safety,        39, Station,  OnSite,       DcTechnician, "stop, inspect contacts before reuse",                  "connector/cable", Some(CabinetTemperature);
    PLUG =                "plug",              Notice,       100, User,     OnSite,       Anyone,       "re-plug firmly",                                       "", None;
    LATCH =               "latch",             OutOfService,  59, Station,  OnSite,       Electrician,  "replace connector",                                    "connector", Some(Interfaces);
    CABLE =               "cable",             Safety,         0, Site,     OnSite,       DcTechnician, "isolate supply, replace cable",                        "cable assembly", Some(Interfaces);
    TCU =                 "tcu",               OutOfService,  59, Station,  Reset,        Remote,       "restart, then reload firmware",                        "billing unit", Some(AbnormalStarts);
    COMM_INTERNAL =       "comm_internal",     Degraded,      80, Station,  Reset,        Electrician,  "restart controllers, check harness",                   "harness", Some(AbnormalStarts);
    DOOR =                "door",              OutOfService,  59, Site,     OnSite,       Anyone,       "close and lock cabinet",                               "lock/limit switch", Some(CabinetTemperature);
    SPD =                 "spd",               Degraded,      80, Station,  OnSite,       Electrician,  "replace arrester cartridge",                           "surge arrester", Some(CabinetTemperature);
    SMOKE =               "smoke",             Safety,         0, Station,  OnSite,       Electrician,  "isolate supply, inspect",                              "smoke sensor", Some(CabinetTemperature);
    AC_BREAKER =          "ac_breaker",        OutOfService,  59, Station,  OnSite,       Electrician,  "find trip cause, reset on site",                       "breaker", Some(InputVoltage);
    AC_CONTACTOR =        "ac_contactor",      OutOfService,  39, Station,  OnSite,       Electrician,  "replace contactor",                                    "AC contactor", Some(Interfaces);
    FUSE =                "fuse",              OutOfService,  39, Station,  OnSite,       DcTechnician, "find short, replace",                                  "DC fuse", Some(Interfaces);
    PARALLEL_CONTACTOR =  "parallel_contactor", OutOfService,  39, Station,  OnSite,       DcTechnician, "disable power sharing, replace",                       "parallel contactor", Some(Interfaces);
    BLEEDER =             "bleeder",           OutOfService,  39, Station,  OnSite,       DcTechnician, "replace discharge unit",                               "bleeder resistor/contactor", Some(Interfaces);
    AUX_SUPPLY =          "aux_supply",        OutOfService,  39, Station,  Reset,        Electrician,  "reset, then replace",                                  "12/24 V supply", Some(Interfaces);
    MODULE =              "module",            OutOfService,  59, Station,  Reset,        DcTechnician, "reset module, isolate it, run derated",                "power module", Some(PfcFault);
    OUTPUT_UV =           "output_uv",         Degraded,      80, Station,  Reset,        DcTechnician, "check modules",                                        "power module", Some(PfcFault);
    MODULE_SHORT =        "module_short",      Safety,        39, Station,  OnSite,       DcTechnician, "isolate module",                                       "power module", Some(OutputOverCurrent);
    REVERSE =             "reverse",           Safety,        20, Vehicle,  OnSite,       DcTechnician, "refuse session, report",                               "", Some(Interfaces);
    HOLSTER =             "holster",           Notice,       100, User,     OnSite,       Anyone,       "ask user to hang connector",                           "", None;
    LOG_FULL =            "log_full",          Notice,        90, Station,  Configure,    Remote,       "upload and clear records",                             "", Some(Resources);
    MODULE_FAN =          "module_fan",        Degraded,      80, Station,  OnSite,       DcTechnician, "derate, replace fan",                                  "module fan", Some(ModuleTemperature);
    MODULE_TEMP =         "module_temp",       Degraded,      80, Station,  SelfClearing, Cleaner,      "derate, clean filter",                                 "filter, fan", Some(ModuleTemperature);
    MODULE_IN =           "module_in",         Degraded,      80, Grid,     SelfClearing, Electrician,  "wait for supply; check phase",                         "", Some(InputVoltage);
    MODULE_OC =           "module_oc",         OutOfService,  59, Station,  Reset,        DcTechnician, "reset once, isolate module",                           "power module", Some(OutputOverCurrent);
    MODULE_COMM =         "module_comm",       Degraded,      80, Station,  Reset,        DcTechnician, "restart bus, check terminator/address",                "CAN harness", Some(CanQuality);
    CAB_FAN =             "cab_fan",           Degraded,      80, Station,  OnSite,       Electrician,  "replace fan",                                          "cabinet fan", Some(Filter);
    ESAM =                "esam",              OutOfService,  59, Station,  Reset,        Remote,       "re-provision secure element",                          "secure element", Some(RootOfTrust);
    PE =                  "pe",                Safety,         0, Site,     OnSite,       Electrician,  "repair protective earth",                              "", Some(Interfaces);
    TILT =                "tilt",              Safety,        20, Site,     OnSite,       Electrician,  "isolate supply, inspect foundation",                   "", Some(CabinetTemperature);
    WATER =               "water",             Safety,        20, Station,  OnSite,       Electrician,  "isolate supply, inspect sealing",                      "seals", Some(CabinetTemperature);
}
