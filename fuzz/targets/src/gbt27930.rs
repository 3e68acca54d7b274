//! Targets of `evse-gbt27930`.

use arbitrary::{Arbitrary, Unstructured};
use evse_gbt27930::analysis::Analyzer;
use evse_gbt27930::candump::Record;
use evse_gbt27930::message::*;
use evse_gbt27930::session::{Bms, Charger, Event, Lists, State};
use evse_gbt27930::table::Fields;
use evse_gbt27930::transport::{Receiver, ReceiverEvent, Sender, Timing};
use evse_gbt27930::{Edition, Frame, Instant, Party};

/// Any text: lines are read or refused, and every analysis ends.
pub(crate) fn candump(data: &[u8]) {
    let mut analyzer = Analyzer::new(None);
    for line in data.split(|byte| *byte == b'\n') {
        if let Ok(Some(record)) = Record::parse(line) {
            if let Some(frame) = record.frame {
                // What is printed is read back.
                let text = frame.to_string();
                let again = Record::parse(text.as_bytes()).expect("our own text").expect("a frame");
                assert_eq!(again.frame, Some(frame));
            }
            analyzer.handle_record(&record);
        }
    }
    let _ = analyzer.finish().to_string();
}

/// Any payload of any message in any edition: it is decoded or refused for its length alone, keeps its bytes, its fields
/// can be put into an empty payload again, and owned values encode to what decodes to them.
pub(crate) fn codec(data: &[u8]) {
    let [kind, edition, payload @ ..] = data else { return };
    let kind = MessageKind::ALL[usize::from(*kind) % MessageKind::ALL.len()];
    let edition = Edition::ALL[usize::from(*edition) % Edition::ALL.len()];
    let payload = &payload[..payload.len().min(1785)];
    let fields = Fields::new(kind, payload, edition);
    let mut copy = vec![0xFF; payload.len()];
    for value in fields.iter() {
        let put = value.field.put(&mut copy, edition, value.index, value.value);
        put.expect("what was read fits");
        let _ = (value.physical().map(|d| d.to_string()), value.is_in_range());
    }
    let same = Fields::new(kind, &copy, edition);
    assert!(fields.iter().map(|v| v.value).eq(same.iter().map(|v| v.value)));
    match Message::decode(kind, payload, edition) {
        Ok(message) => {
            assert_eq!(message.as_bytes(), payload);
            let _ = format!("{message:?}");
            reencode(&message);
        }
        Err(error) => {
            assert!(payload.len() < kind.info().minimum.into(), "{error}");
        }
    }
}

macro_rules! roundtrip {
    ($message:expr, $($kind:ident $owned:ident;)+) => { match $message {
        $( Message::$kind(view) => {
            let edition = view.edition();
            let owned = $owned::from(*view);
            let mut out = [0; 64];
            match owned.encode(edition, &mut out) {
                Ok(len) => {
                    let again = $owned::decode(&out[..len], edition).expect("a whole message");
                    // Bytes behind the edition's length are not part of the owned value; the rest is.
                    if view.as_bytes().len() <= len {
                        assert_eq!(again, owned);
                    }
                }
                Err(error) => {
                    assert!(MessageKind::$kind.info().length_in(edition) == 0, "{error}");
                }
            }
        } )+
        _ => {}
    } };
}

fn reencode(message: &Message<'_>) {
    roundtrip! { message,
        Chm ChargerHandshake;
        Bhm VehicleHandshake;
        Crm ChargerRecognition;
        Brm VehicleRecognition;
        Bcp BatteryParameters;
        Cts ChargerTime;
        Cml ChargerLimits;
        Bro VehicleReady;
        Cro ChargerReady;
        Bcl ChargeDemand;
        Bcs BatteryStatus;
        Ccs ChargerStatus;
        Bsm BatteryState;
        Bsd VehicleStatistics;
        Csd ChargerStatistics;
    }
}

#[derive(Debug, Arbitrary)]
enum BusStep {
    /// The next frame of either side arrives.
    Deliver,
    /// The next frame is lost.
    Lose,
    /// The next frame arrives twice.
    Double,
    /// Time passes.
    Wait(u16),
    /// A frame of the fuzzer's.
    Inject(Frame),
}

#[derive(Debug, Arbitrary)]
struct Transfer {
    size: u16,
    window: u8,
    memory: u16,
    steps: Vec<BusStep>,
}

/// A transfer over a bad bus: an honest one delivers exactly the bytes that were sent, whatever is lost or doubled.
pub(crate) fn transport(data: &[u8]) {
    let Ok(input) = Transfer::arbitrary(&mut Unstructured::new(data)) else { return };
    let message: Vec<u8> = (0..1785_u32).map(|i| i.to_le_bytes()[0] ^ 0x5A).collect();
    let timing = Timing { window: input.window, ..Timing::STANDARD };
    let mut sender = Sender::new(Party::Bms, timing);
    let mut receiver = Receiver::new(Party::Charger, timing);
    let mut memory = vec![0; usize::from(input.memory % 2048)];
    let size = 9 + input.size % 1777;
    let mut now = Instant::from_millis(0);
    assert!(sender.start(now, 0x1500, size));
    let mut honest = true;
    let mut deliver = |now, frame: &Frame, receiver: &mut Receiver, sender: &mut Sender, honest| {
        sender.handle_frame(now, frame);
        if let Some(ReceiverEvent::Received { size: got, .. }) =
            receiver.handle_frame(now, frame, &mut memory)
        {
            assert!(usize::from(got) <= memory.len());
            if honest {
                assert_eq!(memory[..got.into()], message[..got.into()]);
                assert_eq!(got, size);
            }
        }
    };
    for step in &input.steps {
        if let BusStep::Wait(millis) = step {
            now = now.plus_millis((*millis).into());
            receiver.handle_timeout(now);
            sender.handle_timeout(now);
            continue;
        }
        if let BusStep::Inject(frame) = step {
            honest = false;
            deliver(now, frame, &mut receiver, &mut sender, honest);
            continue;
        }
        let next = receiver.poll_transmit().or_else(|| sender.poll_transmit(now, &message));
        let Some(frame) = next else {
            now = now.plus_millis(10);
            continue;
        };
        let times = match step {
            BusStep::Lose => 0,
            BusStep::Double => 2,
            _ => 1,
        };
        for _ in 0..times {
            deliver(now, &frame, &mut receiver, &mut sender, honest);
        }
    }
    // Alone, both give up within their longest timer.
    now = now.plus_millis(2_000);
    receiver.handle_timeout(now);
    assert_eq!(receiver.receiving(), None);
}

#[derive(Debug, Arbitrary)]
enum HostStep {
    Frame(Frame),
    Wait(u16),
    Connected,
    Insulation(bool),
    Ready(bool),
    Stop,
    Pause,
    Resume,
    Measured(u16, u16),
    Unplugged,
    Reset,
}

/// Any frames and host events in any order: both engines go on, power is off in every state but Ready and Charging,
/// and each ends its session when left alone.
pub(crate) fn engines(data: &[u8]) {
    use evse_gbt27930::units::{DeciAmps, DeciVolts};
    let mut u = Unstructured::new(data);
    let Ok(edition) = u.choose(&Edition::ALL).copied() else { return };
    let Ok(steps) = Vec::<HostStep>::arbitrary(&mut u) else { return };
    let (mut charger, mut bms) = (Charger::new(edition), Bms::new(edition));
    let mut memory = [0; 1785];
    let mut now = Instant::from_millis(0);
    let mut output_on = false;
    for step in steps {
        match step {
            HostStep::Frame(frame) => {
                charger.handle_frame(now, &frame, &mut memory);
                bms.handle_frame(now, &frame, &mut memory);
            }
            HostStep::Wait(millis) => {
                now = now.plus_millis(millis.into());
                charger.handle_timeout(now, &mut memory);
                bms.handle_timeout(now, &mut memory);
            }
            HostStep::Connected => {
                charger.connected(now);
                bms.connected(now);
            }
            HostStep::Insulation(passed) => charger.insulation_result(now, passed),
            HostStep::Ready(is_ready) => {
                charger.set_ready(now, is_ready);
                bms.set_ready(now, is_ready);
            }
            HostStep::Stop => {
                charger.stop(now, charger.no_causes());
                bms.stop(now, bms.no_causes());
            }
            HostStep::Pause => {
                charger.pause(now);
                bms.pause(now);
            }
            HostStep::Resume => {
                charger.resume(now);
                bms.resume(now);
            }
            HostStep::Measured(volts, amps) => {
                charger.measured(DeciVolts::from_raw(volts), DeciAmps::from_raw(amps));
                bms.measured(now, DeciVolts::from_raw(volts), DeciAmps::from_raw(amps));
            }
            HostStep::Unplugged => {
                charger.unplugged(now);
                bms.unplugged(now);
            }
            HostStep::Reset => {
                charger.operator_reset();
                bms.operator_reset();
            }
        }
        drain(&mut charger, &mut bms, &mut output_on);
    }
    // Alone from now on; what only the host can end, it ends.
    for _ in 0..100_000 {
        charger.insulation_result(now, false);
        charger.set_ready(now, true);
        bms.set_ready(now, true);
        drain(&mut charger, &mut bms, &mut output_on);
        let next = charger.poll_timeout().into_iter().chain(bms.poll_timeout()).min();
        let Some(next) = next else { break };
        now = now.max(next);
        charger.handle_timeout(now, &mut memory);
        bms.handle_timeout(now, &mut memory);
    }
    let is_over = |state| matches!(state, State::Idle | State::Done | State::Failed);
    assert!(is_over(charger.state()), "{:?}", charger.state());
    assert!(is_over(bms.state()), "{:?}", bms.state());
    assert!(!output_on);
}

fn drain(charger: &mut Charger, bms: &mut Bms, output_on: &mut bool) {
    while let Some(event) = charger.poll_event() {
        match event {
            Event::SetOutput { .. } => *output_on = true,
            Event::OutputOff => *output_on = false,
            _ => {}
        }
    }
    let powered = matches!(charger.state(), State::Ready | State::Charging);
    assert!(!*output_on || powered, "power in {:?}", charger.state());
    while bms.poll_event().is_some() {}
    let mut frames = 0;
    while charger.poll_transmit().is_some() || bms.poll_transmit(&Lists::default()).is_some() {
        frames += 1;
        assert!(frames < 100, "frames without end");
    }
}
