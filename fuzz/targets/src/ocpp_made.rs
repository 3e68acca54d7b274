//! OCPP, on input made from the bytes: valid payloads of every type, and sets of charging profiles.

use arbitrary::{Arbitrary, Result, Unstructured};
use evse_ocpp::charging::{
    CompositePeriod, CompositeRequest, Cursor, Evse, Micro, Period, Profile, ProfileKind, Purpose,
    RateUnit, Recurrence, compose, scratch_len,
};
use evse_ocpp::message::{Exchange, Frame, Mode, Schema, Version};
use evse_ocpp::{v16, v21, v201};

/// A payload that follows the tables is accepted strictly, goes out as it came in, and is JSON.
pub(crate) fn encode(data: &[u8]) {
    let _ = try_encode(&mut Unstructured::new(data));
}

fn try_encode(u: &mut Unstructured<'_>) -> Result<()> {
    let schema: &Schema = match Version::arbitrary(u)? {
        Version::V16 => &v16::SCHEMA,
        Version::V201 => &v201::SCHEMA,
        Version::V21 => &v21::SCHEMA,
    };
    let action = *u.choose(schema.actions)?;
    let is_answer = action.exchange == Exchange::Call && u.arbitrary()?;
    let object = if is_answer { action.response } else { action.request };
    let payload = evse_ocpp::arbitrary::payload(u, object)?;
    let text = match action.exchange {
        _ if is_answer => format!("[3,\"1\",{payload}]"),
        Exchange::Call => format!("[2,\"1\",\"{}\",{payload}]", action.name),
        Exchange::Send => format!("[6,\"1\",\"{}\",{payload}]", action.name),
    };
    let frame = schema.decode(text.as_bytes(), &mut Mode::Strict, &mut |_| Some(action)).unwrap();
    let owned = frame.to_owned();
    assert_eq!(owned.as_str(), text);
    assert_eq!(serde_json::to_string(&owned).unwrap(), text);
    let payload = match owned.frame() {
        Frame::Call(call) | Frame::Send(call) => call.payload,
        Frame::CallResult(result) => result.payload,
        _ => unreachable!("no error was written"),
    };
    // Without one of its required members it is refused, without one of the others it is not.
    let members: Vec<_> = payload.members().collect();
    for left_out in 0..members.len() {
        let kept = members.iter().enumerate().filter(|(index, _)| *index != left_out);
        let kept: Vec<_> =
            kept.map(|(_, (name, value))| format!("\"{}\":{}", name.raw(), value.raw())).collect();
        let text = format!("[3,\"1\",{{{}}}]", kept.join(","));
        let name = members[left_out].0;
        let index = object.fields.iter().position(|field| name == *field.name);
        let required = index.is_some_and(|index| object.required >> index & 1 == 1);
        if is_answer {
            let decoded = schema.decode(text.as_bytes(), &mut Mode::Strict, &mut |_| Some(action));
            assert_eq!(decoded.is_err(), required);
        }
    }
    Ok(())
}

/// Any set of profiles: the schedule is in order, its neighbours differ, and asked for later it is the same.
pub(crate) fn compose_any(data: &[u8]) {
    let _ = try_compose(&mut Unstructured::new(data));
}

const ORIGIN: i64 = 1_767_225_600;

fn try_compose(u: &mut Unstructured<'_>) -> Result<()> {
    let mut tables: Vec<Vec<Period>> = Vec::new();
    let mut plans = Vec::new();
    for _ in 0..u.int_in_range(0..=5)? {
        let mut periods: Vec<Period> = Vec::new();
        for _ in 0..u.int_in_range(1..=4)? {
            let start = periods.last().map_or(0, |last| last.start);
            let step = if periods.is_empty() { 0 } else { u.int_in_range(0..=4_000)? };
            periods.push(Period { start: start + step, ..u.arbitrary()? });
        }
        tables.push(periods);
        plans.push(plan(u)?);
    }
    let profiles: Vec<Profile<'_>> =
        plans.iter().zip(&tables).map(|(plan, periods)| Profile { periods, ..*plan }).collect();
    let running = Evse {
        in_transaction: u.arbitrary()?,
        power_path_closed: Some(ORIGIN - 500),
        priority: u.arbitrary()?,
        ..Evse::default()
    };
    let request = CompositeRequest {
        version: *u.choose(&Version::ALL)?,
        start: ORIGIN,
        duration: u.int_in_range(0..=200_000)?,
        evse: u.int_in_range(0..=2)?,
        unit: if u.arbitrary()? { RateUnit::Amperes } else { RateUnit::Watts },
        evses: &[running, Evse { in_transaction: true, ..running }],
        assume_transaction: u.arbitrary()?,
        millivolts: u.int_in_range(1..=100_000_000)?,
        default_phases: u.int_in_range(1..=3)?,
        default_limit: u.arbitrary::<Option<i32>>()?.map(Micro::from_units),
        offline_since: None,
        soc: Some(50),
        zone: &[],
    };
    let whole = run(&request, &profiles);
    assert_eq!(whole.first().map(|period| period.start), Some(0));
    for (a, b) in whole.iter().zip(whole.iter().skip(1)) {
        assert!(a.start < b.start && CompositePeriod { start: a.start, ..*b } != *a);
    }
    // A later request sees the rest of the same schedule.
    let shift = u.int_in_range(0..=request.duration)?;
    let later =
        CompositeRequest { start: ORIGIN + shift, duration: request.duration - shift, ..request };
    let later = run(&later, &profiles);
    let now = whole.iter().rfind(|period| period.start <= shift).unwrap();
    assert_eq!(CompositePeriod { start: 0, ..*now }, later[0]);
    Ok(())
}

/// A profile but for its periods, its times independent of when the schedule is asked for.
fn plan(u: &mut Unstructured<'_>) -> Result<Profile<'static>> {
    let purposes = [
        Purpose::StationMax,
        Purpose::TxDefault,
        Purpose::Tx,
        Purpose::ExternalConstraints,
        Purpose::Priority,
        Purpose::LocalGeneration,
    ];
    let kinds = [
        ProfileKind::Absolute,
        ProfileKind::Recurring(Recurrence::Daily),
        ProfileKind::Recurring(Recurrence::Weekly),
        ProfileKind::Dynamic,
    ];
    let mut moment = || u.int_in_range(-100_000..=100_000).map(|seconds| ORIGIN + seconds);
    let (start, from, to) = (moment()?, moment()?, moment()?);
    Ok(Profile {
        evse: u.int_in_range(0..=2)?,
        stack_level: u.int_in_range(0..=3)?,
        purpose: *u.choose(&purposes)?,
        kind: *u.choose(&kinds)?,
        start: Some(start),
        dynamic_update: Some(start),
        valid_from: u.ratio(1, 3)?.then_some(from),
        valid_to: u.ratio(1, 3)?.then_some(to),
        duration: u.arbitrary::<Option<u16>>()?.map(i64::from),
        unit: if u.arbitrary()? { RateUnit::Amperes } else { RateUnit::Watts },
        ..Profile::BLANK
    })
}

fn run(request: &CompositeRequest<'_>, profiles: &[Profile<'_>]) -> Vec<CompositePeriod> {
    let mut scratch = vec![Cursor::default(); scratch_len(request, profiles)];
    let mut out = vec![CompositePeriod::default(); 4096];
    let summary = compose(request, profiles, &mut scratch, &mut out).unwrap();
    assert_eq!(summary.duration, request.duration);
    out.truncate(summary.periods);
    out
}
