//! Follows one session.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::report::*;
use crate::capture::{EditionEvidence, TransportNote};
use crate::message::*;
use crate::session::Settings;
use crate::table::{Fields, Phase};
use crate::units::{DeciAmps, DeciVolts};
use crate::{Edition, Party};

const KINDS: usize = MessageKind::ALL.len();

/// A session in the making. Layouts depend on the edition, which later messages may decide; so the few messages that
/// matter are kept as bytes and read at the end, and the many are read with layouts that all editions share.
#[derive(Debug)]
pub(super) struct Tracker {
    start: u64,
    end: u64,
    first_frame: u64,
    first_kind: Option<MessageKind>,
    evidence: EditionEvidence,
    counts: [Option<Seen>; KINDS],
    phases: Vec<PhaseSpan>,
    brm: Option<Vec<u8>>,
    crm: Option<Vec<u8>>,
    bcp: Option<Vec<u8>>,
    cml: Option<Vec<u8>>,
    bhm: Option<Vec<u8>>,
    bsd: Option<Vec<u8>>,
    csd: Option<Vec<u8>>,
    bst: Option<(u64, [u8; 4])>,
    cst: Option<(u64, [u8; 4])>,
    first_stop: Option<(u64, Party)>,
    errors: Vec<(ErrorReport, [u8; 4])>,
    totals: Totals,
    output: Option<(u64, DeciVolts, DeciAmps)>,
    /// Centiwatts times microseconds.
    output_work: u64,
    first_ccs: Option<u64>,
    disagreement: Option<Disagreement>,
    demand: Option<(DeciVolts, DeciAmps)>,
    transport: TransportReport,
    findings: Vec<Finding>,
    /// Payloads already checked against ranges, by message: the last one is rarely repeated in full.
    last_checked: [u64; KINDS],
    last_was_error: bool,
    pub(super) unknown: u64,
}

/// A message's statistics in the making.
#[derive(Debug, Clone, Copy)]
struct Seen {
    count: u64,
    first: u64,
    last: u64,
    late: u64,
    timed_out: u64,
    longest_gap: u64,
    /// How often each length class came: usual in 2011, usual in 2015.
    usual_2011: u64,
    usual_2015: u64,
}

impl Tracker {
    pub(super) fn new(micros: u64, frame: u64) -> Self {
        Self {
            start: micros,
            end: micros,
            first_frame: frame,
            first_kind: None,
            evidence: EditionEvidence::new(),
            counts: [None; KINDS],
            phases: Vec::new(),
            brm: None,
            crm: None,
            bcp: None,
            cml: None,
            bhm: None,
            bsd: None,
            csd: None,
            bst: None,
            cst: None,
            first_stop: None,
            errors: Vec::new(),
            totals: Totals::default(),
            output: None,
            output_work: 0,
            first_ccs: None,
            disagreement: None,
            demand: None,
            transport: TransportReport::default(),
            findings: Vec::new(),
            last_checked: [0; KINDS],
            last_was_error: false,
            unknown: 0,
        }
    }

    pub(super) const fn last_micros(&self) -> u64 {
        self.end
    }

    pub(super) const fn has_ended(&self) -> bool {
        self.csd.is_some() || self.bsd.is_some()
    }

    pub(super) const fn has_recognised(&self) -> bool {
        self.brm.is_some() || self.bcp.is_some()
    }

    pub(super) fn transport(&mut self, micros: u64, note: TransportNote) {
        self.end = micros;
        match note {
            TransportNote::Regular => {}
            TransportNote::Started { restarted, .. } => {
                self.transport.started += 1;
                self.transport.restarted += u64::from(restarted);
            }
            TransportNote::Retransmit { .. } => self.transport.retransmits += 1,
            TransportNote::Abort { by, pgn, reason } => {
                self.transport.aborts += 1;
                self.find(micros, format!("{by:?} aborts the transfer of {pgn:#06x}: {reason:?}"));
            }
            TransportNote::Irregular { .. } => self.transport.irregular += 1,
        }
    }

    pub(super) fn message(&mut self, micros: u64, _frame: u64, kind: MessageKind, payload: &[u8]) {
        self.first_kind.get_or_insert(kind);
        self.end = micros;
        self.evidence.observe(kind, payload);
        let gap = self.count(micros, kind, payload);
        self.phase(micros, kind);
        self.check_ranges(micros, kind, payload);
        let is_error = matches!(kind, MessageKind::Bem | MessageKind::Cem);
        self.last_was_error = is_error || self.last_was_error && kind == MessageKind::Crm;
        // Layouts without differences between editions may be read at once.
        let edition = Edition::V2015;
        match kind {
            MessageKind::Bcl => self.on_demand(micros, payload),
            MessageKind::Ccs => self.on_output(micros, payload, gap),
            MessageKind::Bcs => self.on_measurement(payload),
            MessageKind::Bst => {
                self.first_stop.get_or_insert((micros, Party::Bms));
                if let Some(bytes) = payload.first_chunk() {
                    let own = VehicleStopCauses::from_bytes(*bytes, edition)
                        .iter()
                        .any(|c| c != VehicleStopCause::ChargerStop);
                    if self.bst.is_none()
                        || own
                            && self
                                .bst
                                .is_some_and(|(_, old)| old[0] & 0x3F == 0 && old[1..] == [0; 3])
                    {
                        self.bst = Some((micros, *bytes));
                    }
                }
            }
            MessageKind::Cst => {
                self.first_stop.get_or_insert((micros, Party::Charger));
                if let Some(bytes) = payload.first_chunk() {
                    self.cst.get_or_insert((micros, *bytes));
                }
            }
            MessageKind::Bem | MessageKind::Cem => self.on_error(micros, kind, payload),
            MessageKind::Brm => keep(&mut self.brm, payload),
            MessageKind::Crm => keep(&mut self.crm, payload),
            MessageKind::Bcp => keep(&mut self.bcp, payload),
            MessageKind::Cml => keep(&mut self.cml, payload),
            MessageKind::Bhm => keep(&mut self.bhm, payload),
            MessageKind::Bsd => keep(&mut self.bsd, payload),
            MessageKind::Csd => keep(&mut self.csd, payload),
            MessageKind::Cts => {
                if let Ok(view) = ChargerTimeView::new(payload, edition)
                    && view.time().reading() == crate::text::ChargerClock::Invalid
                {
                    self.find(micros, String::from("CTS is no packed BCD"));
                }
            }
            _ => {}
        }
    }

    /// Counts a message and gives the gap since the one before.
    fn count(&mut self, micros: u64, kind: MessageKind, payload: &[u8]) -> Option<u64> {
        let info = kind.info();
        let slot = self.counts.get_mut(kind as usize)?;
        let usual = |edition| u64::from(info.is_usual_length(edition, payload.len()));
        let Some(seen) = slot else {
            *slot = Some(Seen {
                count: 1,
                first: micros,
                last: micros,
                late: 0,
                timed_out: 0,
                longest_gap: 0,
                usual_2011: usual(Edition::V2011),
                usual_2015: usual(Edition::V2015),
            });
            return None;
        };
        let gap = micros.saturating_sub(seen.last);
        let period = u64::from(info.period_ms) * 1000;
        seen.count += 1;
        seen.last = micros;
        seen.usual_2011 += usual(Edition::V2011);
        seen.usual_2015 += usual(Edition::V2015);
        seen.late += u64::from(period > 0 && gap > period + period / 10);
        seen.timed_out += u64::from(gap > u64::from(timeout_of(kind)) * 1000);
        seen.longest_gap = seen.longest_gap.max(gap);
        Some(gap)
    }

    fn phase(&mut self, micros: u64, kind: MessageKind) {
        let phase = kind.info().phase;
        match self.phases.iter_mut().rev().find(|span| span.phase == phase) {
            // A phase that comes again after a later one is a reconnection.
            Some(span) if !(phase == Phase::Recognition && self.last_was_error) => {
                span.end = micros;
            }
            _ => self.phases.push(PhaseSpan { phase, start: micros, end: micros }),
        }
    }

    fn check_ranges(&mut self, micros: u64, kind: MessageKind, payload: &[u8]) {
        // Most messages repeat the one before.
        let digest = payload.iter().fold(payload.len() as u64 + 1, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u64::from(*byte))
        });
        match self.last_checked.get_mut(kind as usize) {
            Some(last) if *last != digest => *last = digest,
            _ => return,
        }
        for value in Fields::new(kind, payload, Edition::V2015).out_of_range() {
            let text = format!("{kind} {} out of range", value.field.name);
            self.find(micros, text);
        }
    }

    fn on_demand(&mut self, micros: u64, payload: &[u8]) {
        let Ok(demand) = ChargeDemandView::new(payload, Edition::V2015) else { return };
        let (Some(voltage), Some(current)) = (demand.voltage_demand(), demand.current_demand())
        else {
            return;
        };
        if self.demand.replace((voltage, current)) == Some((voltage, current)) {
            return;
        }
        let bcp =
            self.bcp.as_deref().and_then(|b| BatteryParametersView::new(b, Edition::V2015).ok());
        let cml = self.cml.as_deref().and_then(|b| ChargerLimitsView::new(b, Edition::V2015).ok());
        let battery = (bcp.and_then(|b| b.max_total_voltage()), bcp.and_then(|b| b.max_current()));
        let charger = (cml.and_then(|c| c.max_voltage()), cml.and_then(|c| c.max_current()));
        for ((max_voltage, max_current), whose) in [(battery, "BCP"), (charger, "CML")] {
            if max_voltage.is_some_and(|max| voltage > max) {
                self.find(micros, format!("BCL voltage demand above {whose}"));
            }
            if max_current
                .is_some_and(|max| current.charging_magnitude() > max.charging_magnitude())
            {
                self.find(micros, format!("BCL current demand above {whose}"));
            }
        }
    }

    fn on_output(&mut self, micros: u64, payload: &[u8], gap: Option<u64>) {
        self.first_ccs.get_or_insert(micros);
        let Ok(status) = ChargerStatusView::new(payload, Edition::V2015) else { return };
        let (Some(voltage), Some(current)) = (status.voltage(), status.current()) else { return };
        if let (Some((_, volts, amps)), Some(gap)) = (self.output, gap) {
            // Tenths of a volt times tenths of an ampere: centiwatts; held since the last CCS, at most its time-out.
            let centiwatts =
                u64::from(volts.raw()) * u64::from(amps.charging_magnitude().max(0).unsigned_abs());
            self.output_work =
                self.output_work.saturating_add(centiwatts.saturating_mul(gap.min(1_000_000)));
        }
        self.output = Some((micros, voltage, current));
        let peak = self.totals.peak_current.get_or_insert(current);
        *peak = (*peak).min(current);
    }

    fn on_measurement(&mut self, payload: &[u8]) {
        let Ok(status) = BatteryStatusView::new(payload, Edition::V2015) else { return };
        if let Some(soc) = status.soc() {
            self.totals.first_soc.get_or_insert(soc);
            self.totals.last_soc = Some(soc);
        }
        let (Some((_, volts, amps)), Some(voltage), Some(current)) =
            (self.output, status.voltage(), status.current())
        else {
            return;
        };
        let voltage_dv = u32::from(volts.raw().abs_diff(voltage.raw()));
        let current_da = u32::from(amps.raw().abs_diff(current.raw()));
        let beyond = |difference: u32, of: u32| difference > 20 && difference * 20 > of;
        let apart = beyond(voltage_dv, voltage.raw().into())
            || beyond(current_da, current.charging_magnitude().unsigned_abs());
        let d = self.disagreement.get_or_insert(Disagreement {
            voltage_dv: 0,
            current_da: 0,
            count: 0,
        });
        d.voltage_dv = d.voltage_dv.max(voltage_dv);
        d.current_da = d.current_da.max(current_da);
        d.count += u64::from(apart);
    }

    fn on_error(&mut self, micros: u64, kind: MessageKind, payload: &[u8]) {
        let Some(bytes) = payload.first_chunk().copied() else { return };
        if let Some((last, old)) = self.errors.last_mut()
            && last.message == kind
            && *old == bytes
        {
            last.count += 1;
            return;
        }
        let edition = Edition::V2015;
        let (items, waited): (Vec<_>, Vec<MessageKind>) = if kind == MessageKind::Bem {
            VehicleTimeouts::from_bytes(bytes, edition)
                .iter()
                .map(|item| (item.name(), awaited_by_vehicle(item)))
                .unzip()
        } else {
            ChargerTimeouts::from_bytes(bytes, edition)
                .iter()
                .map(|item| (item.name(), awaited_by_charger(item)))
                .unzip()
        };
        let last_seen = waited.iter().map(|kind| self.seen(*kind).map(|seen| seen.last)).collect();
        self.errors
            .push((ErrorReport { message: kind, at: micros, count: 1, items, last_seen }, bytes));
    }

    fn seen(&self, kind: MessageKind) -> Option<&Seen> {
        self.counts.get(kind as usize)?.as_ref()
    }

    fn find(&mut self, micros: u64, text: String) {
        match self.findings.iter_mut().find(|finding| finding.text == text) {
            Some(finding) => finding.count += 1,
            None => self.findings.push(Finding { at: micros, count: 1, text }),
        }
    }

    pub(super) fn finish(mut self, forced: Option<Edition>) -> SessionReport {
        let verdict = forced.or_else(|| self.evidence.verdict());
        let edition = verdict.unwrap_or_default();
        self.note_mixture(edition);
        let brm = self.brm.as_deref().and_then(|b| VehicleRecognitionView::new(b, edition).ok());
        let crm = self.crm.as_deref().and_then(|b| ChargerRecognitionView::new(b, edition).ok());
        let bcp = self.bcp.as_deref().and_then(|b| BatteryParametersView::new(b, edition).ok());
        let cml = self.cml.as_deref().and_then(|b| ChargerLimitsView::new(b, edition).ok());
        let bhm = self.bhm.as_deref().and_then(|b| VehicleHandshakeView::new(b, edition).ok());
        let bsd = self.bsd.as_deref().and_then(|b| VehicleStatisticsView::new(b, edition).ok());
        let csd = self.csd.as_deref().and_then(|b| ChargerStatisticsView::new(b, edition).ok());
        let mut totals = self.totals;
        // 1 mWh is 3.6 J, 1 J is 10^8 centiwatt microseconds.
        totals.integrated_mwh = self.output_work / 360_000_000;
        totals.soc_at_start = bcp.and_then(|b| b.soc());
        totals.last_soc = bsd.and_then(|b| b.soc()).or(totals.last_soc);
        totals.energy = csd.and_then(|c| c.energy());
        totals.reported_time = csd.and_then(|c| c.elapsed_time());
        totals.charging_micros = match (self.first_ccs, self.seen(MessageKind::Ccs)) {
            (Some(first), Some(seen)) => seen.last.saturating_sub(first),
            _ => 0,
        };
        let outcome = if self.bsd.is_some() && self.csd.is_some() {
            Outcome::Completed
        } else if self.last_was_error {
            Outcome::CommunicationError
        } else if self.first_stop.is_some() {
            Outcome::StoppedWithoutStatistics
        } else {
            Outcome::CutOff
        };
        SessionReport {
            edition,
            edition_is_certain: verdict.is_some(),
            first_frame: self.first_frame,
            start: self.start,
            end: self.end,
            begins_midway: self.begins_midway(),
            outcome,
            vehicle: VehicleIdentity {
                version: brm.map(|b| (b.version_major(), b.version_minor())),
                battery_type: brm.map(|b| b.battery_type()),
                rated_capacity: brm.and_then(|b| b.rated_capacity()),
                rated_voltage: brm.and_then(|b| b.rated_voltage()),
                vin: brm.and_then(|b| b.vin()),
            },
            charger_number: crm.map(|c| c.charger_number()),
            limits: Limits {
                insulation_voltage: bhm.and_then(|b| b.max_total_voltage()),
                cell_voltage: bcp.and_then(|b| b.max_cell_voltage()),
                battery_current: bcp.and_then(|b| b.max_current()),
                battery_voltage: bcp.and_then(|b| b.max_total_voltage()),
                temperature: bcp.and_then(|b| b.max_temperature()),
                nominal_energy: bcp.and_then(|b| b.nominal_energy()),
                charger_max_voltage: cml.and_then(|c| c.max_voltage()),
                charger_min_voltage: cml.and_then(|c| c.min_voltage()),
                charger_current: cml.and_then(|c| c.max_current()),
            },
            totals,
            stop: self.first_stop.map(|(at, by)| StopReport {
                by,
                at,
                vehicle: self.bst.map(|(_, bytes)| VehicleStopCauses::from_bytes(bytes, edition)),
                charger: self.cst.map(|(_, bytes)| ChargerStopCauses::from_bytes(bytes, edition)),
            }),
            missing: self.missing(edition),
            messages: self.statistics(edition),
            transport: TransportReport { completed: self.completed(), ..self.transport },
            errors: self.errors.into_iter().map(|(report, _)| report).collect(),
            phases: self.phases,
            disagreement: self.disagreement,
            findings: self.findings,
        }
    }

    /// Traits of the other edition.
    fn note_mixture(&mut self, edition: Edition) {
        let (start, is_old) = (self.start, edition == Edition::V2011);
        if is_old && self.seen(MessageKind::Chm).is_some() {
            self.find(
                start,
                String::from("CHM in a session of 2011: a later charger that fell back"),
            );
        }
        for kind in [MessageKind::Cml, MessageKind::Ccs, MessageKind::Csd, MessageKind::Brm] {
            let Some(seen) = self.seen(kind) else { continue };
            let other = if is_old { seen.usual_2015 } else { seen.usual_2011 };
            let (own, first) = (if is_old { seen.usual_2011 } else { seen.usual_2015 }, seen.first);
            if other > own {
                self.find(first, format!("{kind} has the length of another edition"));
            }
        }
    }

    fn begins_midway(&self) -> bool {
        !matches!(
            self.first_kind,
            Some(MessageKind::Chm | MessageKind::Bhm | MessageKind::Crm | MessageKind::Brm)
        )
    }

    /// Messages that a session which reached a later phase must have shown.
    fn missing(&self, edition: Edition) -> Vec<MessageKind> {
        let reached = self.phases.iter().map(|span| span.phase).filter(|p| *p <= Phase::End).max();
        let begun = self.first_kind.map(|kind| kind.info().phase);
        let is_expected = |kind: &MessageKind| {
            let info = kind.info();
            let is_optional = matches!(kind, MessageKind::Cts) || info.is_list();
            let in_span = Some(info.phase) <= reached
                && Some(info.phase) >= begun
                && info.phase <= Phase::End;
            // The stops are due only once the end was reached.
            let is_due =
                !matches!(kind, MessageKind::Bst | MessageKind::Cst) || reached == Some(Phase::End);
            info.length_in(edition) > 0 && in_span && is_due && !is_optional
        };
        MessageKind::ALL
            .iter()
            .copied()
            .filter(|kind| is_expected(kind) && self.seen(*kind).is_none())
            .collect()
    }

    fn statistics(&self, edition: Edition) -> Vec<MessageStatistics> {
        let of = |&message: &MessageKind| {
            let seen = self.seen(message)?;
            let usual = if edition == Edition::V2011 { seen.usual_2011 } else { seen.usual_2015 };
            Some(MessageStatistics {
                message,
                count: seen.count,
                first: seen.first,
                last: seen.last,
                late: seen.late,
                timed_out: seen.timed_out,
                longest_gap: seen.longest_gap,
                odd_lengths: seen.count - usual,
            })
        };
        MessageKind::ALL.iter().filter_map(of).collect()
    }

    /// Messages that were multi-packet by their length.
    fn completed(&self) -> u64 {
        let multi = [MessageKind::Brm, MessageKind::Bcp, MessageKind::Bcs];
        multi.iter().filter_map(|kind| self.seen(*kind)).map(|seen| seen.count).sum()
    }
}

/// Keeps the first payload of a kind, or a longer one.
fn keep(slot: &mut Option<Vec<u8>>, payload: &[u8]) {
    if slot.as_ref().is_none_or(|old| old.as_slice() != payload) {
        *slot = Some(payload.to_vec());
    }
}

/// After how long without it the other side gives up, in milliseconds.
const fn timeout_of(kind: MessageKind) -> u32 {
    const S: Settings = Settings::STANDARD;
    match kind {
        MessageKind::Bcl => S.bcl,
        MessageKind::Bcs => S.bcs,
        MessageKind::Ccs => S.ccs,
        MessageKind::Bmv | MessageKind::Bmt | MessageKind::Bsp => u32::MAX,
        _ => 5000,
    }
}

const fn awaited_by_vehicle(item: VehicleTimeout) -> MessageKind {
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
