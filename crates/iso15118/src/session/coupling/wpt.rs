//! Wireless power transfer.

use crate::MilliUnits;
use crate::message::iso20_wpt::{
    WptAlignmentCheckMethod, WptEvpcChargeDiagnostics, WptFinePositioningMethod, WptPairingMethod,
    WptPowerClass, WptSpcChargeDiagnostics,
};

/// The methods that a side has, one to eight of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WptMethods<'s> {
    /// To find the place.
    pub positioning: &'s [WptFinePositioningMethod],
    /// To find out which vehicle stands over which device.
    pub pairing: &'s [WptPairingMethod],
    /// To see that the coils are aligned.
    pub alignment: &'s [WptAlignmentCheckMethod],
    /// `NaturalOffset` of the coil; its unit is unverified.
    pub natural_offset: u16,
}

/// A charger's device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WptCharger<'s> {
    /// Its methods.
    pub methods: WptMethods<'s>,
    /// `PDInputPowerClass`.
    pub power_class: WptPowerClass,
    /// Lowest ground clearance that it supports; the unit is unverified.
    pub min_clearance: u16,
    /// Highest ground clearance that it supports; the unit is unverified.
    pub max_clearance: u16,
    /// `PDMinCoilCurrent`, mA.
    pub min_coil_current: MilliUnits,
    /// `PDMaxCoilCurrent`, mA.
    pub max_coil_current: MilliUnits,
}

/// A vehicle's device, and how far it is: what its requests say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WptVehicle<'s> {
    /// Its methods.
    pub methods: WptMethods<'s>,
    /// Its ground clearance, and what it takes.
    pub limits: WptLimits,
    /// How far it is with the step that it is at.
    pub placing: Placing,
    /// The pairing code that it has observed.
    pub observed_id: Option<u32>,
    /// The coil current that it wants for the check of the alignment, mA.
    pub coil_current: Option<MilliUnits>,
    /// What it wants and takes in the charge loop.
    pub demand: WptDemand,
}

/// What a vehicle can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WptLimits {
    /// `EVPCMaxReceivablePower`, mW.
    pub max_power: MilliUnits,
    /// Lowest ground clearance; the unit is unverified.
    pub min_clearance: u16,
    /// Highest ground clearance; the unit is unverified.
    pub max_clearance: u16,
    /// `EVPCNaturalFrequency`, mHz.
    pub natural_frequency: MilliUnits,
    /// `EVPCDeviceLocalControl`: the vehicle controls its device itself.
    pub has_local_control: bool,
}

/// How far a vehicle is with positioning, pairing or alignment: `EVProcessing` and `EVResultCode` together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Placing {
    /// Done, with success.
    #[default]
    Done,
    /// Not yet.
    Ongoing,
    /// Over, without success.
    Failed,
}

/// How far a charger is with one of these steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WptStep {
    /// `EVSEProcessing`.
    pub is_done: bool,
    /// Pairing: the code that it has observed.
    pub observed_id: Option<u32>,
    /// Alignment: power that it sends, mW.
    pub power: Option<MilliUnits>,
    /// Alignment: current of its device, mA.
    pub coil_current: Option<MilliUnits>,
}

/// What a vehicle wants in a turn of the charge loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WptDemand {
    /// `EVPCPowerRequest`, mW; for the charger's host not above the limits of the two sides.
    pub power: MilliUnits,
    /// `EVPCPowerOutput`, which it receives, mW.
    pub output: MilliUnits,
    /// What its device says of itself.
    pub diagnostics: WptEvpcChargeDiagnostics,
    /// State of charge, percent.
    pub soc: Option<u8>,
    /// It needs no more energy.
    pub is_complete: bool,
    /// It wants to see the meter.
    pub meter_requested: bool,
}

/// What a charger answers in a turn of the charge loop. Its limits are those of [`Answer::Limits`](super::super::Answer).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WptPresent {
    /// `EVPCPowerRequest` as it takes it, mW; `None`: as it was asked for.
    pub power: Option<MilliUnits>,
    /// `SDPowerInput`, mW.
    pub input: Option<MilliUnits>,
    /// What its device says of itself.
    pub diagnostics: WptSpcChargeDiagnostics,
    /// The meter, where there is one.
    pub meter: Option<super::super::Meter>,
}

/// What a vehicle has heard of the charger's device. Limits, meter and notification are in [`Heard`](super::super::Heard).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WptHeard {
    /// Lowest and highest ground clearance.
    pub clearance: Option<(u16, u16)>,
    /// Lowest and highest current of the coil, mA.
    pub coil_current: Option<(MilliUnits, MilliUnits)>,
    /// How far it is with the last step.
    pub step: WptStep,
    /// What its device says of itself in the charge loop.
    pub diagnostics: Option<WptSpcChargeDiagnostics>,
}
