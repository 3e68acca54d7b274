//! Whole sessions of every protocol, message by message, made of the smallest messages.

use evse_iso15118::SchemaSet;
use evse_iso15118::session::{Choice, End, Protocol, minimal_message};
use evse_iso15118::v2gtp::PayloadType;

pub(crate) const ID: [u8; 8] = [0xA1, 2, 3, 4, 5, 6, 7, 8];

/// A request without `Req`, what it says, what the response says.
pub(crate) type Line = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [(&'static str, &'static str)],
);

pub(crate) const NEW: &[(&str, &str)] = &[("ResponseCode", "OK_NewSessionEstablished")];
pub(crate) const ONGOING: &[(&str, &str)] = &[("EVSEProcessing", "Ongoing")];
pub(crate) const SEEKING: &[(&str, &str)] = &[("EVProcessing", "Ongoing")];
pub(crate) const MISPLACED: &[(&str, &str)] = &[("ResponseCode", "WARNING_WPT")];
pub(crate) const START: &[(&str, &str)] = &[("ChargeProgress", "Start")];
pub(crate) const STOP: &[(&str, &str)] = &[("ChargeProgress", "Stop")];
pub(crate) const DC: &[(&str, &str)] =
    &[("RequestedEnergyTransferMode", "DC_extended"), ("DC_EVChargeParameter", "")];
pub(crate) const DC_LIMITS: &[(&str, &str)] = &[("DC_EVSEChargeParameter", "")];

pub(crate) const DIN_DC: &[Line] = &[
    ("SessionSetup", &[], NEW),
    ("ServiceDiscovery", &[], &[]),
    ("ServicePaymentSelection", &[], &[]),
    ("ContractAuthentication", &[], ONGOING),
    ("ContractAuthentication", &[], &[]),
    ("ChargeParameterDiscovery", &[("DC_EVChargeParameter", "")], ONGOING),
    ("ChargeParameterDiscovery", &[("DC_EVChargeParameter", "")], DC_LIMITS),
    ("CableCheck", &[], ONGOING),
    ("CableCheck", &[], &[]),
    ("PreCharge", &[], &[]),
    ("PreCharge", &[], &[]),
    ("PowerDelivery", &[("ReadyToChargeState", "true")], &[]),
    ("CurrentDemand", &[], &[]),
    ("CurrentDemand", &[], &[]),
    ("PowerDelivery", &[], &[]),
    ("WeldingDetection", &[], &[]),
    ("SessionStop", &[], &[]),
];

pub(crate) const ISO2_DC_BY_CONTRACT: &[Line] = &[
    ("SessionSetup", &[], NEW),
    ("ServiceDiscovery", &[], &[]),
    ("ServiceDetail", &[], &[]),
    ("PaymentServiceSelection", &[("SelectedPaymentOption", "Contract")], &[]),
    ("CertificateInstallation", &[], &[]),
    ("PaymentDetails", &[], &[]),
    ("Authorization", &[], ONGOING),
    ("Authorization", &[], &[]),
    ("ChargeParameterDiscovery", DC, DC_LIMITS),
    ("CableCheck", &[], &[]),
    ("PreCharge", &[], &[]),
    ("PowerDelivery", START, &[]),
    ("CurrentDemand", &[], &[]),
    ("MeteringReceipt", &[], &[]),
    ("PowerDelivery", &[("ChargeProgress", "Renegotiate")], &[]),
    ("ChargeParameterDiscovery", DC, DC_LIMITS),
    ("PowerDelivery", START, &[]),
    ("CurrentDemand", &[], &[]),
    ("PowerDelivery", STOP, &[]),
    ("WeldingDetection", &[], &[]),
    ("SessionStop", &[("ChargingSession", "Pause")], &[]),
];

pub(crate) const ISO2_AC: &[Line] = &[
    ("SessionSetup", &[], NEW),
    ("ServiceDiscovery", &[], &[]),
    ("PaymentServiceSelection", &[("SelectedPaymentOption", "ExternalPayment")], &[]),
    ("Authorization", &[], ONGOING),
    ("Authorization", &[], &[]),
    ("ChargeParameterDiscovery", &[("RequestedEnergyTransferMode", "AC_three_phase_core")], &[]),
    ("PowerDelivery", START, &[]),
    ("ChargingStatus", &[], &[]),
    ("ChargingStatus", &[], &[]),
    ("PowerDelivery", STOP, &[]),
    ("SessionStop", &[("ChargingSession", "Terminate")], &[]),
];

pub(crate) const ISO20_AC: &[Line] = &[
    ("SessionSetup", &[], NEW),
    ("AuthorizationSetup", &[], &[]),
    ("Authorization", &[], ONGOING),
    ("Authorization", &[], &[]),
    ("ServiceDiscovery", &[], &[]),
    ("ServiceDetail", &[], &[]),
    ("ServiceSelection", &[], &[]),
    ("AC_ChargeParameterDiscovery", &[], &[]),
    ("ScheduleExchange", &[], ONGOING),
    ("ScheduleExchange", &[], &[]),
    ("PowerDelivery", &[("ChargeProgress", "Start"), ("EVProcessing", "Ongoing")], &[]),
    ("PowerDelivery", START, &[]),
    ("AC_ChargeLoop", &[], &[]),
    ("PowerDelivery", &[("ChargeProgress", "Standby")], &[]),
    ("PowerDelivery", START, &[]),
    ("AC_ChargeLoop", &[], &[]),
    ("PowerDelivery", &[("ChargeProgress", "ScheduleRenegotiation")], &[]),
    ("ScheduleExchange", &[], &[]),
    ("PowerDelivery", START, &[]),
    ("MeteringConfirmation", &[], &[]),
    ("PowerDelivery", STOP, &[]),
    ("SessionStop", &[("ChargingSession", "ServiceRenegotiation")], &[]),
    ("ServiceDiscovery", &[], &[]),
    ("SessionStop", &[("ChargingSession", "Terminate")], &[]),
];

pub(crate) const ISO20_DC: &[Line] = &[
    ("SessionSetup", &[], NEW),
    ("AuthorizationSetup", &[], &[]),
    ("CertificateInstallation", &[], &[]),
    ("Authorization", &[], &[]),
    ("ServiceDiscovery", &[], &[]),
    ("ServiceDetail", &[], &[]),
    ("ServiceDetail", &[], &[]),
    ("ServiceSelection", &[], &[]),
    ("DC_ChargeParameterDiscovery", &[], &[]),
    ("ScheduleExchange", &[], &[]),
    ("DC_CableCheck", &[], ONGOING),
    ("DC_CableCheck", &[], &[]),
    ("DC_PreCharge", &[], &[]),
    ("PowerDelivery", START, &[]),
    ("DC_ChargeLoop", &[], &[]),
    ("PowerDelivery", STOP, &[]),
    ("DC_WeldingDetection", &[], &[]),
    ("SessionStop", &[("ChargingSession", "Pause")], &[]),
];

pub(crate) const ISO20_WPT: &[Line] = &[
    ("SessionSetup", &[], NEW),
    ("WPT_FinePositioningSetup", &[], &[]),
    ("WPT_FinePositioningSetup", &[], &[]),
    ("WPT_FinePositioning", SEEKING, ONGOING),
    ("WPT_FinePositioning", &[], ONGOING),
    ("WPT_Pairing", SEEKING, MISPLACED),
    ("WPT_FinePositioningSetup", &[], &[]),
    ("WPT_FinePositioning", SEEKING, &[]),
    ("WPT_Pairing", &[], &[]),
    ("AuthorizationSetup", &[], &[]),
    ("Authorization", &[], &[]),
    ("ServiceDiscovery", &[], &[]),
    ("ServiceDetail", &[], &[]),
    ("ServiceSelection", &[], &[]),
    ("WPT_ChargeParameterDiscovery", &[], &[]),
    ("ScheduleExchange", &[], &[]),
    ("WPT_AlignmentCheck", SEEKING, ONGOING),
    ("WPT_AlignmentCheck", &[], &[]),
    ("PowerDelivery", START, &[]),
    ("WPT_ChargeLoop", &[], &[]),
    ("WPT_ChargeLoop", &[], MISPLACED),
    ("WPT_AlignmentCheck", &[], &[]),
    ("WPT_ChargeLoop", &[], &[]),
    ("PowerDelivery", &[("ChargeProgress", "Standby")], &[]),
    ("WPT_ChargeLoop", &[], &[]),
    ("PowerDelivery", START, &[]),
    ("WPT_ChargeLoop", &[], &[]),
    ("PowerDelivery", STOP, &[]),
    ("SessionStop", &[("ChargingSession", "Terminate")], &[]),
];

pub(crate) const ISO20_ACDP: &[Line] = &[
    ("SessionSetup", &[], NEW),
    ("ACDP_VehiclePositioning", &[], ONGOING),
    ("ACDP_VehiclePositioning", &[], &[]),
    ("AuthorizationSetup", &[], &[]),
    ("Authorization", &[], &[]),
    ("ServiceDiscovery", &[], &[]),
    ("ServiceDetail", &[], &[]),
    ("ServiceSelection", &[], &[]),
    ("DC_ChargeParameterDiscovery", &[], &[]),
    ("ScheduleExchange", &[], &[]),
    ("ACDP_Connect", &[], ONGOING),
    ("ACDP_Connect", &[], &[]),
    ("DC_CableCheck", &[], &[]),
    ("DC_PreCharge", &[], &[]),
    ("PowerDelivery", START, &[]),
    ("DC_ChargeLoop", &[], &[]),
    ("PowerDelivery", STOP, &[]),
    ("DC_WeldingDetection", &[], &[]),
    ("ACDP_Disconnect", &[], ONGOING),
    ("ACDP_Disconnect", &[], &[]),
    ("SessionStop", &[("ChargingSession", "Terminate")], &[]),
];

pub(crate) const ALL: [(Protocol, &[Line], End); 7] = [
    (Protocol::Din70121, DIN_DC, End::Terminated),
    (Protocol::Iso2, ISO2_DC_BY_CONTRACT, End::Paused),
    (Protocol::Iso2, ISO2_AC, End::Terminated),
    (Protocol::Iso20Ac, ISO20_AC, End::Terminated),
    (Protocol::Iso20Dc, ISO20_DC, End::Paused),
    (Protocol::Iso20Wpt, ISO20_WPT, End::Terminated),
    (Protocol::Iso20Acdp, ISO20_ACDP, End::Terminated),
];

pub(crate) fn set_of(protocol: Protocol, message: &str) -> SchemaSet {
    let types = [
        PayloadType::Sap,
        PayloadType::Iso20Common,
        PayloadType::Iso20Ac,
        PayloadType::Iso20Dc,
        PayloadType::Iso20Wpt,
        PayloadType::Iso20Acdp,
    ];
    let sets = types.iter().filter_map(|payload_type| protocol.set_of(*payload_type));
    sets.into_iter()
        .find(|set| set.elements().iter().any(|e| e.name == message && e.document.is_some()))
        .unwrap_or_else(|| panic!("{protocol:?} has no {message}"))
}

pub(crate) fn message(
    set: SchemaSet,
    name: &str,
    id: &[u8],
    choices: &[(&'static str, &'static str)],
) -> Vec<u8> {
    let choices: Vec<_> =
        choices.iter().map(|(element, value)| Choice { element, value }).collect();
    let mut buffer = [0; 4096];
    let length = minimal_message(set, name, id, 1_700_000_000, &choices, &mut buffer)
        .unwrap_or_else(|e| panic!("{name}: {e}"));
    buffer[..length].to_vec()
}
