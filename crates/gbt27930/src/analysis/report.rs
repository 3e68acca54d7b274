//! What the analyser reports. Times are microseconds of the capture; `Display` is text for people, with the VIN masked.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::codes::{BatteryType, Code};
use crate::message::{ChargerStopCauses, MessageKind, VehicleStopCauses};
use crate::table::Phase;
use crate::text::Vin;
use crate::units::{
    Celsius, CentiVolts, DeciAmpHours, DeciAmps, DeciKilowattHours, DeciVolts, Decimal, Minutes,
    PerMille, Percent,
};
use crate::{Edition, Party};

/// A whole capture.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Report {
    /// Frames, foreign ones included.
    pub frames: u64,
    /// Frames of other addresses, 11-bit and remote frames.
    pub foreign_frames: u64,
    /// Messages between charger and BMS that no table knows.
    pub unknown_frames: u64,
    /// The sessions in order.
    pub sessions: Vec<SessionReport>,
}

/// One session.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SessionReport {
    /// Edition whose layouts were used.
    pub edition: Edition,
    /// Whether the capture itself shows it, and not only the default.
    pub edition_is_certain: bool,
    /// First frame of the session, as an index into the capture.
    pub first_frame: u64,
    /// Time of the first frame.
    pub start: u64,
    /// Time of the last frame.
    pub end: u64,
    /// Whether the capture begins after the session did.
    pub begins_midway: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// The phases that were seen, in order of their first message.
    pub phases: Vec<PhaseSpan>,
    /// Who the vehicle is.
    pub vehicle: VehicleIdentity,
    /// Number of the charger, as CRM gives it.
    pub charger_number: Option<u32>,
    /// What battery and charger can do.
    pub limits: Limits,
    /// Energy, time, state of charge.
    pub totals: Totals,
    /// The first stop and its cause.
    pub stop: Option<StopReport>,
    /// Error messages, one entry per change of content.
    pub errors: Vec<ErrorReport>,
    /// Messages of the edition that a session which got this far should show and that are missing.
    pub missing: Vec<MessageKind>,
    /// Messages seen: how many and how regular.
    pub messages: Vec<MessageStatistics>,
    /// Course of the transport protocol.
    pub transport: TransportReport,
    /// Greatest disagreement between BCS and CCS: voltage and current in tenths.
    pub disagreement: Option<Disagreement>,
    /// What is odd, one line each.
    pub findings: Vec<Finding>,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Outcome {
    /// Both statistics were exchanged.
    Completed,
    /// A stop without complete statistics.
    StoppedWithoutStatistics,
    /// The last thing seen are error messages.
    CommunicationError,
    /// The capture ends while charging or before.
    CutOff,
}

/// A phase and when it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PhaseSpan {
    /// Which.
    pub phase: Phase,
    /// First message of it.
    pub start: u64,
    /// Last message of it.
    pub end: u64,
}

/// From BRM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct VehicleIdentity {
    /// Protocol version, major and minor.
    pub version: Option<(u16, u8)>,
    /// Battery type.
    pub battery_type: Option<BatteryType>,
    /// Rated capacity.
    pub rated_capacity: Option<DeciAmpHours>,
    /// Rated voltage.
    pub rated_voltage: Option<DeciVolts>,
    /// Vehicle identification number.
    pub vin: Option<Vin>,
}

/// From BHM, BCP and CML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Limits {
    /// Total voltage allowed for the insulation test.
    pub insulation_voltage: Option<DeciVolts>,
    /// Highest cell voltage.
    pub cell_voltage: Option<CentiVolts>,
    /// Highest charging current that the battery takes.
    pub battery_current: Option<DeciAmps>,
    /// Highest total voltage that the battery takes.
    pub battery_voltage: Option<DeciVolts>,
    /// Highest temperature.
    pub temperature: Option<Celsius>,
    /// Nominal energy.
    pub nominal_energy: Option<DeciKilowattHours>,
    /// Highest voltage that the charger gives.
    pub charger_max_voltage: Option<DeciVolts>,
    /// Lowest voltage that the charger gives.
    pub charger_min_voltage: Option<DeciVolts>,
    /// Highest current that the charger gives.
    pub charger_current: Option<DeciAmps>,
}

/// Energy, time, state of charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Totals {
    /// State of charge at configuration (BCP).
    pub soc_at_start: Option<PerMille>,
    /// First state of charge while charging (BCS).
    pub first_soc: Option<Percent>,
    /// Last one (BSD, else BCS).
    pub last_soc: Option<Percent>,
    /// Energy that the charger reports (CSD).
    pub energy: Option<DeciKilowattHours>,
    /// Energy from CCS voltage times current over time, in milliwatt-hours.
    pub integrated_mwh: u64,
    /// Charging time that the charger reports (CSD).
    pub reported_time: Option<Minutes>,
    /// From the first CCS to the last, in microseconds.
    pub charging_micros: u64,
    /// Highest charging current seen in CCS.
    pub peak_current: Option<DeciAmps>,
}

/// The first stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StopReport {
    /// Who stopped first.
    pub by: Party,
    /// When.
    pub at: u64,
    /// Causes in the first BST that has one besides 'the charger stopped'.
    pub vehicle: Option<VehicleStopCauses>,
    /// Causes in the first CST that has one besides 'the BMS stopped'.
    pub charger: Option<ChargerStopCauses>,
}

/// A BEM or CEM.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ErrorReport {
    /// BEM or CEM.
    pub message: MessageKind,
    /// When it was first sent with this content.
    pub at: u64,
    /// How often.
    pub count: u64,
    /// Items that timed out.
    pub items: Vec<&'static str>,
    /// For each item, when its message was really seen last.
    pub last_seen: Vec<Option<u64>>,
}

/// How often and how regularly a message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MessageStatistics {
    /// Which.
    pub message: MessageKind,
    /// How often.
    pub count: u64,
    /// First time.
    pub first: u64,
    /// Last time.
    pub last: u64,
    /// Gaps above 110 % of its period.
    pub late: u64,
    /// Gaps above its time-out.
    pub timed_out: u64,
    /// Longest gap in microseconds.
    pub longest_gap: u64,
    /// Payloads of a length that the edition does not foresee.
    pub odd_lengths: u64,
}

/// Course of the transport protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TransportReport {
    /// Transfers announced.
    pub started: u64,
    /// Messages completed.
    pub completed: u64,
    /// Unfinished ones dropped for a new announcement.
    pub restarted: u64,
    /// Requests for packets sent before.
    pub retransmits: u64,
    /// Aborts.
    pub aborts: u64,
    /// Frames that fit no transfer.
    pub irregular: u64,
}

/// BCS against CCS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Disagreement {
    /// Greatest difference of voltages, in 0.1 V.
    pub voltage_dv: u32,
    /// Greatest difference of currents, in 0.1 A.
    pub current_da: u32,
    /// Times that they differed by more than 5 % and 2 V or 2 A.
    pub count: u64,
}

/// Something odd.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    /// When it was first seen.
    pub at: u64,
    /// How often.
    pub count: u64,
    /// What.
    pub text: String,
}

/// Microseconds as seconds.
struct Seconds(u64);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03} s", self.0 / 1_000_000, self.0 / 1000 % 1000)
    }
}

/// A value, or a dash where there is none.
struct OrDash<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for OrDash<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("-"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (frames, foreign, unknown) = (self.frames, self.foreign_frames, self.unknown_frames);
        writeln!(
            f,
            "{frames} frames, {foreign} foreign, {unknown} unknown; {} sessions",
            self.sessions.len()
        )?;
        for (number, session) in self.sessions.iter().enumerate() {
            write!(f, "\nSession {}\n{session}", number + 1)?;
        }
        Ok(())
    }
}

impl fmt::Display for SessionReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = |at: u64| Seconds(at.saturating_sub(self.start));
        let guess = if self.edition_is_certain { "" } else { " (by default)" };
        writeln!(
            f,
            "  edition   {}{guess}, {:?}, {}",
            self.edition,
            self.outcome,
            since(self.end)
        )?;
        if self.begins_midway {
            writeln!(f, "  the capture begins midway")?;
        }
        for span in &self.phases {
            writeln!(
                f,
                "  phase     {:?}: {} to {}",
                span.phase,
                since(span.start),
                since(span.end)
            )?;
        }
        let v = &self.vehicle;
        let battery = v.battery_type.map(|t| {
            BatteryType::NAMES.iter().find(|n| n.0 == t.to_code()).map_or("unknown", |n| n.1)
        });
        let vin = v.vin.map(|_| "<masked>");
        writeln!(
            f,
            "  vehicle   version {}, {}, {}, {}, VIN {}",
            OrDash(
                v.version.map(|(major, minor)| Decimal::new(
                    i64::from(major) * 10 + i64::from(minor),
                    1
                ))
            ),
            OrDash(battery),
            OrDash(v.rated_capacity),
            OrDash(v.rated_voltage),
            OrDash(vin),
        )?;
        let l = &self.limits;
        writeln!(
            f,
            "  battery   {}, {}, cell {}, {}, {}",
            OrDash(l.battery_voltage),
            OrDash(l.battery_current),
            OrDash(l.cell_voltage),
            OrDash(l.temperature),
            OrDash(l.nominal_energy),
        )?;
        writeln!(
            f,
            "  charger   number {}, {} to {}, {}",
            OrDash(self.charger_number),
            OrDash(l.charger_min_voltage),
            OrDash(l.charger_max_voltage),
            OrDash(l.charger_current),
        )?;
        let t = &self.totals;
        writeln!(
            f,
            "  energy    {} reported, {} Wh integrated; SOC {} (BCP), {} to {}; charging {} ({} reported); peak {}",
            OrDash(t.energy),
            Decimal::new(i64::try_from(t.integrated_mwh).unwrap_or(i64::MAX), 3),
            OrDash(t.soc_at_start),
            OrDash(t.first_soc),
            OrDash(t.last_soc),
            Seconds(t.charging_micros),
            OrDash(t.reported_time),
            OrDash(t.peak_current),
        )?;
        if let Some(stop) = &self.stop {
            let by = match stop.by {
                Party::Charger => "charger",
                Party::Bms => "vehicle",
            };
            writeln!(
                f,
                "  stop      {by} first, at {}: CST {}, BST {}",
                since(stop.at),
                OrDash(stop.charger),
                OrDash(stop.vehicle),
            )?;
        }
        for error in &self.errors {
            write!(f, "  error     {} x{} at {}:", error.message, error.count, since(error.at))?;
            for (item, seen) in error.items.iter().zip(&error.last_seen) {
                write!(f, " {item} (last seen {})", OrDash(seen.map(since)))?;
            }
            writeln!(f)?;
        }
        if !self.missing.is_empty() {
            write!(f, "  missing  ")?;
            self.missing.iter().try_for_each(|kind| write!(f, " {kind}"))?;
            writeln!(f)?;
        }
        for m in &self.messages {
            writeln!(
                f,
                "  {:<9} {:>6} times, {} late, {} timed out, longest gap {}, {} odd lengths",
                m.message,
                m.count,
                m.late,
                m.timed_out,
                Seconds(m.longest_gap),
                m.odd_lengths
            )?;
        }
        let tp = &self.transport;
        writeln!(
            f,
            "  transport {} started, {} completed, {} restarted, {} retransmits, {} aborts, {} irregular",
            tp.started, tp.completed, tp.restarted, tp.retransmits, tp.aborts, tp.irregular
        )?;
        if let Some(d) = &self.disagreement {
            let (volts, amps) =
                (Decimal::new(d.voltage_dv.into(), 1), Decimal::new(d.current_da.into(), 1));
            writeln!(
                f,
                "  BCS/CCS   differ by up to {volts} V, {amps} A; {} times beyond tolerance",
                d.count
            )?;
        }
        for finding in &self.findings {
            writeln!(
                f,
                "  finding   {} (x{}, first at {})",
                finding.text,
                finding.count,
                since(finding.at)
            )?;
        }
        Ok(())
    }
}
