//! Observation of one session.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::report::{
    Abort, Delivery, ErrorMessage, Finding, FindingKind, MessageStatistics, Outcome, PhaseSpan,
    SessionReport, Stop, TimedOut, TransportStatistics,
};
use crate::capture::{EditionEvidence, TransportNote};
use crate::codes::{Code, Permit, Recognition};
use crate::message::{
    BatteryParametersView, BatteryStateView, BatteryStatusView, ChargeDemandView,
    ChargerLimitsView, ChargerRecognitionView, ChargerStatisticsView, ChargerStatusView,
    ChargerStopCauses, ChargerTimeout, ChargerTimeouts, MessageKind, VehicleRecognitionView,
    VehicleStatisticsView, VehicleStopCauses, VehicleTimeout, VehicleTimeouts,
};
use crate::session::Settings;
use crate::table::{Fields, Phase};
use crate::units::{DeciAmps, DeciVolts};
use crate::{Edition, Party};

/// How many kinds of messages there are.
const KINDS: usize = MessageKind::ALL.len();
/// Clock resolutions of captures, in microseconds: a gap counts as late only by more than that.
const CLOCKS: [u64; 4] = [100_000, 10_000, 1_000, 0];
/// Beyond this a CCS says nothing about the time until the next one.
const INTEGRATE_US: u64 = 1_000_000;

/// Collects what a session shows; interprets edition by edition at the end.
#[derive(Debug, Clone)]
pub(super) struct Observer {
    first: (u64, Option<u64>),
    last: (u64, Option<u64>),
    evidence: EditionEvidence,
    phases: Vec<PhaseSpan>,
    reconnections: u32,
    kinds: [Seen; KINDS],
    /// Greatest entry of [`CLOCKS`] that divides every time, as an index.
    clock: usize,
    crm: Option<[u8; 8]>,
    brm: Vec<u8>,
    csd: Vec<u8>,
    limits: super::report::Limits,
    delivery: Delivery,
    charge: Charge,
    stops: Vec<(Party, u64, Option<u64>, [u8; 4])>,
    errors: Vec<ErrorMessage>,
    findings: Vec<Finding>,
    transport: TransportStatistics,
    unknown: Vec<(u8, u32)>,
    pauses: [bool; 2],
}

/// What is known of one kind of message.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    count: u32,
    last_us: Option<u64>,
    /// Index of the phase of the last one: gaps are counted within a phase.
    phase: usize,
    longest_gap_us: u64,
    /// Late gaps by clock resolution.
    late: [u32; CLOCKS.len()],
    timed_out: u32,
    /// Payloads of a length that 2011, or 2015 and 2023, do not foresee.
    unusual_lengths: [u32; 2],
    /// Whether the last payload's length is such a one.
    is_unusual: [bool; 2],
    /// Frame of the first.
    first_frame: u64,
    /// The last payload's first bytes and length: an unchanged one needs no second look.
    payload: ([u8; 8], u16),
}

/// The output as CCS tells it, integrated.
#[derive(Debug, Clone, Copy, Default)]
struct Charge {
    last: Option<(u64, DeciVolts, DeciAmps)>,
    /// Sum of 0.1 V * 0.1 A * us.
    centiwatt_micros: i128,
    latest: Option<(DeciVolts, DeciAmps)>,
}

impl Observer {
    pub(super) fn new(frame: u64, micros: Option<u64>) -> Self {
        Self {
            first: (frame, micros),
            last: (frame, micros),
            evidence: EditionEvidence::new(),
            phases: Vec::new(),
            reconnections: 0,
            kinds: [Seen::default(); KINDS],
            clock: 0,
            crm: None,
            brm: Vec::new(),
            csd: Vec::new(),
            limits: super::report::Limits::default(),
            delivery: Delivery::default(),
            charge: Charge::default(),
            stops: Vec::new(),
            errors: Vec::new(),
            findings: Vec::new(),
            transport: TransportStatistics::default(),
            unknown: Vec::new(),
            pauses: [false; 2],
        }
    }

    pub(super) const fn last_time(&self) -> Option<u64> {
        self.last.1
    }

    pub(super) fn phase(&self) -> Option<Phase> {
        self.phases.last().map(|span| span.phase)
    }

    /// Whether both sides' statistics were seen.
    pub(super) fn has_statistics(&self) -> bool {
        [MessageKind::Bsd, MessageKind::Csd]
            .iter()
            .all(|kind| self.kinds.get(*kind as usize).is_some_and(|seen| seen.count > 0))
    }

    pub(super) fn unknown(&mut self, pf: u8) {
        match self.unknown.iter_mut().find(|(known, _)| *known == pf) {
            Some((_, count)) => *count += 1,
            None => self.unknown.push((pf, 1)),
        }
    }

    pub(super) fn transport(&mut self, micros: Option<u64>, note: TransportNote) {
        let transport = &mut self.transport;
        match note {
            TransportNote::Regular => {}
            TransportNote::Started { restarted, .. } => {
                transport.started += 1;
                transport.restarted += u32::from(restarted);
            }
            TransportNote::Retransmit { .. } => transport.retransmits += 1,
            TransportNote::Irregular { .. } => transport.irregular += 1,
            TransportNote::Abort { by, pgn, reason } => {
                let reason = reason.to_code();
                let same = |a: &&mut Abort| (a.by, a.pgn, a.reason) == (by, pgn, reason);
                match transport.aborts.iter_mut().find(same) {
                    Some(abort) => abort.count += 1,
                    None => {
                        transport.aborts.push(Abort { by, pgn, reason, count: 1, time_us: micros });
                    }
                }
            }
        }
    }

    pub(super) fn message(
        &mut self,
        frame: u64,
        micros: Option<u64>,
        kind: MessageKind,
        payload: &[u8],
        is_multi_packet: bool,
    ) {
        self.last = (frame, micros.or(self.last.1));
        self.transport.completed += u32::from(is_multi_packet);
        if let Some(at) = micros {
            while CLOCKS.get(self.clock).is_some_and(|clock| *clock > 1 && at % clock != 0) {
                self.clock += 1;
            }
        }
        self.enter_phase(frame, micros, kind, payload);
        let is_new = self.count(frame, micros, kind, payload);
        // Times matter for these even if the payload is the same as before.
        match kind {
            MessageKind::Ccs => self.output(micros, payload),
            MessageKind::Bem | MessageKind::Cem => self.error(frame, micros, kind, payload),
            _ => {}
        }
        if is_new {
            self.evidence.observe(kind, payload);
            self.look_at(frame, micros, kind, payload);
        }
    }

    fn enter_phase(&mut self, frame: u64, micros: Option<u64>, kind: MessageKind, payload: &[u8]) {
        let phase = match kind {
            MessageKind::Bst | MessageKind::Cst => Phase::End,
            kind => kind.info().phase,
        };
        let is_reopening = kind == MessageKind::Crm
            && payload.first() == Some(&Recognition::NotRecognised.to_code());
        if let Some(span) = self.phases.last_mut() {
            let is_error = matches!(phase, Phase::Error | Phase::Diagnostic);
            let goes_back = is_reopening && span.phase > Phase::Recognition;
            // Messages of an earlier phase overlap with those of the next one.
            if is_error || (phase <= span.phase && !goes_back) {
                span.frames.1 = frame;
                if let (Some((_, end)), Some(at)) = (&mut span.time_us, micros) {
                    *end = at;
                }
                return;
            }
            self.reconnections += u32::from(goes_back);
        } else if matches!(phase, Phase::Error | Phase::Diagnostic) {
            return;
        }
        let time_us = micros.map(|at| (at, at));
        self.phases.push(PhaseSpan { phase, frames: (frame, frame), time_us });
    }

    /// Counts the message and its gap to the one before; true if its payload differs from that one's.
    fn count(
        &mut self,
        frame: u64,
        micros: Option<u64>,
        kind: MessageKind,
        payload: &[u8],
    ) -> bool {
        let phase = self.phases.len();
        let Some(seen) = self.kinds.get_mut(kind as usize) else { return true };
        if let (Some(last), Some(at)) = (seen.last_us, micros)
            && seen.phase == phase
        {
            let gap = at.saturating_sub(last);
            seen.longest_gap_us = seen.longest_gap_us.max(gap);
            let period = u64::from(kind.info().period_ms) * 1000;
            let late_by = gap.saturating_sub(period + period / 10);
            if period > 0 && late_by > 0 {
                for (late, clock) in seen.late.iter_mut().zip(CLOCKS) {
                    *late += u32::from(late_by > clock);
                }
                seen.timed_out += u32::from(gap > time_out_us(kind));
            }
        }
        seen.last_us = micros.or(seen.last_us);
        seen.phase = phase;
        seen.count += 1;
        if seen.count == 1 {
            seen.first_frame = frame;
        }
        if seen.count == 1 || usize::from(seen.payload.1) != payload.len() {
            seen.is_unusual = [Edition::V2011, Edition::V2015]
                .map(|edition| !kind.info().is_usual_length(edition, payload.len()));
        }
        for (count, is_unusual) in seen.unusual_lengths.iter_mut().zip(seen.is_unusual) {
            *count += u32::from(is_unusual);
        }
        let mut start = [0; 8];
        for (to, from) in start.iter_mut().zip(payload) {
            *to = *from;
        }
        let now = (start, payload.len() as u16);
        let is_new = seen.count == 1 || seen.payload != now || payload.len() > 8;
        seen.payload = now;
        is_new
    }

    fn last_seen(&self, kind: MessageKind) -> Option<u64> {
        self.kinds.get(kind as usize)?.last_us
    }

    /// Energy, extremes and the permission of the charger.
    fn output(&mut self, micros: Option<u64>, payload: &[u8]) {
        let Ok(status) = ChargerStatusView::new(payload, Edition::V2015) else { return };
        let (Some(voltage), Some(current)) = (status.voltage(), status.current()) else { return };
        if let (Some((from, volts, amps)), Some(at)) = (self.charge.last, micros) {
            let span = at.saturating_sub(from);
            if span <= INTEGRATE_US {
                let power = i64::from(volts.value()) * i64::from(amps.charging_magnitude());
                self.charge.centiwatt_micros += i128::from(power) * i128::from(span);
            }
        }
        self.charge.last = micros.map(|at| (at, voltage, current));
        self.charge.latest = Some((voltage, current));
        let highest = &mut self.delivery.highest_voltage_dv;
        *highest = (*highest).max(Some(voltage.value()));
        let strongest = &mut self.delivery.strongest_current_da;
        *strongest = Some(strongest.map_or(current.value(), |so_far| so_far.min(current.value())));
        self.delivery.minutes = status.elapsed_time().map(crate::units::Minutes::value);
    }

    fn error(&mut self, frame: u64, micros: Option<u64>, kind: MessageKind, payload: &[u8]) {
        let Some(bytes) = payload.first_chunk::<4>() else { return };
        if let Some(last) = self.errors.last_mut()
            && last.message == kind
            && last.payload == *bytes
        {
            last.count += 1;
            return;
        }
        let timed_out = |name, waited: MessageKind| {
            let last_seen_us = self.last_seen(waited);
            let silence_us = micros.zip(last_seen_us).map(|(at, seen)| at.saturating_sub(seen));
            TimedOut { item: name, last_seen_us, silence_us }
        };
        let timed_out = if kind == MessageKind::Bem {
            let items = VehicleTimeouts::from_bytes(*bytes, Edition::V2015);
            items.iter().map(|item| timed_out(item.name(), awaited_by_bms(item))).collect()
        } else {
            let items = ChargerTimeouts::from_bytes(*bytes, Edition::V2015);
            items.iter().map(|item| timed_out(item.name(), awaited_by_charger(item))).collect()
        };
        self.errors.push(ErrorMessage {
            message: kind,
            time_us: micros,
            frame,
            payload: *bytes,
            count: 1,
            timed_out,
        });
    }

    /// The content of a message whose payload changed.
    fn look_at(&mut self, frame: u64, micros: Option<u64>, kind: MessageKind, payload: &[u8]) {
        // The layout of what is read here is that of all editions.
        let edition = Edition::V2015;
        if payload.len() < kind.info().minimum.into() {
            self.find(FindingKind::Truncated, kind, None, frame, 0);
            return;
        }
        // Some ranges are those of 2011 only.
        let ranges = self.evidence.edition();
        for value in Fields::new(kind, payload, ranges).out_of_range() {
            self.find(FindingKind::OutOfRange, kind, Some(value.field.name), frame, 0);
        }
        match kind {
            MessageKind::Crm => self.crm = payload.first_chunk().copied().or(self.crm),
            MessageKind::Brm => self.brm = payload.to_vec(),
            MessageKind::Csd => self.csd = payload.to_vec(),
            MessageKind::Bcp => {
                if let Ok(view) = BatteryParametersView::new(payload, edition) {
                    let limits = &mut self.limits;
                    limits.vehicle_max_voltage_dv = view.max_total_voltage().map(DeciVolts::value);
                    limits.vehicle_max_current_da = view.max_current().map(DeciAmps::value);
                    limits.vehicle_max_cell_voltage_cv =
                        view.max_cell_voltage().map(crate::units::CentiVolts::value);
                    limits.vehicle_max_temperature_c =
                        view.max_temperature().map(crate::units::Celsius::value);
                    limits.battery_voltage_dv = view.pack_voltage().map(DeciVolts::value);
                    limits.battery_energy_dkwh =
                        view.nominal_energy().map(crate::units::DeciKilowattHours::value);
                    self.delivery.soc_configured_permille =
                        view.soc().map(crate::units::PerMille::value);
                }
            }
            MessageKind::Cml => {
                if let Ok(view) = ChargerLimitsView::new(payload, edition) {
                    let limits = &mut self.limits;
                    limits.charger_max_voltage_dv = view.max_voltage().map(DeciVolts::value);
                    limits.charger_min_voltage_dv = view.min_voltage().map(DeciVolts::value);
                    limits.charger_min_current_da = view.min_current().map(DeciAmps::value);
                    limits.charger_max_current_da = view.max_current().map(DeciAmps::value);
                }
            }
            MessageKind::Bcl => self.demand(frame, payload),
            MessageKind::Bcs => self.battery_status(frame, payload),
            MessageKind::Bsm => {
                if let Ok(view) = BatteryStateView::new(payload, edition) {
                    if view.demands_stop() {
                        self.find(FindingKind::AbnormalState, kind, None, frame, 0);
                    }
                    self.pause(0, view.charge_permit(), kind, frame);
                }
            }
            MessageKind::Ccs => {
                if let Ok(view) = ChargerStatusView::new(payload, edition) {
                    self.pause(1, view.charge_permit(), kind, frame);
                }
            }
            MessageKind::Bst | MessageKind::Cst => {
                let by = if kind == MessageKind::Bst { Party::Bms } else { Party::Charger };
                if let Some(bytes) = payload.first_chunk()
                    && !self.stops.iter().any(|stop| stop.0 == by)
                {
                    self.stops.push((by, frame, micros, *bytes));
                }
            }
            MessageKind::Bsd => {
                if let Ok(view) = VehicleStatisticsView::new(payload, edition) {
                    self.delivery.soc_stop = view.soc().map(crate::units::Percent::value);
                }
            }
            _ => {}
        }
    }

    fn demand(&mut self, frame: u64, payload: &[u8]) {
        let Ok(demand) = ChargeDemandView::new(payload, Edition::V2015) else { return };
        let limits = self.limits;
        let kind = MessageKind::Bcl;
        if let Some(volts) = demand.voltage_demand().map(DeciVolts::value) {
            for limit in [limits.vehicle_max_voltage_dv, limits.charger_max_voltage_dv] {
                if let Some(limit) = limit.filter(|limit| volts > *limit) {
                    let excess = i64::from(volts) - i64::from(limit);
                    let what = FindingKind::DemandAboveLimit;
                    self.find(what, kind, Some("voltage_demand"), frame, excess);
                }
            }
        }
        if let Some(amps) = demand.current_demand().map(DeciAmps::value) {
            // 'Above' is more negative.
            for limit in [limits.vehicle_max_current_da, limits.charger_max_current_da] {
                if let Some(limit) = limit.filter(|limit| amps < *limit) {
                    let excess = i64::from(limit) - i64::from(amps);
                    let what = FindingKind::DemandAboveLimit;
                    self.find(what, kind, Some("current_demand"), frame, excess);
                }
            }
        }
    }

    fn battery_status(&mut self, frame: u64, payload: &[u8]) {
        let Ok(status) = BatteryStatusView::new(payload, Edition::V2015) else { return };
        let kind = MessageKind::Bcs;
        if let Some(soc) = status.soc().map(crate::units::Percent::value) {
            self.delivery.soc_first = self.delivery.soc_first.or(Some(soc));
            self.delivery.soc_last = Some(soc);
        }
        let Some((volts, amps)) = self.charge.latest else { return };
        let pairs = [
            ("voltage", status.voltage().map(DeciVolts::value), volts.value()),
            ("current", status.current().map(DeciAmps::value), amps.value()),
        ];
        for (name, measured, output) in pairs {
            let Some(measured) = measured else { continue };
            let difference = measured.abs_diff(output);
            if difference > 100 && difference > output.unsigned_abs() / 20 {
                let what = FindingKind::MeasurementsDisagree;
                self.find(what, kind, Some(name), frame, difference.into());
            }
        }
    }

    fn pause(&mut self, side: usize, permit: Permit, kind: MessageKind, frame: u64) {
        let Some(paused) = self.pauses.get_mut(side) else { return };
        let now = permit == Permit::Forbidden;
        if now && !*paused {
            *paused = true;
            self.find(FindingKind::Paused, kind, None, frame, 0);
        } else {
            *paused = now;
        }
    }

    fn find(
        &mut self,
        what: FindingKind,
        message: MessageKind,
        field: Option<&'static str>,
        frame: u64,
        excess: i64,
    ) {
        let same = |f: &&mut Finding| (f.what, f.message, f.field) == (what, message, field);
        match self.findings.iter_mut().find(same) {
            Some(finding) => {
                finding.count += 1;
                finding.excess = finding.excess.max(excess);
            }
            None => self.findings.push(Finding { what, message, field, count: 1, frame, excess }),
        }
    }

    // ---- The report.

    pub(super) fn finish(mut self, edition: Option<Edition>) -> SessionReport {
        let edition = edition.unwrap_or_else(|| self.evidence.edition());
        let messages = self.message_statistics(edition);
        let missing = self.missing(edition);
        let stops = self.stops.iter().map(|stop| stop_of(stop, edition)).collect();
        let outcome = self.outcome();
        let identity = self.identity(edition);
        if let Ok(view) = ChargerStatisticsView::new(&self.csd, edition) {
            self.delivery.energy_dkwh = view.energy().map(crate::units::DeciKilowattHours::value);
            self.delivery.minutes =
                view.elapsed_time().map(crate::units::Minutes::value).or(self.delivery.minutes);
        }
        // 0.01 W * us: 3.6e11 to the watt-hour.
        let energy = u64::try_from(self.charge.centiwatt_micros / 360_000_000_000).unwrap_or(0);
        self.delivery.integrated_wh = self.charge.last.map(|_| energy);
        self.find_foreign_to(edition);
        let starts_midway = self.phases.first().is_some_and(|span| {
            let first =
                if edition == Edition::V2011 { Phase::Recognition } else { Phase::Handshake };
            span.phase > first
        });
        SessionReport {
            edition,
            edition_conflicts: self.evidence.conflicts(edition).collect(),
            outcome,
            starts_midway,
            frames: (self.first.0, self.last.0),
            time_us: self.first.1.zip(self.last.1),
            phases: self.phases,
            reconnections: self.reconnections,
            messages,
            missing,
            identity,
            limits: self.limits,
            delivery: self.delivery,
            stops,
            errors: self.errors,
            findings: self.findings,
            transport: self.transport,
            unknown: self.unknown,
        }
    }

    /// Messages that the edition does not have: a CHM in 2011 is that of a charger that fell back.
    fn find_foreign_to(&mut self, edition: Edition) {
        let what = FindingKind::NotInEdition;
        for (message, seen) in MessageKind::ALL.iter().copied().zip(&self.kinds) {
            if seen.count > 0
                && message.info().length_in(edition) == 0
                && !message.info().is_list()
                && message.info().phase <= Phase::Error
            {
                let (count, frame) = (seen.count, seen.first_frame);
                self.findings.push(Finding { what, message, field: None, count, frame, excess: 0 });
            }
        }
    }

    fn message_statistics(&self, edition: Edition) -> Vec<MessageStatistics> {
        let clock = self.clock.min(CLOCKS.len() - 1);
        let seen = MessageKind::ALL.iter().zip(&self.kinds).filter(|(_, seen)| seen.count > 0);
        seen.map(|(kind, seen)| MessageStatistics {
            message: *kind,
            count: seen.count,
            longest_gap_us: seen.longest_gap_us,
            late: seen.late.get(clock).copied().unwrap_or_default(),
            timed_out: seen.timed_out,
            unusual_length: match (edition, seen.unusual_lengths) {
                (Edition::V2011, [in_2011, _]) => in_2011,
                (_, [_, later]) => later,
            },
        })
        .collect()
    }

    /// Messages of the phases between the first and the last one seen that never came.
    fn missing(&self, edition: Edition) -> Vec<MessageKind> {
        let (Some(first), Some(last)) = (
            self.phases.iter().map(|span| span.phase).min(),
            self.phases.iter().map(|span| span.phase).max(),
        ) else {
            return Vec::new();
        };
        let optional = [MessageKind::Bmv, MessageKind::Bmt, MessageKind::Bsp, MessageKind::Cts];
        let expected = |kind: &&MessageKind| {
            let phase = match kind {
                MessageKind::Bst | MessageKind::Cst => Phase::End,
                kind => kind.info().phase,
            };
            (first..=last).contains(&phase)
                && phase <= Phase::End
                && kind.info().length_in(edition) > 0
                && !optional.contains(kind)
                && self.kinds.get(**kind as usize).is_some_and(|seen| seen.count == 0)
        };
        MessageKind::ALL.iter().filter(expected).copied().collect()
    }

    fn outcome(&self) -> Outcome {
        let count = |kind: MessageKind| self.kinds.get(kind as usize).map_or(0, |seen| seen.count);
        if count(MessageKind::Bsd) > 0 && count(MessageKind::Csd) > 0 {
            return Outcome::Completed;
        }
        if !self.stops.is_empty() || count(MessageKind::Bsd) + count(MessageKind::Csd) > 0 {
            return Outcome::StoppedWithoutStatistics;
        }
        // The error is the last word if no message of the phases came a second after it.
        let last_error = self.last_seen(MessageKind::Bem).max(self.last_seen(MessageKind::Cem));
        match (last_error, self.last.1) {
            (Some(error), Some(last)) if error + 1_000_000 >= last => Outcome::CommunicationError,
            (None, _) if !self.errors.is_empty() => Outcome::CommunicationError,
            _ => Outcome::Unfinished,
        }
    }

    fn identity(&self, edition: Edition) -> super::report::Identity {
        let mut identity = super::report::Identity::default();
        if let Ok(view) = VehicleRecognitionView::new(&self.brm, edition) {
            identity.vin = view.vin();
            identity.vin_shown = view.vin().map(|_| "<masked, 17 bytes>".to_string());
            identity.vin_is_well_formed = view.vin().is_some_and(|vin| vin.is_well_formed());
            let code = view.battery_type().to_code();
            identity.battery_type = Some(code);
            let names = crate::codes::BatteryType::NAMES;
            identity.battery_type_name =
                names.iter().find(|(known, _)| *known == code).map(|(_, name)| *name);
            identity.rated_capacity_dah =
                view.rated_capacity().map(crate::units::DeciAmpHours::raw);
            identity.rated_voltage_dv = view.rated_voltage().map(DeciVolts::raw);
            identity.protocol_version = Some((view.version_minor(), view.version_major()));
            identity.brm_length = Some(self.brm.len() as u16);
        }
        let of_csd = ChargerStatisticsView::new(&self.csd, edition).ok();
        let of_crm =
            self.crm.as_ref().and_then(|crm| ChargerRecognitionView::new(crm, edition).ok());
        identity.charger_number =
            of_crm.map(|v| v.charger_number()).or_else(|| of_csd.map(|v| v.charger_number()));
        identity
    }
}

fn stop_of(stop: &(Party, u64, Option<u64>, [u8; 4]), edition: Edition) -> Stop {
    let (by, frame, time_us, payload) = *stop;
    let causes = match by {
        Party::Bms => {
            let set = VehicleStopCauses::from_bytes(payload, edition);
            set.iter().map(|item| item.name()).collect()
        }
        Party::Charger => {
            let set = ChargerStopCauses::from_bytes(payload, edition);
            set.iter().map(|item| item.name()).collect()
        }
    };
    Stop { by, time_us, frame, payload, causes }
}

/// The limit after which the other side gives up.
const fn time_out_us(kind: MessageKind) -> u64 {
    let standard = Settings::STANDARD;
    let millis = match kind {
        MessageKind::Bcl => standard.bcl,
        MessageKind::Ccs => standard.ccs,
        MessageKind::Bmv | MessageKind::Bmt | MessageKind::Bsp => return u64::MAX,
        _ => standard.bcs,
    };
    millis as u64 * 1000
}

const fn awaited_by_bms(item: VehicleTimeout) -> MessageKind {
    match item {
        VehicleTimeout::Crm00 | VehicleTimeout::CrmAa => MessageKind::Crm,
        VehicleTimeout::CtsCml => MessageKind::Cml,
        VehicleTimeout::Cro => MessageKind::Cro,
        VehicleTimeout::Ccs => MessageKind::Ccs,
        VehicleTimeout::Cst => MessageKind::Cst,
        VehicleTimeout::Csd => MessageKind::Csd,
    }
}

const fn awaited_by_charger(item: ChargerTimeout) -> MessageKind {
    match item {
        ChargerTimeout::Brm => MessageKind::Brm,
        ChargerTimeout::Bcp => MessageKind::Bcp,
        ChargerTimeout::Bro => MessageKind::Bro,
        ChargerTimeout::Bcs => MessageKind::Bcs,
        ChargerTimeout::Bcl => MessageKind::Bcl,
        ChargerTimeout::Bst => MessageKind::Bst,
        ChargerTimeout::Bsd => MessageKind::Bsd,
    }
}
