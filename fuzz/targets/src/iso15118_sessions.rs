//! Targets of `evse-iso15118` above the codec: the session engines fed any messages at any time, SLAC frames and matching,
//! certificate chains and signatures.

use evse_iso15118::MilliUnits;
use evse_iso15118::pnc::certificate::{Limits, check_chain};
use evse_iso15118::session::{
    Answer, ControlMode, Identification, Instant, Output, Present, Protocol, Refusal, Schedule,
    SeccSettings, Service, State, Station, Timers, Vehicle, Want, Wish, minimal_message,
};
use evse_iso15118::slac::{
    AttenuationRules, Evse, EvseSettings, Frame, KeyBytes, Mac, Pev, PevSettings, SlacTimers,
};
use evse_iso15118::v2gtp::PayloadType;

use crate::iso15118_devices::{self as devices, ACDP_VEHICLE, OFFER, WPT_CHARGER, WPT_VEHICLE};

/// A station and a vehicle on a link on which the input decides what arrives, changed or not, and when.
pub(crate) fn sessions(data: &[u8]) {
    let [which, rest @ ..] = data else { return };
    let protocols = [Protocol::ALL[usize::from(*which) % Protocol::ALL.len()]];
    let service = Service::ALL.into_iter().find(|service| service.is_of(protocols[0]));
    let timers = Timers::STANDARD;
    let wish = Wish {
        evcc_id: [1; 6],
        evcc_id_text: "1",
        service: service.unwrap_or(Service::Dc),
        three_phases: true,
        control: [ControlMode::Scheduled, ControlMode::Dynamic][usize::from(*which >> 7)],
        identification: Identification::External,
        tolerance: MilliUnits::from_raw(20_000),
    };
    let mut now = Instant::from_millis(0);
    let settings =
        SeccSettings { protocols: &protocols, session_id: [7; 8], paused: None, timers: &timers };
    let mut station = Station::new(settings, &OFFER, now).with_wpt(&WPT_CHARGER);
    let mut vehicle = Vehicle::new(&protocols, &wish, &timers, None, now);
    vehicle.set_wpt(WPT_VEHICLE);
    vehicle.set_acdp(ACDP_VEHICLE);
    let (mut request, mut response) = (vec![0; 2048], vec![0; 2048]);
    let length = vehicle.handshake(&mut request).unwrap_or(0);
    let mut sent = Some((PayloadType::Sap, length));
    for step in rest.chunks(3) {
        let [action, much, wait] = [0, 1, 2].map(|i| step.get(i).copied().unwrap_or(0));
        now = Instant::from_millis(now.as_millis() + u64::from(wait) * u64::from(wait));
        let Some((kind, length)) = sent else { break };
        if action >= 0xF0 && length > 0 {
            request[usize::from(much) % length] ^= action;
        }
        let message = request[..length].to_vec();
        let output = station.handle_message(now, 0, kind, &message, &mut response);
        let answered = match output {
            Output::Send(kind, length) => Some((kind, length)),
            Output::Ask(question) => {
                let mut own = vec![0; 512];
                let answer = match question {
                    evse_iso15118::session::Question::Message(ask) => {
                        let name = format!("{}Res", ask.request.base());
                        let id = station.secc().session_id();
                        let made = minimal_message(ask.set, &name, &id, 0, &[], &mut own);
                        Answer::Message(&own[..made.unwrap_or(0)])
                    }
                    question => {
                        let device = devices::answer(&question, action % 8 != 0);
                        device.filter(|_| action < 0xC0).unwrap_or_else(|| answer(action, much))
                    }
                };
                let sent = station.answer(now, 0, &answer, &mut response);
                let refusal = Refusal::ALL[usize::from(much) % Refusal::ALL.len()];
                sent.or_else(|_| station.refuse(now, 0, refusal, &mut response)).ok()
            }
            _ => None,
        };
        let Some((kind, length)) = answered else { break };
        vehicle.handle_message(now, kind, &response[..length]);
        // Beside all that, the charger's state.
        if wait & 1 == 1
            && let Ok((kind, length)) = vehicle.ask_status(now, 0, &mut request)
            && let Output::Send(kind, length) =
                station.handle_message(now, 0, kind, &request[..length], &mut response)
        {
            vehicle.handle_message(now, kind, &response[..length]);
        }
        let wants = [Want::Charge, Want::Charge, Want::Stop, Want::Pause, Want::Renegotiate];
        let volts = MilliUnits::from_raw(400_000);
        let want = wants[usize::from(much) % wants.len()];
        let state = State { target_voltage: volts, want, ..State::default() };
        sent = vehicle.next(now, 0, &state, &mut request).ok();
    }
    // Any octets, at last, under any type of the protocol.
    let kind = PayloadType::from_raw(0x8001 + u16::from(*which % 6));
    let _ = station.handle_message(now, 0, kind, rest, &mut response);
    vehicle.handle_message(now, kind, rest);
    // Whoever still waits comes to an end.
    for _ in 0..8 {
        if let Some(deadline) = station.poll_timeout() {
            station.handle_timeout(deadline);
        }
        if let Some(deadline) = vehicle.poll_timeout() {
            vehicle.handle_timeout(deadline);
        }
    }
    assert_eq!((station.poll_timeout(), vehicle.poll_timeout()), (None, None));
}

fn answer(action: u8, much: u8) -> Answer<'static> {
    let value = MilliUnits::from_raw(i64::from(much) * 2000);
    let limits = evse_iso15118::session::Limits { max_voltage: Some(value), ..Default::default() };
    let schedule = Schedule::constant(value, u32::from(much));
    match action % 8 {
        0 => Answer::Ongoing,
        1 => Answer::WaitForCustomer,
        2 | 3 => Answer::Limits(limits, schedule),
        4 => schedule.map_or(Answer::Ongoing, Answer::Schedule),
        5 | 6 => Answer::Present(Present { voltage: value, ..Present::default() }),
        _ => Answer::Done,
    }
}

/// Any octets as frames of both sides of a matching, with time passing between them.
pub(crate) fn slac(data: &[u8]) {
    let (mac, nmk, timers) = (Mac([2; 6]), KeyBytes([3; 16]), SlacTimers::STANDARD);
    let mut now = evse_iso15118::slac::Instant::from_millis(0);
    let settings = EvseSettings { mac, nid: [0; 7], nmk, path_loss: 1, timers };
    let mut evse = Evse::new(settings, now);
    let settings = PevSettings {
        mac: Mac([1; 6]),
        run_id: [0; 8],
        random: [0; 16],
        nonce: [0; 4],
        rules: AttenuationRules::CUSTOMARY,
        timers,
    };
    let mut pev = Pev::new(settings, now);
    let mut out = [0; 2048];
    for chunk in data.chunks(64) {
        now = evse_iso15118::slac::Instant::from_millis(now.as_millis() + u64::from(chunk[0]));
        let head = [&[1; 12][..], &[0x88, 0xE1, 1], chunk].concat();
        for octets in [chunk, &head] {
            let Ok(frame) = Frame::decode(octets) else { continue };
            let length = frame.encode(&mut out).expect("a frame that was read can be written");
            assert!(out[..length].starts_with(octets));
            evse.handle_frame(now, &frame);
            pev.handle_frame(now, &frame);
        }
        while pev
            .poll_transmit(&mut out)
            .is_some_and(|length| Frame::decode(&out[..length]).is_ok())
        {
            let copy = out;
            if let Ok(frame) = Frame::decode(&copy) {
                evse.handle_frame(now, &frame);
            }
        }
        while evse.poll_transmit(&mut out).is_some() {
            let copy = out;
            if let Ok(frame) = Frame::decode(&copy) {
                pev.handle_frame(now, &frame);
            }
        }
        while pev.poll_event().is_some() || evse.poll_event().is_some() {}
    }
}

/// Any octets as a chain: an error or a key, no panic.
pub(crate) fn certificates(data: &[u8]) {
    let [cut, rest @ ..] = data else { return };
    let (leaf, issuer) = rest.split_at(usize::from(*cut).min(rest.len()));
    for limits in [Limits::ISO2, Limits::ISO20, Limits::ISO20_ED448] {
        let _ = check_chain(&[leaf], &[issuer], limits, 1_700_000_000);
        let _ = check_chain(&[rest], &[rest], limits, 1_700_000_000);
    }
}
