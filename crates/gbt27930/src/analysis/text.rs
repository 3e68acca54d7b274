//! The report for people.

use core::fmt;

use super::report::{CaptureReport, Delivery, Finding, FindingKind, Outcome, SessionReport, Stop};
use crate::edition::Party;
use crate::message::MessageKind;
use crate::units::Decimal;

impl fmt::Display for CaptureReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let foreign: u64 = self.foreign.iter().map(|source| source.frames).sum();
        writeln!(
            f,
            "{} frames, {} sessions, {foreign} foreign frames",
            self.frames,
            self.sessions.len()
        )?;
        for source in &self.foreign {
            writeln!(f, "  foreign source {:#04X}: {} frames", source.address, source.frames)?;
        }
        for (number, session) in self.sessions.iter().enumerate() {
            write!(f, "\nSession {}: {session}", number + 1)?;
        }
        Ok(())
    }
}

/// Microseconds as seconds.
struct Seconds(u64);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03} s", self.0 / 1_000_000, self.0 / 1000 % 1000)
    }
}

/// A value with a unit, or that it is not known.
struct Known(Option<i32>, u8, &'static str);

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(steps) => write!(f, "{} {}", Decimal::new(steps.into(), self.1), self.2),
            None => f.write_str("unknown"),
        }
    }
}

const fn name_of(party: Party) -> &'static str {
    match party {
        Party::Charger => "charger",
        Party::Bms => "BMS",
    }
}

impl fmt::Display for SessionReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.outcome {
            Outcome::Completed => "completed",
            Outcome::StoppedWithoutStatistics => "stopped, statistics missing",
            Outcome::CommunicationError => "ended in a communication error",
            Outcome::Unfinished => "unfinished at the end of the capture",
        };
        write!(f, "edition {}, {outcome}", self.edition)?;
        if self.starts_midway {
            f.write_str(", capture starts midway")?;
        }
        writeln!(f, "\n  frames {} to {}", self.frames.0, self.frames.1)?;
        let origin = self.time_us.map_or(0, |(start, _)| start);
        let since = |at: u64| Seconds(at.saturating_sub(origin));
        if !self.edition_conflicts.is_empty() {
            writeln!(f, "  speaks for another edition: {}", self.edition_conflicts.join(", "))?;
        }
        for span in &self.phases {
            write!(
                f,
                "  {:<15}frames {} to {}",
                alloc::format!("{:?}", span.phase),
                span.frames.0,
                span.frames.1
            )?;
            match span.time_us {
                Some((start, end)) => writeln!(f, ", {} to {}", since(start), since(end))?,
                None => writeln!(f)?,
            }
        }
        if self.reconnections > 0 {
            writeln!(f, "  reconnections: {}", self.reconnections)?;
        }
        self.write_identity(f)?;
        write_delivery(f, &self.delivery)?;
        for (place, stop) in self.stops.iter().enumerate() {
            write_stop(f, place, stop, origin)?;
        }
        for error in &self.errors {
            write!(f, "  {} sent {} times", error.message, error.count)?;
            if let Some(at) = error.time_us {
                write!(f, " from {}", since(at))?;
            }
            for item in &error.timed_out {
                write!(f, "; {}", item.item)?;
                match (item.silence_us, item.last_seen_us) {
                    (Some(silence), _) => write!(f, " (last seen {} before)", Seconds(silence))?,
                    (None, Some(_)) => {}
                    (None, None) => f.write_str(" (never seen)")?,
                }
            }
            writeln!(f)?;
        }
        self.write_messages(f)
    }
}

impl SessionReport {
    fn write_identity(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let identity = &self.identity;
        if let Some(code) = identity.battery_type {
            write!(f, "  vehicle: VIN {}", identity.vin_shown.as_deref().unwrap_or("not given"))?;
            if identity.vin.is_some() && !identity.vin_is_well_formed {
                f.write_str(" (not well-formed)")?;
            }
            writeln!(
                f,
                ", battery {} ({code}), {}, {}, BRM of {} bytes",
                identity.battery_type_name.unwrap_or("of unknown type"),
                Known(identity.rated_capacity_dah.map(Into::into), 1, "Ah"),
                Known(identity.rated_voltage_dv.map(Into::into), 1, "V"),
                identity.brm_length.unwrap_or(0),
            )?;
        }
        if let Some(number) = identity.charger_number {
            writeln!(f, "  charger number: {number} ({number:#010X})")?;
        }
        let limits = &self.limits;
        if limits.vehicle_max_voltage_dv.is_some() {
            writeln!(
                f,
                "  vehicle allows: {}, {}, {} a cell, {}; battery {} at {}",
                Known(limits.vehicle_max_voltage_dv, 1, "V"),
                Known(limits.vehicle_max_current_da, 1, "A"),
                Known(limits.vehicle_max_cell_voltage_cv, 2, "V"),
                Known(limits.vehicle_max_temperature_c, 0, "degC"),
                Known(limits.battery_energy_dkwh, 1, "kWh"),
                Known(limits.battery_voltage_dv, 1, "V"),
            )?;
        }
        if limits.charger_max_voltage_dv.is_some() {
            writeln!(
                f,
                "  charger offers: {} to {}, {} to {}",
                Known(limits.charger_min_voltage_dv, 1, "V"),
                Known(limits.charger_max_voltage_dv, 1, "V"),
                Known(limits.charger_min_current_da, 1, "A"),
                Known(limits.charger_max_current_da, 1, "A"),
            )?;
        }
        Ok(())
    }

    fn write_messages(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.missing.is_empty() {
            f.write_str("  missing:")?;
            for kind in &self.missing {
                write!(f, " {kind}")?;
            }
            writeln!(f)?;
        }
        let transport = &self.transport;
        if transport.started > 0 || transport.irregular > 0 || !transport.aborts.is_empty() {
            writeln!(
                f,
                "  transport: {} started, {} completed, {} restarted, {} retransmit requests, {} irregular frames",
                transport.started,
                transport.completed,
                transport.restarted,
                transport.retransmits,
                transport.irregular,
            )?;
        }
        for abort in &transport.aborts {
            let message = MessageKind::ALL.iter().find(|kind| kind.info().pgn() == abort.pgn);
            let message = message.map_or("unknown message", |kind| kind.code());
            let (by, reason) = (name_of(abort.by), abort.reason);
            writeln!(f, "  {by} aborted {message} {} times, reason {reason}", abort.count)?;
        }
        for finding in &self.findings {
            write_finding(f, finding)?;
        }
        for (pf, count) in &self.unknown {
            writeln!(f, "  unknown parameter group {:#06X}: {count} frames", u32::from(*pf) << 8)?;
        }
        writeln!(f, "  message   count   longest gap   late   timed out   odd length")?;
        for row in &self.messages {
            let gap = alloc::format!("{}", Seconds(row.longest_gap_us));
            writeln!(
                f,
                "  {:<7}{:>8}{gap:>14}{:>7}{:>12}{:>13}",
                row.message.code(),
                row.count,
                row.late,
                row.timed_out,
                row.unusual_length
            )?;
        }
        Ok(())
    }
}

fn write_delivery(f: &mut fmt::Formatter<'_>, delivery: &Delivery) -> fmt::Result {
    if *delivery == Delivery::default() {
        return Ok(());
    }
    write!(f, "  delivered: {}", Known(delivery.energy_dkwh, 1, "kWh"))?;
    if let Some(wh) = delivery.integrated_wh {
        write!(f, " by the charger, {wh} Wh integrated over CCS")?;
    }
    writeln!(f, "; {}", Known(delivery.minutes, 0, "min"))?;
    writeln!(
        f,
        "  state of charge: {} configured, {} to {} while charging, {} at the stop",
        Known(delivery.soc_configured_permille, 1, "%"),
        Known(delivery.soc_first, 0, "%"),
        Known(delivery.soc_last, 0, "%"),
        Known(delivery.soc_stop, 0, "%"),
    )?;
    if delivery.highest_voltage_dv.is_some() {
        let highest = Known(delivery.highest_voltage_dv, 1, "V");
        writeln!(f, "  output up to {highest}, {}", Known(delivery.strongest_current_da, 1, "A"))?;
    }
    Ok(())
}

fn write_stop(f: &mut fmt::Formatter<'_>, place: usize, stop: &Stop, origin: u64) -> fmt::Result {
    let order = if place == 0 { "stopped first by" } else { "then by" };
    let message = if stop.by == Party::Bms { "BST" } else { "CST" };
    write!(f, "  {order} {} ({message} in frame {}", name_of(stop.by), stop.frame)?;
    if let Some(at) = stop.time_us {
        write!(f, ", {}", Seconds(at.saturating_sub(origin)))?;
    }
    let causes = if stop.causes.is_empty() { "no cause".into() } else { stop.causes.join(", ") };
    writeln!(f, "): {causes}")
}

fn write_finding(f: &mut fmt::Formatter<'_>, finding: &Finding) -> fmt::Result {
    let what = match finding.what {
        FindingKind::OutOfRange => "value out of range",
        FindingKind::DemandAboveLimit => "demand above a limit",
        FindingKind::MeasurementsDisagree => "BCS and CCS disagree",
        FindingKind::AbnormalState => "abnormal state of the battery",
        FindingKind::Paused => "pause",
        FindingKind::Truncated => "mandatory fields missing",
        FindingKind::NotInEdition => "not in this edition",
    };
    write!(f, "  {what}: {}", finding.message)?;
    if let Some(field) = finding.field {
        write!(f, " {field}")?;
    }
    write!(f, ", {} times from frame {}", finding.count, finding.frame)?;
    match (finding.excess, finding.what) {
        (0, _) => writeln!(f),
        (excess, _) => writeln!(f, ", by up to {}", Decimal::new(excess, 1)),
    }
}
