//! Code lists: code, name and root cause, a row each.

use super::causes::*;
use super::{Code, List};

macro_rules! lists {
    ($( $(#[$doc:meta])+ $list:ident = { $( $code:literal, $name:literal, $cause:ident $(, from $memory:ident)?; )+ } )+) => {
        $(
            $(#[$doc])+
            #[rustfmt::skip]
            pub const $list: &[Code<'static>] = &[ $( Code {
                code: $code,
                name: $name,
                cause: &$cause,
                verified: !lists!(@from $($memory)?),
            } ),+ ];
        )+
    };
    (@from memory) => { true };
    (@from) => { false };
}

// One row a line, so that it can be read against the list it is taken from.
#[rustfmt::skip]
lists! {
    /// OCPP 1.6 `ChargePointErrorCode`, all sixteen.
    OCPP_1_6 = {
        "NoError",                   "NoError",                                                     NORMAL;
        "ConnectorLockFailure",      "ConnectorLockFailure",                                        LOCK;
        "EVCommunicationError",      "EVCommunicationError",                                        BMS_COMM;
        "GroundFailure",             "GroundFailure",                                               GROUND;
        "HighTemperature",           "HighTemperature",                                             CAB_TEMP;
        "InternalError",             "InternalError",                                               INTERNAL;
        "LocalListConflict",         "LocalListConflict",                                           AUTH;
        "OtherError",                "OtherError",                                                  OTHER;
        "OverCurrentFailure",        "OverCurrentFailure",                                          OUTPUT_OC;
        "OverVoltage",               "OverVoltage",                                                 AC_INPUT;
        "PowerMeterFailure",         "PowerMeterFailure",                                           METER;
        "PowerSwitchFailure",        "PowerSwitchFailure",                                          DC_CONTACTOR_OPEN;
        "ReaderFailure",             "ReaderFailure",                                               READER;
        "ResetFailure",              "ResetFailure",                                                RESET_FAIL;
        "UnderVoltage",              "UnderVoltage",                                                AC_INPUT;
        "WeakSignal",                "WeakSignal",                                                  WEAK_SIGNAL;
    }
    /// ChargeX minimum required error codes, sent as OCPP `vendorErrorCode` under the vendor id of ChargeX.
    CHARGEX = {
        "CX001",                     "connector lock failure",                                      LOCK;
        "CX002",                     "ground failure",                                              GROUND;
        "CX003",                     "high temperature, derating",                                  CAB_TEMP;
        "CX004",                     "over-current",                                                OUTPUT_OC;
        "CX005",                     "over-voltage",                                                OUTPUT_OV;
        "CX006",                     "under-voltage",                                               AC_INPUT;
        "CX007",                     "weak signal",                                                 WEAK_SIGNAL, from memory;
        "CX008",                     "emergency stop",                                              EMERGENCY_STOP;
        "CX009",                     "authorisation timeout",                                       AUTH;
        "CX010",                     "invalid vehicle mode",                                        BMS_DATA;
        "CX011",                     "cable check / insulation self-test failed",                   INSULATION;
        "CX012",                     "pre-charge failed",                                           DC_CONTACTOR_OPEN, from memory;
        "CX013",                     "no internet",                                                 WEAK_SIGNAL, from memory;
        "CX014",                     "control pilot out of range",                                  PILOT;
        "CX015",                     "mains power loss",                                            POWER_LOSS;
        "CX016",                     "vehicle contactor fault",                                     BATTERY, from memory;
        "CX017",                     "charger contactor open/close/weld fault",                     DC_CONTACTOR_WELD;
        "CX018",                     "cable temperature, derated",                                  GUN_TEMP_DERATE;
        "CX019",                     "cable temperature, stopped",                                  GUN_TEMP;
        "CX020",                     "partial insertion",                                           PLUG;
        "CX021",                     "capacitance fault",                                           INSULATION, from memory;
        "CX022",                     "insulation resistance low while charging",                    INSULATION;
        "CX023",                     "proximity voltage out of range",                              PILOT;
        "CX024",                     "connector voltage high while idle",                           DC_CONTACTOR_WELD;
        "CX025",                     "broken latch",                                                LATCH;
        "CX026",                     "cut cable",                                                   CABLE;
    }
    /// State Grid stop reasons; the prefix 02 is the stop-complete frame.
    SGCC_STOP = {
        "02-01",                     "billing unit stopped normally",                               NORMAL;
        "02-02",                     "billing unit fault",                                          TCU;
        "02-03",                     "billing unit judged controller faulty",                       INTERNAL;
        "02-04",                     "start-complete acknowledge timeout",                          COMM_INTERNAL;
        "02-05",                     "control pilot fault while charging",                          PILOT;
        "02-06",                     "controller-billing unit timeout",                             COMM_INTERNAL;
        "02-07",                     "pause timeout",                                               BMS_COMM;
        "02-08",                     "emergency stop",                                              EMERGENCY_STOP;
        "02-09",                     "cabinet door",                                                DOOR;
        "02-0A",                     "surge arrester",                                              SPD;
        "02-0B",                     "smoke",                                                       SMOKE;
        "02-0C",                     "AC input breaker",                                            AC_BREAKER;
        "02-0D",                     "AC input contactor fails to act",                             AC_CONTACTOR;
        "02-0E",                     "AC input contactor welded",                                   AC_CONTACTOR;
        "02-0F",                     "AC input over/under-voltage, phase loss, over-current",       AC_INPUT;
        "02-10",                     "charger over-temperature",                                    CAB_TEMP;
        "02-11",                     "connector over-temperature",                                  GUN_TEMP;
        "02-12",                     "electronic lock",                                             LOCK;
        "02-13",                     "DC output contactor fails to act",                            DC_CONTACTOR_OPEN;
        "02-14",                     "DC output contactor welded",                                  DC_CONTACTOR_WELD;
        "02-15",                     "DC output fuse",                                              FUSE;
        "02-16",                     "parallel contactor fails to act",                             PARALLEL_CONTACTOR;
        "02-17",                     "parallel contactor welded",                                   PARALLEL_CONTACTOR;
        "02-18",                     "discharge circuit",                                           BLEEDER;
        "02-19",                     "auxiliary supply",                                            AUX_SUPPLY;
        "02-1A",                     "power module",                                                MODULE;
        "02-1B",                     "DC output over-voltage",                                      OUTPUT_OV;
        "02-1C",                     "DC output under-voltage",                                     OUTPUT_UV;
        "02-1D",                     "DC output over-current",                                      OUTPUT_OC;
        "02-1E",                     "DC output short circuit",                                     MODULE_SHORT;
        "02-1F",                     "BCL timeout",                                                 BMS_COMM;
        "02-20",                     "BCS timeout",                                                 BMS_COMM;
        "02-21",                     "BSM timeout",                                                 BMS_COMM;
        "02-22",                     "BSM cell over-voltage",                                       BATTERY;
        "02-23",                     "BSM cell under-voltage",                                      BATTERY;
        "02-24",                     "BSM SOC too high",                                            BMS_DATA;
        "02-25",                     "BSM SOC too low",                                             BMS_DATA;
        "02-26",                     "BSM charging over-current",                                   BATTERY;
        "02-27",                     "BSM battery over-temperature",                                BATTERY;
        "02-28",                     "BSM insulation abnormal",                                     INSULATION;
        "02-29",                     "BSM connector state abnormal",                                PLUG;
        "02-2A",                     "BMS normal end",                                              NORMAL;
        "02-2B",                     "BMS abnormal end",                                            BMS_DATA;
        "02-2C",                     "charger judged other BMS fault",                              BMS_DATA;
        "02-2D",                     "other charger fault",                                         OTHER;
    }
    /// State Grid fault numbers of DC chargers.
    SGCC_DC = {
        "0",                         "BMS communication",                                           BMS_COMM;
        "1",                         "DC bus over-voltage",                                         OUTPUT_OV;
        "2",                         "DC bus under-voltage",                                        OUTPUT_UV;
        "3",                         "battery over-current",                                        OUTPUT_OC;
        "4",                         "battery sampling point over-temperature",                     BATTERY;
        "5",                         "emergency stop",                                              EMERGENCY_STOP;
        "6",                         "card reader communication",                                   READER;
        "7",                         "meter abnormal",                                              METER;
        "8",                         "insulation monitor",                                          INSULATION;
        "9",                         "battery reversed",                                            REVERSE;
        "10",                        "surge arrester",                                              SPD;
        "11",                        "connector not returned",                                      HOLSTER;
        "12",                        "cabinet over-temperature",                                    CAB_TEMP;
        "13",                        "smoke",                                                       SMOKE;
        "14",                        "transaction log full",                                        LOG_FULL;
        "15",                        "parallel contactor",                                          PARALLEL_CONTACTOR;
        "16",                        "power module fault",                                          MODULE;
        "17",                        "power module fan",                                            MODULE_FAN;
        "18",                        "power module over-temperature",                               MODULE_TEMP;
        "19",                        "power module AC input",                                       MODULE_IN;
        "20",                        "power module output short",                                   MODULE_SHORT;
        "21",                        "power module output over-current",                            MODULE_OC;
        "22",                        "power module output over-voltage",                            MODULE;
        "23",                        "power module output under-voltage",                           MODULE;
        "24",                        "power module input over-voltage",                             MODULE_IN;
        "25",                        "power module input under-voltage",                            MODULE_IN;
        "26",                        "power module input phase loss",                               MODULE_IN;
        "27",                        "power module communication",                                  MODULE_COMM;
        "28",                        "control pilot alarm while charging",                          PILOT;
        "29",                        "AC breaker",                                                  AC_BREAKER;
        "30",                        "DC bus over-current",                                         OUTPUT_OC;
        "31",                        "DC bus fuse",                                                 FUSE;
        "32",                        "input over-voltage",                                          AC_INPUT;
        "33",                        "input under-voltage",                                         AC_INPUT;
        "34",                        "electronic lock",                                             LOCK;
        "35",                        "charger fan",                                                 CAB_FAN;
        "36",                        "connector over-temperature",                                  GUN_TEMP;
        "37",                        "other charger fault",                                         OTHER;
        "38",                        "other billing unit fault",                                    TCU;
        "39",                        "inter-board communication",                                   COMM_INTERNAL;
        "40",                        "secure element",                                              ESAM;
    }
    /// State Grid fault numbers of AC chargers.
    SGCC_AC = {
        "0",                         "surge arrester",                                              SPD;
        "1",                         "over-temperature",                                            CAB_TEMP;
        "2",                         "connector not returned",                                      HOLSTER;
        "3",                         "control pilot alarm while charging",                          PILOT;
        "4",                         "meter abnormal",                                              METER;
        "5",                         "card reader communication",                                   READER;
        "6",                         "emergency stop",                                              EMERGENCY_STOP;
        "7",                         "AC contactor",                                                AC_CONTACTOR;
        "8",                         "transaction log full",                                        LOG_FULL;
        "9",                         "AC output over-current alarm",                                OUTPUT_OC;
        "10",                        "AC input over-voltage",                                       AC_INPUT;
        "11",                        "AC input under-voltage",                                      AC_INPUT;
        "12",                        "electronic lock",                                             LOCK;
        "13",                        "connector over-temperature",                                  GUN_TEMP;
        "14",                        "PE broken",                                                   PE;
        "15",                        "AC over-current protection tripped",                          OUTPUT_OC;
        "16",                        "other charger fault",                                         OTHER;
        "17",                        "other billing unit fault",                                    TCU;
        "18",                        "inter-board communication",                                   COMM_INTERNAL;
        "19",                        "secure element",                                              ESAM;
        "20",                        "billing unit to controller",                                  COMM_INTERNAL;
        "21",                        "AC breaker",                                                  AC_BREAKER;
    }
    /// EVerest errors of `power_supply_DC`.
    EVEREST_POWER_SUPPLY = {
        "CommunicationFault",        "CommunicationFault",                                          MODULE_COMM;
        "HardwareFault",             "HardwareFault",                                               MODULE;
        "OverTemperature",           "OverTemperature",                                             MODULE_TEMP;
        "UnderTemperature",          "UnderTemperature",                                            MODULE_TEMP;
        "UnderVoltageAC",            "UnderVoltageAC",                                              MODULE_IN;
        "OverVoltageAC",             "OverVoltageAC",                                               MODULE_IN;
        "UnderVoltageDC",            "UnderVoltageDC",                                              OUTPUT_UV;
        "OverVoltageDC",             "OverVoltageDC",                                               OUTPUT_OV;
        "OverCurrentAC",             "OverCurrentAC",                                               MODULE_OC;
        "OverCurrentDC",             "OverCurrentDC",                                               OUTPUT_OC;
    }
    /// EVerest errors of `evse_board_support`.
    EVEREST_BOARD = {
        "DiodeFault",                "DiodeFault",                                                  PILOT;
        "BrownOut",                  "BrownOut",                                                    AUX_SUPPLY;
        "PermanentFault",            "PermanentFault",                                              INTERNAL;
        "TiltDetected",              "TiltDetected",                                                TILT;
        "WaterIngressDetected",      "WaterIngressDetected",                                        WATER;
        "EnclosureOpen",             "EnclosureOpen",                                               DOOR;
    }
    /// OCPP 2.x: `Component/Variable` whose value is `true`. Names from memory of the appendix of OCPP 2.0.1.
    OCPP_2 = {
        "AcDcConverter/Problem",                     "converter problem",                     MODULE, from memory;
        "AcDcConverter/Overload",                    "converter overloaded",                  MODULE_OC, from memory;
        "AcDcConverter/Tripped",                     "converter tripped",                     MODULE, from memory;
        "AuthCtrlr/Problem",                         "authorisation",                         AUTH, from memory;
        "ChargingStation/Problem",                   "whole station",                         OTHER, from memory;
        "Connector/Problem",                         "connector",                             OTHER, from memory;
        "Connector/Tripped",                         "connector tripped",                     OUTPUT_OC, from memory;
        "ConnectorPlugRetentionLock/Problem",        "plug lock",                             LOCK, from memory;
        "ConnectorPlugRetentionLock/Tripped",        "plug lock tripped",                     LOCK, from memory;
        "EVRetentionLock/Problem",                   "vehicle lock",                          LOCK, from memory;
        "ConnectedEV/Problem",                       "vehicle",                               BMS_DATA, from memory;
        "ControlMetering/Problem",                   "control meter",                         METER, from memory;
        "FiscalMetering/Problem",                    "billing meter",                         METER, from memory;
        "Controller/Problem",                        "controller",                            INTERNAL, from memory;
        "ControlCtrlr/Problem",                      "controller",                            INTERNAL, from memory;
        "LocalController/Problem",                   "local controller",                      COMM_INTERNAL, from memory;
        "CPPWMController/Problem",                   "control pilot",                         PILOT, from memory;
        "DataLink/Problem",                          "data link",                             WEAK_SIGNAL, from memory;
        "DisplayCtrlr/Problem",                      "display",                               OTHER, from memory;
        "DistributionPanel/Problem",                 "distribution panel",                    POWER_LOSS, from memory;
        "ElectricalFeed/Problem",                    "electrical feed",                       AC_INPUT, from memory;
        "ElectricalFeed/Tripped",                    "feed tripped",                          AC_BREAKER, from memory;
        "UpstreamProtectionTrigger/Tripped",         "upstream protection",                   AC_BREAKER, from memory;
        "ELVSupply/Problem",                         "extra-low voltage supply",              AUX_SUPPLY, from memory;
        "ELVSupply/Fallback",                        "extra-low voltage supply on reserve",   AUX_SUPPLY, from memory;
        "EmergencyStopSensor/Tripped",               "emergency stop",                        EMERGENCY_STOP, from memory;
        "EVSE/Problem",                              "EVSE",                                  OTHER, from memory;
        "ExternalTemperatureSensor/Problem",         "outside temperature sensor",            CAB_TEMP, from memory;
        "FloodSensor/Tripped",                       "flood",                                 WATER, from memory;
        "GroundIsolationProtection/Problem",         "isolation monitor",                     INSULATION, from memory;
        "GroundIsolationProtection/Tripped",         "isolation fault",                       INSULATION, from memory;
        "Heater/Problem",                            "heater",                                CAB_TEMP, from memory;
        "LiquidCoolingSystem/Problem",               "liquid cooling",                        GUN_TEMP_DERATE, from memory;
        "OverCurrentProtection/Tripped",             "over-current protection",               OUTPUT_OC, from memory;
        "OverCurrentProtectionRecloser/Problem",     "over-current recloser",                 OUTPUT_OC, from memory;
        "PowerContactor/Problem",                    "power contactor",                       DC_CONTACTOR_OPEN, from memory;
        "PowerContactor/Tripped",                    "power contactor tripped",               DC_CONTACTOR_OPEN, from memory;
        "RCD/Problem",                               "residual current device",               GROUND, from memory;
        "RCD/Tripped",                               "residual current device tripped",       GROUND, from memory;
        "RCDRecloser/Problem",                       "residual current recloser",             GROUND, from memory;
        "RealTimeClock/Problem",                     "clock",                                 INTERNAL, from memory;
        "ShockSensor/Tripped",                       "shock",                                 TILT, from memory;
        "TiltSensor/Tripped",                        "tilt",                                  TILT, from memory;
        "TemperatureSensor/Problem",                 "temperature sensor",                    CAB_TEMP, from memory;
        "TokenReader/Problem",                       "token reader",                          READER, from memory;
        "SecurityCtrlr/Problem",                     "security",                              ESAM, from memory;
        "CableBreakawaySensor/Tripped",              "cable torn off",                        CABLE, from memory;
    }
    /// GB/T 27930: stop causes of BST and CST, missing messages of BEM and CEM, as `Message/item` with the item names of the `evse-gbt27930` crate.
    GBT_27930 = {
        "BST/soc_reached",                 "target state of charge reached",        NORMAL;
        "BST/total_voltage_reached",       "total voltage reached",                 NORMAL;
        "BST/cell_voltage_reached",        "cell voltage reached",                  NORMAL;
        "BST/charger_stop",                "the charger stopped",                   NORMAL;
        "BST/insulation_fault",            "insulation",                            INSULATION;
        "BST/output_connector_overtemp",   "output connector over-temperature",     GUN_TEMP;
        "BST/bms_component_overtemp",      "BMS component over-temperature",        BATTERY;
        "BST/charge_connector_fault",      "charging connector",                    PLUG;
        "BST/battery_overtemp",            "battery over-temperature",              BATTERY;
        "BST/hv_relay_fault",              "high-voltage relay",                    BATTERY;
        "BST/cc2_voltage_fault",           "voltage at check point 2",              PILOT;
        "BST/other_fault",                 "other fault of the vehicle",            BMS_DATA;
        "BST/overcurrent_error",           "current above the demand",              OUTPUT_OC;
        "BST/voltage_error",               "voltage abnormal",                      BMS_DATA;
        "CST/condition_reached",           "set condition reached",                 NORMAL;
        "CST/manual_stop",                 "stopped by hand",                       NORMAL;
        "CST/fault_stop",                  "stopped for a fault",                   OTHER;
        "CST/bms_stop",                    "the vehicle stopped",                   NORMAL;
        "CST/charger_overtemp",            "charger over-temperature",              CAB_TEMP;
        "CST/charge_connector_fault",      "charging connector",                    PLUG;
        "CST/internal_overtemp",           "over-temperature inside",               MODULE_TEMP;
        "CST/energy_transfer_fault",       "energy cannot be delivered",            MODULE;
        "CST/emergency_stop",              "emergency stop",                        EMERGENCY_STOP;
        "CST/other_fault",                 "other fault of the charger",            OTHER;
        "CST/current_mismatch",            "current mismatch",                      OUTPUT_OC;
        "CST/voltage_error",               "voltage abnormal",                      OUTPUT_OV;
        "BEM/crm00_timeout",               "vehicle got no CRM(00)",                COMM_INTERNAL;
        "BEM/crmAA_timeout",               "vehicle got no CRM(AA)",                COMM_INTERNAL;
        "BEM/cts_cml_timeout",             "vehicle got no CTS and CML",            COMM_INTERNAL;
        "BEM/cro_timeout",                 "vehicle got no CRO",                    COMM_INTERNAL;
        "BEM/ccs_timeout",                 "vehicle got no CCS",                    COMM_INTERNAL;
        "BEM/cst_timeout",                 "vehicle got no CST",                    COMM_INTERNAL;
        "BEM/csd_timeout",                 "vehicle got no CSD",                    COMM_INTERNAL;
        "CEM/brm_timeout",                 "charger got no BRM",                    BMS_COMM;
        "CEM/bcp_timeout",                 "charger got no BCP",                    BMS_COMM;
        "CEM/bro_timeout",                 "charger got no BRO",                    BMS_COMM;
        "CEM/bcs_timeout",                 "charger got no BCS",                    BMS_COMM;
        "CEM/bcl_timeout",                 "charger got no BCL",                    BMS_COMM;
        "CEM/bst_timeout",                 "charger got no BST",                    BMS_COMM;
        "CEM/bsd_timeout",                 "charger got no BSD",                    BMS_COMM;
    }
}

/// Every built-in list with its codes.
pub const ALL: &[(List, &[Code<'static>])] = &[
    (List::Ocpp16, OCPP_1_6),
    (List::ChargeX, CHARGEX),
    (List::SgccStop, SGCC_STOP),
    (List::SgccDc, SGCC_DC),
    (List::SgccAc, SGCC_AC),
    (List::EverestPowerSupply, EVEREST_POWER_SUPPLY),
    (List::EverestBoard, EVEREST_BOARD),
    (List::Ocpp2, OCPP_2),
    (List::Gbt27930, GBT_27930),
];
