//! Whole charges: station and vehicle on one link in virtual time, over every protocol, service and control mode; and every
//! value that a charger must refuse.

use evse_iso15118::SchemaSet;
use evse_iso15118::session::{
    Answer, AnswerError, ControlMode, End, Evcc, Event, Facts, Generation, Identification, Limits,
    NextError, Notification, Offer, Output, Phase, Present, Protocol, Question, Refusal, Secc,
    SeccSettings, Service, State, Station, Timers, Vehicle, Want, Wish, minimal_message,
};
use evse_iso15118::v2gtp::PayloadType;

use crate::host::{CHARGES, Host, ID, OFFER, SECONDS, milli, vehicle_state, wish};
use crate::link::Link;

/// What the README says of their state; the messages stay in the caller's buffers.
#[test]
fn engines_are_small() {
    let sizes = [
        ("Station", size_of::<Station<'_>>(), 1_024),
        ("Vehicle", size_of::<Vehicle<'_>>(), 1_152),
        ("Secc", size_of::<Secc<'_>>(), 400),
        ("Evcc", size_of::<Evcc<'_>>(), 400),
    ];
    for (engine, size, limit) in sizes {
        println!("{engine}: {size} octets");
        assert!(size <= limit, "{engine}: {size} octets, at most {limit}");
    }
}

#[test]
fn whole_charges_of_every_protocol_service_and_mode() {
    for (protocol, service) in CHARGES {
        for control in [ControlMode::Scheduled, ControlMode::Dynamic] {
            let (protocols, timers, wish) = ([protocol], Timers::STANDARD, wish(service, control));
            let mut link = Link::new(&protocols, &OFFER, &wish, &timers, None);
            let mut state = vehicle_state();
            link.until(&state, Phase::Charging);
            for _ in 0..5 {
                link.turn(&state);
            }
            let heard = *link.vehicle.heard();
            if service.is_dc() {
                assert_eq!(heard.present.voltage, milli(400), "{protocol:?}");
                assert_eq!(heard.limits.max_current, Some(milli(200)), "{protocol:?}");
                assert_eq!(link.host.count("cable check"), 2);
                // A vehicle of -20 says once more that the voltage is there.
                let says_so = usize::from(protocol.generation() == Generation::Iso20);
                assert_eq!(link.host.count("pre-charge"), 2 + says_so);
            }
            assert_eq!(link.host.count("deliver"), 5);
            let is_dynamic =
                control == ControlMode::Dynamic && protocol.generation() == Generation::Iso20;
            if !is_dynamic {
                // PMax of DIN is in watts up to 32,767.
                let most = if protocol == Protocol::Din70121 { 32_767 } else { 40_000 };
                let first = heard.schedule.unwrap().steps()[0].power;
                assert_eq!(first, milli(most), "{protocol:?}");
            }
            if service == Service::Dc && !is_dynamic {
                let demand = link.host.demands[0];
                assert_eq!((demand.voltage, demand.current), (Some(milli(400)), Some(milli(100))));
            }
            state.want = Want::Stop;
            let ends = link.finish(&state);
            assert_eq!(ends, [Some(End::Terminated); 2], "{protocol:?} {service:?} {control:?}");
            assert_eq!((link.host.count("close"), link.host.count("open")), (1, 1));
            assert_eq!(link.station.poll_timeout(), None);
            assert_eq!(link.vehicle.poll_timeout(), None);
        }
    }
}

#[test]
fn the_charger_stops() {
    for (protocol, service) in CHARGES {
        let (protocols, timers) = ([protocol], Timers::STANDARD);
        let wish = wish(service, ControlMode::Scheduled);
        let mut link = Link::new(&protocols, &OFFER, &wish, &timers, None);
        let state = vehicle_state();
        link.until(&state, Phase::Charging);
        link.turn(&state);
        link.station.notify(Notification::Stop);
        assert_eq!(link.finish(&state), [Some(End::Terminated); 2], "{protocol:?}");
        assert_eq!(link.host.count("open"), 1);
    }
}

#[test]
fn the_charger_asks_for_a_renegotiation_once() {
    for (protocol, service) in CHARGES.into_iter().skip(1) {
        let (protocols, timers) = ([protocol], Timers::STANDARD);
        let wish = wish(service, ControlMode::Scheduled);
        let mut link = Link::new(&protocols, &OFFER, &wish, &timers, None);
        let state = vehicle_state();
        link.until(&state, Phase::Charging);
        link.station.notify(Notification::Renegotiate);
        link.turn(&state);
        link.station.notify(Notification::None);
        link.until(&state, Phase::Renegotiation);
        link.until(&state, Phase::Charging);
        link.turn(&state);
        assert_eq!(link.vehicle.phase(), Phase::Charging, "{protocol:?}");
    }
}

#[test]
fn a_charge_pauses_and_is_joined_again() {
    for (protocol, service) in [
        (Protocol::Iso2, Service::Ac),
        (Protocol::Iso2, Service::Dc),
        (Protocol::Iso20Ac, Service::Ac),
        (Protocol::Iso20Dc, Service::Dc),
    ] {
        let (protocols, timers) = ([protocol], Timers::STANDARD);
        let wish = wish(service, ControlMode::Scheduled);
        let mut link = Link::new(&protocols, &OFFER, &wish, &timers, None);
        let mut state = vehicle_state();
        link.until(&state, Phase::Charging);
        state.want = Want::Pause;
        assert_eq!(link.finish(&state), [Some(End::Paused); 2]);
        let id = link.station.secc().session_id();

        state.want = Want::Charge;
        let mut link = Link::new(&protocols, &OFFER, &wish, &timers, Some(id));
        link.turn(&state);
        assert!(link.station.secc().is_joined());
        assert!(link.events.contains(&Event::Session { joined: true }));
        assert_eq!(link.vehicle.evcc().session_id(), id);
        link.until(&state, Phase::Charging);
    }
}

#[test]
fn standby_and_services_again() {
    let (protocols, timers) = ([Protocol::Iso20Dc], Timers::STANDARD);
    let wish = wish(Service::Dc, ControlMode::Dynamic);
    let mut link = Link::new(&protocols, &OFFER, &wish, &timers, None);
    let mut state = vehicle_state();
    link.until(&state, Phase::Charging);
    state.want = Want::Standby;
    link.until(&state, Phase::Standby);
    state.want = Want::Charge;
    link.until(&state, Phase::Charging);
    state.want = Want::RenegotiateService;
    link.until(&state, Phase::Discovery);
    state.want = Want::Charge;
    link.until(&state, Phase::Charging);

    let strict = Offer { standby: false, ..OFFER };
    let mut link = Link::new(&protocols, &strict, &wish, &timers, None);
    link.until(&state, Phase::Charging);
    state.want = Want::Standby;
    link.turn(&state);
    assert!(link.events.contains(&Event::Warned(Refusal::Standby)));
    assert_eq!(link.vehicle.phase(), Phase::Charging);
    assert_eq!(link.station.phase(), Phase::Charging);
}

#[test]
fn a_vehicle_leaves_a_charger_that_has_not_what_it_wants() {
    for (protocol, service) in [(Protocol::Iso2, Service::Ac), (Protocol::Iso20Dc, Service::DcBpt)]
    {
        let (protocols, timers) = ([protocol], Timers::STANDARD);
        let offer = Offer { services: &[Service::Dc], ..OFFER };
        let wish = wish(service, ControlMode::Scheduled);
        let mut link = Link::new(&protocols, &offer, &wish, &timers, None);
        let state = vehicle_state();
        while link.ends[1].is_none() {
            link.turn(&state);
        }
        assert_eq!(link.ends[1], Some(End::NotOffered));
    }
}

/// A vehicle that goes by the rules until a phase, and then sends something wrong: the charger's code.
struct Wrong {
    protocol: Protocol,
    service: Service,
    offer: Offer<'static>,
    phase: Phase,
    /// What the vehicle's host changes.
    state: State,
    wish: Wish<'static>,
    refusal: Refusal,
}

fn code(set: SchemaSet, response: &[u8]) -> &'static str {
    Facts::of(set, response).unwrap().response_code.unwrap()
}

#[test]
fn values_that_do_not_fit_are_refused_with_their_code() {
    let dc = |protocol, offer, phase, refusal| Wrong {
        protocol,
        service: Service::Dc,
        offer,
        phase,
        state: vehicle_state(),
        wish: wish(Service::Dc, ControlMode::Scheduled),
        refusal,
    };
    let low = Limits { max_voltage: Some(milli(100)), ..vehicle_state().limits };
    let low = State { limits: low, ..vehicle_state() };
    let contract_only = Offer { identification: &[Identification::Contract], ..OFFER };
    let no_dc = Offer { services: &[Service::Ac, Service::DcBpt], ..OFFER };
    let ac_only = Offer { services: &[Service::Ac], ..OFFER };
    let dynamic_only = Offer { control: &[ControlMode::Dynamic], ..OFFER };
    let no_pause = Offer { pause: false, service_renegotiation: false, ..OFFER };
    let cases = [
        dc(Protocol::Din70121, contract_only, Phase::Selection, Refusal::PaymentSelection),
        dc(Protocol::Iso2, contract_only, Phase::Selection, Refusal::PaymentSelection),
        dc(Protocol::Din70121, ac_only, Phase::Parameters, Refusal::EnergyTransferMode),
        dc(Protocol::Iso2, ac_only, Phase::Parameters, Refusal::EnergyTransferMode),
        dc(Protocol::Iso20Dc, no_dc, Phase::Selection, Refusal::ServiceId),
        dc(Protocol::Iso20Dc, dynamic_only, Phase::Selected, Refusal::ServiceSelection),
        Wrong {
            state: low,
            ..dc(Protocol::Din70121, OFFER, Phase::Parameters, Refusal::ChargeParameter)
        },
        Wrong {
            state: low,
            ..dc(Protocol::Iso2, OFFER, Phase::Parameters, Refusal::ChargeParameter)
        },
        Wrong {
            state: low,
            ..dc(Protocol::Iso20Dc, OFFER, Phase::Parameters, Refusal::ChargeParameter)
        },
        Wrong {
            state: State { want: Want::Pause, ..vehicle_state() },
            ..dc(Protocol::Iso2, no_pause, Phase::Parameters, Refusal::Pause)
        },
        Wrong {
            state: State { want: Want::Pause, ..vehicle_state() },
            ..dc(Protocol::Iso20Dc, no_pause, Phase::Parameters, Refusal::Pause)
        },
    ];
    for case in cases {
        let (protocols, timers) = ([case.protocol], Timers::STANDARD);
        // The vehicle does as if all were offered: it hears another charger up to there.
        let mut heard = Link::new(&protocols, &OFFER, &case.wish, &timers, None);
        let patient = || vec!["authorize", "schedule", "cable check"];
        heard.host.asked = patient();
        let settings =
            SeccSettings { protocols: &protocols, session_id: ID, paused: None, timers: &timers };
        let mut station = Station::new(settings, &case.offer, heard.now());
        let mut out = [0; 2048];
        let length = heard.vehicle.handshake(&mut out).unwrap();
        let request = out[..length].to_vec();
        station.handle_message(heard.now(), SECONDS, PayloadType::Sap, &request, &mut out);
        let response = loop {
            let is_there = heard.vehicle.phase() == case.phase;
            let state = if is_there { case.state } else { vehicle_state() };
            let mut request = [0; 2048];
            let (kind, length) =
                heard.vehicle.next(heard.now(), SECONDS, &state, &mut request).unwrap();
            let request = request[..length].to_vec();
            let output = station.handle_message(heard.now(), SECONDS, kind, &request, &mut out);
            let length = match output {
                Output::Send(_, length) => length,
                Output::Ask(Question::Message(ask)) => {
                    let name = format!("{}Res", ask.request.base());
                    let mut message = [0; 512];
                    let length =
                        minimal_message(ask.set, &name, &ID, SECONDS, &[], &mut message).unwrap();
                    let answer = Answer::Message(&message[..length]);
                    station.answer(heard.now(), SECONDS, &answer, &mut out).unwrap().1
                }
                Output::Ask(question) => {
                    let mut host = Host::new();
                    host.asked = patient();
                    let answer = host.answer(question, &mut [], ID);
                    station.answer(heard.now(), SECONDS, &answer, &mut out).unwrap().1
                }
                other => panic!("{other:?}"),
            };
            if is_there {
                break out[..length].to_vec();
            }
            heard.exchange(kind, &request);
        };
        let set = match case.protocol {
            Protocol::Din70121 => SchemaSet::Din70121,
            Protocol::Iso2 => SchemaSet::Iso2,
            _ if case.phase == Phase::Parameters && case.refusal == Refusal::ChargeParameter => {
                SchemaSet::Iso20Dc
            }
            _ => SchemaSet::Iso20Common,
        };
        let expected = case.refusal.response_code(case.protocol.generation());
        assert_eq!(code(set, &response), expected, "{:?} {:?}", case.protocol, case.service);
        let ended = core::iter::from_fn(|| station.poll_event())
            .any(|event| event == Event::Ended(End::Refused(case.refusal)));
        assert!(ended, "{:?} {:?}", case.protocol, case.refusal);
    }
}

/// Writes a request; its set, payload type and length.
type Make<'m> = &'m dyn Fn(&mut [u8]) -> (SchemaSet, PayloadType, usize);

/// A request with values of its own choice, sent to a station in a phase.
fn refused(
    protocol: Protocol,
    service: Service,
    phase: Phase,
    make: impl Fn(&mut [u8]) -> (SchemaSet, PayloadType, usize),
) -> &'static str {
    let (protocols, timers) = ([protocol], Timers::STANDARD);
    let wish = wish(service, ControlMode::Scheduled);
    let mut link = Link::new(&protocols, &OFFER, &wish, &timers, None);
    link.until(&vehicle_state(), phase);
    let (mut request, mut out) = ([0; 1024], [0; 1024]);
    let (set, kind, length) = make(&mut request);
    let now = link.now();
    let output = link.station.handle_message(now, SECONDS, kind, &request[..length], &mut out);
    let Output::Send(_, length) = output else { panic!("{output:?}") };
    code(set, &out[..length])
}

#[test]
fn requests_of_other_vehicles_are_refused_with_their_code() {
    use evse_iso15118::message::{iso2, iso20, iso20_types};
    use evse_iso15118::{Bytes, List, View};
    let iso2_request = |body: iso2::BodyElement<'_>, out: &mut [u8]| {
        let header = iso2::MessageHeader {
            session_id: Bytes::new(&ID),
            notification: None,
            signature: None,
        };
        let body = iso2::Body { body_element: Some(body) };
        let length = iso2::encode(&iso2::V2gMessage { header, body }, out).unwrap();
        (SchemaSet::Iso2, PayloadType::Sap, length)
    };
    let watts = |value| iso2::PhysicalValue { multiplier: 3, unit: iso2::UnitSymbol::W, value };
    let power = |tuple, kilowatts: &[(u32, i16)], out: &mut [u8]| {
        let entries: Vec<_> = kilowatts
            .iter()
            .map(|(start, power)| iso2::ProfileEntry {
                charging_profile_entry_start: *start,
                charging_profile_entry_max_power: watts(*power),
                charging_profile_entry_max_number_of_phases_in_use: None,
            })
            .collect();
        let request = iso2::PowerDeliveryReq {
            charge_progress: iso2::ChargeProgress::Start,
            sa_schedule_tuple_id: tuple,
            charging_profile: Some(iso2::ChargingProfile { profile_entry: List::new(&entries) }),
            ev_power_delivery_parameter: None,
        };
        iso2_request(iso2::BodyElement::PowerDeliveryReq(request), out)
    };
    let ac = |phase, make: Make<'_>| refused(Protocol::Iso2, Service::Ac, phase, make);
    assert_eq!(
        ac(Phase::Prepare, &|out| power(2, &[(0, 1)], out)),
        "FAILED_TariffSelectionInvalid"
    );
    for profile in
        [&[(0, 41)][..], &[(0, 31)], &[(0, 40), (3601, 30)], &[(1, 1)], &[(0, 1), (0, 1)]]
    {
        let found = ac(Phase::Prepare, &|out| power(1, profile, out));
        assert_eq!(found, "FAILED_ChargingProfileInvalid", "{profile:?}");
    }
    let select = |id, out: &mut [u8]| {
        let chosen = [iso2::SelectedService { service_id: id, parameter_set_id: None }];
        let request = iso2::PaymentServiceSelectionReq {
            selected_payment_option: iso2::PaymentOption::ExternalPayment,
            selected_service_list: iso2::SelectedServiceList {
                selected_service: List::new(&chosen),
            },
        };
        iso2_request(iso2::BodyElement::PaymentServiceSelectionReq(request), out)
    };
    assert_eq!(ac(Phase::Selection, &|out| select(7, out)), "FAILED_ServiceSelectionInvalid");
    let detail = |out: &mut [u8]| {
        let request = iso2::ServiceDetailReq { service_id: 99 };
        iso2_request(iso2::BodyElement::ServiceDetailReq(request), out)
    };
    assert_eq!(ac(Phase::Selection, &detail), "FAILED_ServiceIDInvalid");

    // -20: a service that transfers no energy, a schedule that was not offered, a profile above the schedule.
    fn header<'a>() -> iso20_types::MessageHeader<'a> {
        iso20_types::MessageHeader { session_id: Bytes::new(&ID), time_stamp: 0, signature: None }
    }
    let select20 = |service_id, parameter_set_id, out: &mut [u8]| {
        let request = iso20::ServiceSelectionReq {
            header: header(),
            selected_energy_transfer_service: iso20::SelectedService {
                service_id,
                parameter_set_id,
            },
            selected_vas_list: None,
        };
        let length = iso20::encode(&iso20::Message::ServiceSelectionReq(request), out).unwrap();
        (SchemaSet::Iso20Common, PayloadType::Iso20Common, length)
    };
    let dc20 = |phase, make: Make<'_>| refused(Protocol::Iso20Dc, Service::Dc, phase, make);
    let selected = dc20(Phase::Selected, &|out| select20(65, 1, out));
    assert_eq!(selected, "FAILED_NoEnergyTransferServiceSelected");
    for (service, set) in [(1, 1), (2, 9)] {
        let selected = dc20(Phase::Selected, &|out| select20(service, set, out));
        assert_eq!(selected, "FAILED_ServiceSelectionInvalid");
    }
    let start = |tuple, kilowatts, out: &mut [u8]| {
        let power = iso20_types::RationalNumber { exponent: 3, value: kilowatts };
        let entries =
            [iso20::PowerScheduleEntry { duration: 86_400, power, power_l2: None, power_l3: None }];
        let profile = iso20::EvPowerProfile {
            time_anchor: 0,
            choice: iso20::EvPowerProfileChoice::ScheduledEvPptControlMode(
                iso20::ScheduledEvPptControlMode {
                    selected_schedule_tuple_id: tuple,
                    power_tolerance_acceptance: None,
                },
            ),
            ev_power_profile_entries: iso20::EvPowerProfileEntryList {
                ev_power_profile_entry: List::new(&entries),
            },
        };
        let request = iso20::PowerDeliveryReq {
            header: header(),
            ev_processing: iso20_types::Processing::Finished,
            charge_progress: iso20::ChargeProgress::Start,
            ev_power_profile: Some(View::new(&profile)),
            bpt_channel_selection: None,
        };
        let length = iso20::encode(&iso20::Message::PowerDeliveryReq(request), out).unwrap();
        (SchemaSet::Iso20Common, PayloadType::Iso20Common, length)
    };
    assert_eq!(dc20(Phase::Ready, &|out| start(5, 1, out)), "FAILED_ScheduleSelectionInvalid");
    assert_eq!(dc20(Phase::Ready, &|out| start(1, 31, out)), "FAILED_EVPowerProfileInvalid");
}

#[test]
fn the_host_refuses_with_its_reason() {
    let refusals = [
        (Protocol::Iso2, Refusal::Contactor, "FAILED_ContactorError"),
        (Protocol::Din70121, Refusal::PowerDelivery, "FAILED_PowerDeliveryNotApplied"),
    ];
    for (protocol, refusal, expected) in refusals {
        let (protocols, timers) = ([protocol], Timers::STANDARD);
        let wish = wish(Service::Dc, ControlMode::Scheduled);
        let mut link = Link::new(&protocols, &OFFER, &wish, &timers, None);
        let state = vehicle_state();
        while link.host.count("pre-charge") < 2 {
            link.turn(&state);
        }
        let (mut request, mut out) = ([0; 512], [0; 512]);
        let now = link.now();
        let (kind, length) = link.vehicle.next(now, SECONDS, &state, &mut request).unwrap();
        let output = link.station.handle_message(now, SECONDS, kind, &request[..length], &mut out);
        assert_eq!(output, Output::Ask(Question::Contactors { closed: true }));
        // Another answer than one to the question changes nothing.
        let other = Answer::Present(Present::default());
        assert_eq!(
            link.station.answer(now, SECONDS, &other, &mut out),
            Err(AnswerError::OtherQuestion)
        );
        let (kind, length) = link.station.refuse(now, SECONDS, refusal, &mut out).unwrap();
        let set = if protocol == Protocol::Iso2 { SchemaSet::Iso2 } else { SchemaSet::Din70121 };
        assert_eq!(code(set, &out[..length]), expected);
        link.vehicle.handle_message(now, kind, &out[..length]);
        assert_eq!(link.vehicle.phase(), Phase::Ended);
        assert_eq!(link.station.phase(), Phase::Ended);
    }
}

#[test]
fn an_unauthorized_user_of_iso20_may_try_again() {
    let (protocols, timers) = ([Protocol::Iso20Ac], Timers::STANDARD);
    let wish = wish(Service::Ac, ControlMode::Scheduled);
    let mut link = Link::new(&protocols, &OFFER, &wish, &timers, None);
    let state = vehicle_state();
    link.until(&state, Phase::Authorization);
    let (mut request, mut out) = ([0; 512], [0; 512]);
    let now = link.now();
    let (kind, length) = link.vehicle.next(now, SECONDS, &state, &mut request).unwrap();
    let output = link.station.handle_message(now, SECONDS, kind, &request[..length], &mut out);
    assert_eq!(output, Output::Ask(Question::Authorize));
    let (kind, length) =
        link.station.refuse(now, SECONDS, Refusal::NotAuthorized, &mut out).unwrap();
    link.vehicle.handle_message(now, kind, &out[..length]);
    assert_eq!(link.station.phase(), Phase::Authorization);
    assert_eq!(link.vehicle.phase(), Phase::Authorization);
    link.until(&state, Phase::Charging);
}

#[test]
fn contract_messages_are_the_hosts() {
    let (protocols, timers) = ([Protocol::Iso2], Timers::STANDARD);
    let offer = Offer { identification: &[Identification::Contract], ..OFFER };
    let wish = Wish {
        identification: Identification::Contract,
        ..wish(Service::Dc, ControlMode::Scheduled)
    };
    let mut link = Link::new(&protocols, &offer, &wish, &timers, None);
    let state = vehicle_state();
    link.until(&state, Phase::Identification);
    let mut out = [0; 512];
    let next = link.vehicle.next(link.now(), SECONDS, &state, &mut out);
    assert_eq!(next, Err(NextError::Host));
    for name in ["PaymentDetailsReq", "AuthorizationReq"] {
        let length = minimal_message(SchemaSet::Iso2, name, &ID, SECONDS, &[], &mut out).unwrap();
        let request = out[..length].to_vec();
        let kind = link.vehicle.send(link.now(), SchemaSet::Iso2, &request).unwrap();
        link.exchange(kind, &request);
    }
    link.until(&state, Phase::Charging);
}
