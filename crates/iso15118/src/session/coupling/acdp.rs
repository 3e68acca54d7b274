//! Automated connection devices.

use crate::message::iso20_acdp::{
    ElectricalChargingDeviceStatus, EvTechnicalStatus, IsolationStatus,
    MechanicalChargingDeviceStatus,
};

/// Where the vehicle stands, seen by the charger: `ACDP_VehiclePositioningRes`. The units of the lengths are unverified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// `EVSEProcessing`.
    pub is_done: bool,
    /// The charger helps to find the place.
    pub helps: bool,
    /// How far the vehicle is beside it, in x and y.
    pub deviation: (i16, i16),
    /// The window in which a contact is possible, in x and y.
    pub window: (i16, i16),
    /// The vehicle is where it can charge.
    pub is_reached: bool,
}

/// How far the connection or disconnection is: `ACDP_ConnectRes`, `ACDP_DisconnectRes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// `EVSEProcessing`.
    pub is_done: bool,
    /// State of the charger's contacts.
    pub electrical: ElectricalChargingDeviceStatus,
    /// Where the moving part is.
    pub mechanical: MechanicalChargingDeviceStatus,
}

/// The charger's state, which a vehicle may ask for at any time beside its other requests: `ACDP_SystemStatusRes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SystemStatus {
    /// Where the moving part is.
    pub mechanical: MechanicalChargingDeviceStatus,
    /// `EVSEReadyToCharge`.
    pub is_ready: bool,
    /// `EVSEIsolationStatus`.
    pub isolation: IsolationStatus,
    /// `EVSEDisabled`.
    pub is_disabled: bool,
    /// `EVSEUtilityInterruptEvent`.
    pub utility_interrupt: bool,
    /// `EVSEEmergencyShutdown`.
    pub emergency_shutdown: bool,
    /// `EVSEMalfunction`.
    pub malfunction: bool,
    /// `EVInChargePosition`.
    pub is_in_position: bool,
    /// `EVAssociationStatus`: the vehicle is the one that this session is with.
    pub is_associated: bool,
}

impl SystemStatus {
    /// At rest, nothing known of a vehicle: what a charger says until its host has reported.
    pub const AT_REST: Self = Self {
        mechanical: MechanicalChargingDeviceStatus::Home,
        is_ready: false,
        isolation: IsolationStatus::Invalid,
        is_disabled: false,
        utility_interrupt: false,
        emergency_shutdown: false,
        malfunction: false,
        is_in_position: false,
        is_associated: false,
    };
}

/// What a vehicle's requests say of its place and contacts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AcdpVehicle {
    /// It stands and does not move. `EVMobilityStatus` is true then, which is unverified.
    pub is_immobile: bool,
    /// It uses what the charger says of its place.
    pub uses_help: bool,
    /// State of its contacts.
    pub electrical: ElectricalChargingDeviceStatus,
    /// What it says of itself when it asks for the charger's state.
    pub status: EvTechnicalStatus,
}

/// What a vehicle has heard of the charger's device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AcdpHeard {
    /// Where it stands.
    pub place: Option<Place>,
    /// How far the connection is.
    pub contact: Option<Contact>,
    /// The charger's state, when it was asked for last.
    pub system: Option<SystemStatus>,
}
