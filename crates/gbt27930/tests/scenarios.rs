//! Both engines on a faultless bus in virtual time, scenario by scenario: a whole session of either side's making,
//! pauses, the 2011 flow, each message that does not come, reconnections, contactors. (`sessions.rs` has the hostile bus.)

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::std_instead_of_alloc,
    reason = "a test"
)]
use std::collections::BTreeMap;

use State::*;
use evse_gbt27930::message::*;
use evse_gbt27930::session::*;
use evse_gbt27930::units::*;
use evse_gbt27930::{Edition, Frame, Instant, Party};

struct Bench {
    charger: Charger,
    bms: Bms,
    memory: [u8; 64],
    now: u64,
    wire: BTreeMap<(u64, u64), (bool, Frame)>,
    sequence: u64,
    log: Vec<(u64, &'static str, Event)>,
    /// Messages that the bus swallows.
    swallow: Vec<MessageKind>,
    /// What the power stage would do, from the events alone.
    delivering: bool,
    answers_as_host: bool,
}

impl Bench {
    fn new(charger: Edition, bms: Edition) -> Self {
        Self {
            charger: Charger::new(charger),
            bms: Bms::new(bms),
            memory: [0; 64],
            now: 0,
            wire: BTreeMap::new(),
            sequence: 0,
            log: Vec::new(),
            swallow: Vec::new(),
            delivering: false,
            answers_as_host: true,
        }
    }

    fn at(&self) -> Instant {
        Instant::from_millis(self.now)
    }

    fn connect(&mut self) {
        self.charger.connected(self.at());
        self.bms.connected(self.at());
        self.settle();
    }

    /// Runs until a time or until both ends are over.
    fn run(&mut self, until: u64) {
        loop {
            let due = [self.charger.poll_timeout(), self.bms.poll_timeout()];
            let due = due.into_iter().flatten().map(Instant::as_millis).min().unwrap_or(u64::MAX);
            let arrival = self.wire.keys().next().map_or(u64::MAX, |(at, _)| *at);
            let next = due.min(arrival).max(self.now);
            if next > until || next == u64::MAX {
                self.now = until;
                return;
            }
            assert!(next > self.now || self.sequence < 3_000_000, "no progress at {next}");
            self.now = next;
            let at = self.at();
            self.charger.handle_timeout(at, &mut self.memory);
            self.bms.handle_timeout(at, &mut []);
            self.settle();
            while let Some(entry) = self.wire.first_entry().filter(|e| e.key().0 <= self.now) {
                let (to_charger, frame) = entry.remove();
                if to_charger {
                    self.charger.handle_frame(at, &frame, &mut self.memory);
                } else {
                    self.bms.handle_frame(at, &frame, &mut []);
                }
                self.settle();
            }
        }
    }

    /// Drains both ends; the host answers what asks for an answer.
    fn settle(&mut self) {
        loop {
            let mut quiet = true;
            while let Some(event) = self.charger.poll_event() {
                quiet = false;
                self.log.push((self.now, "charger", event));
                let at = self.at();
                match event {
                    Event::SetOutput { current, .. } => {
                        let state = self.charger.state();
                        assert!(matches!(state, Ready | Charging), "power in {state:?}");
                        self.delivering = current.is_some_and(|c| c.charging_magnitude() > 0);
                    }
                    Event::OutputOff | Event::PauseOutput => self.delivering = false,
                    Event::StartInsulationTest { .. } if self.answers_as_host => {
                        self.charger.insulation_result(at, true);
                    }
                    Event::PrepareOutput if self.answers_as_host => {
                        self.charger.set_ready(at, true);
                    }
                    _ => {}
                }
            }
            while let Some(event) = self.bms.poll_event() {
                quiet = false;
                self.log.push((self.now, "bms", event));
                if event == Event::CloseContactors && self.answers_as_host {
                    let at = self.at();
                    self.bms.set_ready(at, true);
                }
            }
            while let Some(frame) = self.charger.poll_transmit() {
                quiet = false;
                self.put(false, frame);
            }
            while let Some(frame) = self.bms.poll_transmit(&Lists::default()) {
                quiet = false;
                self.put(true, frame);
            }
            if quiet {
                break;
            }
        }
        let ended =
            matches!(self.charger.state(), Stopping | Statistics | CommError | Done | Failed);
        assert!(!(ended && self.delivering), "power in {:?}", self.charger.state());
    }

    fn put(&mut self, to_charger: bool, frame: Frame) {
        self.sequence += 1;
        let kind = MessageKind::of(frame.id()).ok();
        let is_swallowed = |kind: MessageKind| self.swallow.contains(&kind);
        // A message in packets is swallowed by its announcement.
        let announced = (frame.id().pf() == 0xEC && frame.data()[0] == 0x10)
            .then(|| MessageKind::from_pf(frame.data()[6], Party::Bms))
            .flatten();
        if kind.is_some_and(is_swallowed) || announced.is_some_and(is_swallowed) {
            return;
        }
        self.wire.insert((self.now + 1, self.sequence), (to_charger, frame));
    }

    fn states(&self, who: &str) -> Vec<State> {
        let of = |(_, side, event): &(u64, &str, Event)| match event {
            Event::StateChanged(state) if *side == who => Some(*state),
            _ => None,
        };
        self.log.iter().filter_map(of).collect()
    }

    fn has(&self, who: &str, wanted: impl Fn(&Event) -> bool) -> bool {
        self.log.iter().any(|(_, side, event)| *side == who && wanted(event))
    }
}

#[test]
fn a_whole_session_stopped_by_the_charger() {
    let mut bench = Bench::new(Edition::V2015, Edition::V2015);
    bench.connect();
    bench.run(60_000);
    assert_eq!((bench.charger.state(), bench.bms.state()), (Charging, Charging));
    assert!(bench.delivering);
    let causes = bench.charger.no_causes().with(ChargerStopCause::ManualStop);
    let at = bench.at();
    bench.charger.stop(at, causes);
    bench.settle();
    bench.run(70_000);
    assert_eq!(
        bench.states("charger"),
        [
            Handshake,
            InsulationTest,
            Recognise,
            Recognised,
            Configure,
            PrepareOutput,
            Ready,
            Charging,
            Stopping,
            Statistics,
            Done
        ]
    );
    assert_eq!(
        bench.states("bms"),
        [
            WaitChm,
            Handshake,
            Recognise,
            Configure,
            Ready,
            WaitCharger,
            Charging,
            Stopping,
            Statistics,
            Done
        ]
    );
    let by_charger = |event: &Event| matches!(event, Event::Stop { by: StopBy::Charger, causes: StopCauses::Charger(c) } if c.contains(ChargerStopCause::ManualStop));
    assert!(bench.has("bms", by_charger));
    assert!(bench.has("charger", |e| *e == Event::OpenContactors));
}

#[test]
fn a_whole_session_stopped_by_the_vehicle_with_a_pause_before() {
    let mut bench = Bench::new(Edition::V2015, Edition::V2015);
    bench.connect();
    bench.run(5_000);
    let at = bench.at();
    bench.bms.pause(at);
    bench.run(6_000);
    assert!(bench.has("charger", |e| *e == Event::PauseOutput) && !bench.delivering);
    let at = bench.at();
    bench.bms.resume(at);
    bench.run(7_000);
    assert!(bench.has("charger", |e| *e == Event::ResumeOutput) && bench.delivering);
    let (at, causes) = (bench.at(), bench.bms.no_causes().with(VehicleStopCause::SocReached));
    bench.bms.stop(at, causes);
    bench.settle();
    bench.run(15_000);
    assert_eq!((bench.charger.state(), bench.bms.state()), (Done, Done));
}

#[test]
fn a_vehicle_of_2011_gets_the_2011_flow() {
    let mut bench = Bench::new(Edition::V2015, Edition::V2011);
    bench.connect();
    bench.run(20_000);
    assert_eq!(bench.charger.state(), Charging);
    assert_eq!(bench.charger.edition(), Edition::V2011);
}

#[test]
fn a_pause_of_ten_minutes_ends_the_session() {
    let mut bench = Bench::new(Edition::V2015, Edition::V2015);
    bench.connect();
    bench.run(5_000);
    let at = bench.at();
    bench.charger.pause(at);
    bench.run(604_900);
    assert_eq!(bench.charger.state(), Charging);
    bench.run(620_000);
    assert!(bench.has("charger", |e| matches!(e, Event::Stop { by: StopBy::PauseTimeout, .. })));
    assert_eq!(bench.charger.state(), Done);
}

/// Every message that a side waits for, swallowed: the time-out has its name, and the session ends in time.
#[test]
fn every_message_that_is_missing_is_named() {
    let cases = [
        ("charger", MessageKind::Brm, WaitingFor::Brm),
        ("charger", MessageKind::Bcp, WaitingFor::Bcp),
        ("charger", MessageKind::Bro, WaitingFor::Bro),
        ("charger", MessageKind::Bcl, WaitingFor::Bcl),
        ("charger", MessageKind::Bcs, WaitingFor::Bcs),
        ("charger", MessageKind::Bst, WaitingFor::Bst),
        ("charger", MessageKind::Bsd, WaitingFor::Bsd),
        ("bms", MessageKind::Crm, WaitingFor::Crm00),
        ("bms", MessageKind::Cml, WaitingFor::CtsCml),
        ("bms", MessageKind::Cro, WaitingFor::Cro),
        ("bms", MessageKind::Ccs, WaitingFor::Ccs),
        ("bms", MessageKind::Cst, WaitingFor::Cst),
        ("bms", MessageKind::Csd, WaitingFor::Csd),
    ];
    for (side, kind, waiting_for) in cases {
        let mut bench = Bench::new(Edition::V2015, Edition::V2015);
        // Without any BCS the charger would not send CCS, and the vehicle's 1 s would be over first.
        bench.swallow.extend(Some(kind).filter(|kind| *kind != MessageKind::Bcs));
        bench.swallow.extend((kind == MessageKind::Cro).then_some(MessageKind::Cem));
        bench.connect();
        bench.run(4_000);
        bench.swallow.clear();
        bench.swallow.push(kind);
        match kind {
            // A BSD would say as much as the BST.
            MessageKind::Bst => bench.swallow.push(MessageKind::Bsd),
            // The charger gives up first, for want of BCL; its CEM must not be heard.
            MessageKind::Cro => bench.swallow.push(MessageKind::Cem),
            _ => {}
        }
        if matches!(kind, MessageKind::Bst | MessageKind::Bsd | MessageKind::Csd) {
            let (at, causes) =
                (bench.at(), bench.charger.no_causes().with(ChargerStopCause::ManualStop));
            bench.charger.stop(at, causes);
        } else if kind == MessageKind::Cst {
            let (at, causes) =
                (bench.at(), bench.bms.no_causes().with(VehicleStopCause::SocReached));
            bench.bms.stop(at, causes);
        }
        bench.settle();
        bench.run(400_000);
        if kind == MessageKind::Ccs {
            // Each attempt reaches charging and so is a first one again: only the hosts end this.
            let (at, charger, bms) = (bench.at(), bench.charger.no_causes(), bench.bms.no_causes());
            bench.charger.stop(at, charger);
            bench.bms.stop(at, bms);
            bench.settle();
            bench.run(500_000);
        }
        assert!(bench.has(side, |e| *e == Event::Timeout { waiting_for }), "{kind}");
        for state in [bench.charger.state(), bench.bms.state()] {
            assert!(matches!(state, Done | Failed), "{kind}: {state:?}");
        }
    }
}

#[test]
fn three_reconnections_then_failed() {
    let mut bench = Bench::new(Edition::V2015, Edition::V2015);
    bench.swallow.push(MessageKind::Brm);
    bench.connect();
    bench.run(200_000);
    let attempts: Vec<_> = bench
        .log
        .iter()
        .filter_map(
            |(_, _, e)| if let Event::Reconnect { attempt } = e { Some(*attempt) } else { None },
        )
        .collect();
    assert_eq!(attempts, [1, 2, 3]);
    assert!(bench.charger.mishaps().recovery_failed);
    let last = bench.log.iter().filter(|(_, side, e)| {
        *side == "charger" && matches!(e, Event::SessionEnd { done: false })
    });
    assert_eq!(last.count(), 1);
}

#[test]
fn high_current_keeps_contactors_closed_until_it_falls_or_time_is_over() {
    let mut bench = Bench::new(Edition::V2015, Edition::V2015);
    bench.connect();
    bench.run(3_000);
    let at = bench.at();
    let amps = DeciAmps::from_charging_magnitude(1000).unwrap();
    bench.charger.measured(DeciVolts::from_raw(4000), amps);
    bench.bms.measured(at, DeciVolts::from_raw(4000), amps);
    bench.charger.stop(at, bench.charger.no_causes());
    bench.settle();
    let opened = |b: &Bench, who| {
        b.log.iter().find(|(_, s, e)| *s == who && *e == Event::OpenContactors).map(|(t, ..)| *t)
    };
    assert_eq!(opened(&bench, "charger"), None);
    bench.run(3_100);
    assert_eq!(opened(&bench, "charger"), Some(3_100));
    assert_eq!((opened(&bench, "bms"), bench.bms.state()), (None, Stopping));
    let at = bench.at();
    bench.bms.measured(at, DeciVolts::from_raw(4000), DeciAmps::ZERO);
    bench.settle();
    assert_eq!(opened(&bench, "bms"), Some(3_100));
    assert_eq!(bench.bms.state(), Statistics);
}
