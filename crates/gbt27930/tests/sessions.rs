//! Both engines on a simulated bus: loss, duplication, delay (and so reordering) and corrupted bits. Every run ends in
//! Done or Failed within bounded virtual time, and no power flows after a stop condition.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::std_instead_of_alloc,
    clippy::cast_precision_loss,
    reason = "a failed unwrap is the failed assertion"
)]

use std::collections::BTreeMap;

use evse_gbt27930::message::{ChargerStopCause, VehicleStopCause};
use evse_gbt27930::session::{Bms, Charger, Event, Lists, State};
use evse_gbt27930::units::{DeciAmps, DeciVolts};
use evse_gbt27930::{Edition, Frame, Instant, MessageKind, Party};
use proptest::prelude::*;

/// Which disturbances, in 1/256 of the frames.
#[derive(Debug, Clone, Copy, Default)]
struct Bus {
    loss: u8,
    duplication: u8,
    corruption: u8,
    /// Longest delay in milliseconds; different delays reorder.
    delay: u8,
}

#[derive(Debug, Clone, Copy)]
struct Plan {
    charger: Edition,
    bms: Edition,
    bus: Bus,
    /// From then to then the bus is cut.
    cut: (u32, u32),
    /// Who stops, and when.
    stop_by: Party,
    stop_at: u32,
    seed: u64,
}

/// Small deterministic numbers.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn hits(&mut self, per_256: u8) -> bool {
        self.next() % 256 < per_256.into()
    }
}

struct World {
    plan: Plan,
    chance: Chance,
    charger: Charger,
    bms: Bms,
    memory: ([u8; 1785], [u8; 1785]),
    now: u64,
    /// Frames under way by time and order of sending.
    air: BTreeMap<(u64, u64), (Party, Frame)>,
    order: u64,
    /// What the charger's host does with its output.
    output_on: bool,
    stopped: bool,
    log: Vec<(Party, Event)>,
    insulation_at: Option<u64>,
}

/// The host's answer times.
const INSULATION_MS: u64 = 400;
/// Long after every timer, reconnections and both 10-minute limits included.
const END_OF_TIME: u64 = 1_500_000;

impl World {
    fn new(plan: Plan) -> Self {
        Self {
            plan,
            chance: Chance(plan.seed | 1),
            charger: Charger::new(plan.charger),
            bms: Bms::new(plan.bms),
            memory: ([0; 1785], [0; 1785]),
            now: 0,
            air: BTreeMap::new(),
            order: 0,
            output_on: false,
            stopped: false,
            log: Vec::new(),
            insulation_at: None,
        }
    }

    fn at(&self) -> Instant {
        Instant::from_millis(self.now)
    }

    fn run(&mut self) {
        self.charger.connected(self.at());
        self.bms.connected(self.at());
        self.drain();
        let mut steps = 0_u64;
        while !(is_over(self.charger.state()) && is_over(self.bms.state())) {
            steps += 1;
            assert!(steps < 2_000_000, "no end: {:?} {:?}", self.charger.state(), self.bms.state());
            let times = [
                self.charger.poll_timeout().map(Instant::as_millis),
                self.bms.poll_timeout().map(Instant::as_millis),
                self.air.keys().next().map(|key| key.0),
                (!self.stopped).then_some(self.plan.stop_at.into()),
                self.insulation_at,
            ];
            let next = times.into_iter().flatten().min().expect("something is always due");

            self.now = next.max(self.now);
            assert!(self.now < END_OF_TIME, "{:?} {:?}", self.charger.state(), self.bms.state());
            let now = self.at();
            self.charger.handle_timeout(now, &mut self.memory.0);
            self.bms.handle_timeout(now, &mut self.memory.1);
            self.drain();
            if !self.stopped && self.now >= self.plan.stop_at.into() {
                self.stop();
            }
            if self.insulation_at.is_some_and(|at| at <= self.now) {
                self.insulation_at = None;
                self.charger.insulation_result(now, true);
                self.drain();
            }
            while let Some(entry) = self.air.first_entry().filter(|entry| entry.key().0 <= self.now)
            {
                let (from, frame) = entry.remove();
                match from {
                    Party::Bms => self.charger.handle_frame(now, &frame, &mut self.memory.0),
                    Party::Charger => self.bms.handle_frame(now, &frame, &mut self.memory.1),
                }
                self.drain();
            }
        }
    }

    fn stop(&mut self) {
        let now = self.at();
        // A stop in Charging only; otherwise the host tries again later.
        match self.plan.stop_by {
            Party::Charger if self.charger.state() == State::Charging => {
                self.stopped = true;
                let causes = self.charger.no_causes().with(ChargerStopCause::ManualStop);
                self.charger.stop(now, causes);
            }
            Party::Bms if self.bms.state() == State::Charging => {
                self.stopped = true;
                let causes = self.bms.no_causes().with(VehicleStopCause::SocReached);
                self.bms.stop(now, causes);
            }
            _ => self.plan.stop_at = u32::try_from(self.now + 50).unwrap(),
        }
        self.drain();
    }

    /// Events to the hosts, frames to the bus.
    fn drain(&mut self) {
        loop {
            if let Some(event) = self.charger.poll_event() {
                self.host_of_charger(event);
            } else if let Some(event) = self.bms.poll_event() {
                self.host_of_bms(event);
            } else if let Some(frame) = self.charger.poll_transmit() {
                self.send(Party::Charger, frame);
            } else if let Some(frame) = self.bms.poll_transmit(&Lists {
                cell_voltages: &[0x6A; 48],
                temperatures: &[75; 12],
                reserved: &[],
            }) {
                self.send(Party::Bms, frame);
            } else {
                return;
            }
        }
    }

    fn host_of_charger(&mut self, event: Event) {
        self.log.push((Party::Charger, event));
        match event {
            Event::StartInsulationTest { .. } => {
                self.insulation_at = Some(self.now + INSULATION_MS);
            }
            Event::PrepareOutput => self.charger.set_ready(self.at(), true),
            Event::SetOutput { voltage, current } => {
                self.output_on = true;
                if let (Some(voltage), Some(current)) = (voltage, current) {
                    self.charger.measured(voltage, current);
                }
            }
            Event::OutputOff => {
                self.output_on = false;
                self.charger.measured(DeciVolts::from_raw(0), DeciAmps::ZERO);
            }
            Event::PauseOutput => self.output_on = false,
            _ => {}
        }
        let state = self.charger.state();
        assert!(
            !self.output_on || matches!(state, State::Ready | State::Charging) || self.has_more(),
            "power in {state:?}"
        );
    }

    /// Whether an `OutputOff` may still be in the queue: the assertion is repeated when it is drained.
    fn has_more(&mut self) -> bool {
        let mut copy = self.charger.clone();
        core::iter::from_fn(|| copy.poll_event()).any(|event| event == Event::OutputOff)
    }

    fn host_of_bms(&mut self, event: Event) {
        self.log.push((Party::Bms, event));
        if event == Event::CloseContactors {
            self.bms.set_ready(self.at(), true);
        }
    }

    fn send(&mut self, from: Party, frame: Frame) {
        let bus = self.plan.bus;
        let cut = u64::from(self.plan.cut.0)..u64::from(self.plan.cut.1);
        if cut.contains(&self.now) || self.chance.hits(bus.loss) {
            return;
        }
        let copies = if self.chance.hits(bus.duplication) { 2 } else { 1 };
        for _ in 0..copies {
            let mut frame = frame;
            // A CAN controller rejects nearly all corrupted frames; the engines must bear the others.
            if self.chance.hits(bus.corruption) && !frame.data().is_empty() {
                let mut data = frame.data().to_vec();
                let bit = usize::try_from(self.chance.next() % (data.len() as u64 * 8)).unwrap();
                data[bit / 8] ^= 1 << (bit % 8);
                frame = Frame::new(frame.id(), &data).unwrap();
            }
            let delay = 1 + self.chance.next() % (u64::from(bus.delay) + 1);
            self.order += 1;
            self.air.insert((self.now + delay, self.order), (from, frame));
        }
    }
}

fn is_over(state: State) -> bool {
    matches!(state, State::Done | State::Failed)
}

/// After the end nothing is sent and no power flows, whatever still arrives.
fn is_quiet(world: &mut World) {
    assert!(!world.output_on, "power after the end");
    world.now += 3_600_000;
    let now = world.at();
    world.charger.handle_timeout(now, &mut world.memory.0);
    world.bms.handle_timeout(now, &mut world.memory.1);
    while let Some(event) = world.charger.poll_event() {
        assert!(!matches!(event, Event::SetOutput { .. }));
    }
    assert_eq!(world.charger.poll_transmit(), None);
    assert_eq!(world.bms.poll_transmit(&Lists::default()), None);
}

fn plan(stop_by: Party) -> Plan {
    Plan {
        charger: Edition::V2015,
        bms: Edition::V2015,
        bus: Bus::default(),
        cut: (0, 0),
        stop_by,
        stop_at: 8_000,
        seed: 7,
    }
}

#[test]
fn an_undisturbed_session_is_done_on_both_sides() {
    for stop_by in [Party::Charger, Party::Bms] {
        for (charger, bms) in [
            (Edition::V2015, Edition::V2015),
            (Edition::V2011, Edition::V2011),
            (Edition::V2015, Edition::V2011),
            (Edition::V2023, Edition::V2023),
        ] {
            let mut world = World::new(Plan { charger, bms, ..plan(stop_by) });
            world.run();
            let ends = (world.charger.state(), world.bms.state());
            assert_eq!(ends, (State::Done, State::Done), "{charger} {bms}");
            assert_eq!(world.charger.edition(), bms.min(charger));
            is_quiet(&mut world);
            let seen = |party, wanted: MessageKind| {
                world.log.iter().any(|(by, event)| {
                    *by == party && matches!(event, Event::Message { kind, .. } if *kind == wanted)
                })
            };
            assert!(
                seen(Party::Charger, MessageKind::Bmv) && seen(Party::Charger, MessageKind::Bmt)
            );
            assert!(seen(Party::Bms, MessageKind::Csd) && seen(Party::Charger, MessageKind::Bsd));
        }
    }
}

/// A cut of three seconds: both sides notice, the charger starts recognition again, and the session goes on.
#[test]
fn a_broken_line_is_reconnected() {
    let mut world = World::new(Plan { cut: (4_000, 7_000), stop_at: 30_000, ..plan(Party::Bms) });
    world.run();
    assert_eq!((world.charger.state(), world.bms.state()), (State::Done, State::Done));
    let reconnects = |event: &Event| matches!(event, Event::Reconnect { .. });
    assert_eq!(world.log.iter().filter(|(_, event)| reconnects(event)).count(), 1);
    is_quiet(&mut world);
}

#[test]
fn a_line_that_stays_broken_fails() {
    let mut world = World::new(Plan { cut: (4_000, u32::MAX), ..plan(Party::Bms) });
    world.run();
    assert_eq!((world.charger.state(), world.bms.state()), (State::Failed, State::Failed));
    is_quiet(&mut world);
}

/// State of a session, without the memory lent for multi-packet messages.
#[test]
fn engines_are_small() {
    println!("Charger {} bytes, Bms {} bytes", size_of::<Charger>(), size_of::<Bms>());
    assert!(size_of::<Charger>() <= 1024 && size_of::<Bms>() <= 1024);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_session_ends(
        loss in 0..60_u8, duplication in 0..60_u8, corruption in 0..20_u8, delay in 0..80_u8,
        cut in (0..20_000_u32, 0..20_000_u32), by_charger in any::<bool>(), stop_at in 0..20_000_u32,
        charger in 0..3_usize, bms in 0..3_usize, seed in any::<u64>(),
    ) {
        let mut world = World::new(Plan {
            charger: Edition::ALL[charger],
            bms: Edition::ALL[bms],
            bus: Bus { loss, duplication, corruption, delay },
            cut: (cut.0, cut.0 + cut.1),
            stop_by: if by_charger { Party::Charger } else { Party::Bms },
            stop_at,
            seed,
        });
        world.run();
        is_quiet(&mut world);
        // No output between an OutputOff and the next time charging is reached.
        let mut off = false;
        for (_, event) in world.log.iter().filter(|(by, _)| *by == Party::Charger) {
            match event {
                Event::OutputOff => off = true,
                Event::StateChanged(State::Charging) => off = false,
                Event::SetOutput { .. } => prop_assert!(!off, "output after a stop"),
                _ => {}
            }
        }
    }
}
