//! The one shape that a session has, whichever protocol told it.

use serde::Serialize;

/// A charging session, or as much of it as a protocol tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Vehicle identification number: GB/T 27930 BRM, OCPP `idToken` of type `VIN`. ISO 15118-2 has none.
    pub vin: Option<String>,
    /// EVCC identifier in upper-case hexadecimal: ISO 15118-2 `EVCCID`, OCPP `additionalInfo` of type `MacAddress`.
    /// GB/T 27930 has none.
    pub evcc_id: Option<String>,
    pub energy: Energy,
    /// State of charge in percent.
    pub soc_at_start: u8,
    /// State of charge in percent.
    pub soc_at_end: u8,
    pub stop: StopReason,
}

/// Energy delivered, and how coarsely it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Energy {
    pub wh: i64,
    /// The true value lies within half of this around `wh`; 1: it is `wh`.
    pub step_wh: i64,
}

impl Energy {
    pub const fn exact(wh: i64) -> Self {
        Self { wh, step_wh: 1 }
    }

    /// Whether one value can be behind both.
    fn agrees(self, other: Self) -> bool {
        let half_steps = |energy: Self| if energy.step_wh > 1 { energy.step_wh } else { 0 };
        2 * (self.wh - other.wh).abs() <= half_steps(self) + half_steps(other)
    }
}

/// Why a session ended, as far as all protocols can say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The vehicle has what it wanted. GB/T 27930: BST with the target SOC reached. ISO 15118-2: `ChargingComplete`.
    /// OCPP: `SOCLimitReached`.
    VehicleDone,
    /// Somebody stopped it at the charger. GB/T 27930: CST, stopped by hand. ISO 15118-2: `StopCharging` from the
    /// charger. OCPP: `Local`.
    User,
}

impl SessionRecord {
    /// What the two tell differently; `None` if one session can be behind both.
    pub fn contradiction(&self, other: &Self) -> Option<&'static str> {
        let differ = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
        let checks = [
            ("VIN", differ(&self.vin, &other.vin)),
            ("EVCCID", differ(&self.evcc_id, &other.evcc_id)),
            ("energy", !self.energy.agrees(other.energy)),
            ("SOC at start", self.soc_at_start != other.soc_at_start),
            ("SOC at end", self.soc_at_end != other.soc_at_end),
            ("stop reason", self.stop != other.stop),
        ];
        checks.into_iter().find(|(_, differs)| *differs).map(|(what, _)| what)
    }

    /// Both together: every identifier that either has, and the finer energy.
    pub fn with(self, other: Self) -> Self {
        let finer =
            if other.energy.step_wh < self.energy.step_wh { other.energy } else { self.energy };
        Self {
            vin: self.vin.or(other.vin),
            evcc_id: self.evcc_id.or(other.evcc_id),
            energy: finer,
            ..self
        }
    }
}
