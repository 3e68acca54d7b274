//! OCPP: decoding, the endpoint, and charging profiles.

use evse_ocpp::charging::{
    CompositePeriod, CompositeRequest, Cursor, Evse, Period, Profile, ProfileStore, RateUnit,
    compose,
};
use evse_ocpp::endpoint::{CallOptions, Config, Endpoint, Instant, MessageIds, Role};
use evse_ocpp::message::{DecodeError, Frame, Mode, ObjectView, Schema, Value, Version, path};
use evse_ocpp::{v16, v21, v201};

const SCHEMAS: [&Schema; 3] = [&v16::SCHEMA, &v201::SCHEMA, &v21::SCHEMA];

/// Any bytes return; what strict mode accepts lenient mode accepts without a deviation; what is accepted is JSON, and
/// comes out as the same JSON value; every place of a fault can be named.
pub(crate) fn decode(data: &[u8]) {
    for schema in SCHEMAS {
        let action = schema.actions.get(data.len() % schema.actions.len()).copied();
        let strict = schema.decode(data, &mut Mode::Strict, &mut |_| action);
        let mut deviations = 0;
        let mut count = |deviation: evse_ocpp::message::Deviation| {
            deviations += 1;
            assert!(path(data, deviation.at).to_string().starts_with('/'));
        };
        let lenient = schema.decode(data, &mut Mode::Lenient(&mut count), &mut |_| action);
        if strict.is_ok() {
            assert!(lenient.is_ok() && deviations == 0);
        }
        for error in [&strict, &lenient].into_iter().filter_map(|result| result.as_ref().err()) {
            let error: &DecodeError = error;
            assert!(error.path(data).to_string().starts_with('/'));
        }
        let Ok(frame) = lenient else { continue };
        let mut out = String::new();
        frame.write(&mut out).unwrap();
        let again = schema.decode(out.as_bytes(), &mut Mode::Lenient(&mut |_| {}), &mut |_| action);
        let mut twice = String::new();
        again.unwrap().write(&mut twice).unwrap();
        assert_eq!(out, twice);
        if let Ok(strict) = strict {
            let before: Result<serde_json::Value, _> = serde_json::from_slice(data);
            // Numbers beyond binary floating point are JSON but not for that library.
            if let Ok(before) = before {
                assert_eq!(before, serde_json::from_str::<serde_json::Value>(&out).unwrap());
            }
            walk(strict);
        }
    }
}

/// Reads every member of a frame in every way.
fn walk(frame: Frame<'_>) {
    fn object(view: ObjectView<'_>) {
        for (name, value) in view.members() {
            assert!(name.char_count() == name.chars().count());
            self::value(value);
        }
    }
    match frame {
        Frame::Call(call) | Frame::Send(call) => object(call.payload),
        Frame::CallResult(result) => object(result.payload),
        Frame::CallError(error) | Frame::CallResultError(error) => object(error.details),
        _ => {}
    }
}

fn value(value: Value<'_>) {
    use evse_ocpp::message::{DateTime, Number};
    let _ = value.read::<DateTime<'_>>().map(|time| (time.to_timestamp(), time.offset_minutes()));
    let _ = value.read::<Number<'_>>().map(|number| (number.to_i64(), number.scaled(6)));
    let _ = value.read::<bool>();
    if let Some(text) = value.as_text() {
        assert_eq!(text.to_string().chars().count(), text.char_count());
    }
    if let Some(object) = value.as_object() {
        object.members().for_each(|(_, inner)| self::value(inner));
    }
    for element in value.elements().into_iter().flatten() {
        self::value(element);
    }
}

/// Any sequence of texts, calls and times: the endpoint stays within its rules and what it sends is valid.
pub(crate) fn endpoint(data: &[u8]) {
    let schema = SCHEMAS[data.len() % 3];
    let role = if data.len().is_multiple_of(2) { Role::Station } else { Role::Csms };
    let lenient = data.len().is_multiple_of(5);
    let config = Config { role, schema, call_timeout: 1000, boot_retry: 100, lenient };
    let mut endpoint = Endpoint::<512>::new(config);
    let mut ids = MessageIds::new(0);
    let mut now = Instant::from_millis(0);
    endpoint.connected(now);
    for step in data.split_inclusive(|byte| *byte < 8) {
        let Some((last, text)) = step.split_last() else { continue };
        now = now.after(u64::from(*last) * 400);
        match last {
            0 => endpoint.handle_timeout(now),
            1 => endpoint.connected(now),
            2 => endpoint.disconnected(),
            3 => {
                let oldest = endpoint.unanswered().next();
                let _ = oldest.map(|id| endpoint.answer(&id, "{}"));
            }
            _ => {
                let action = if role == Role::Station { "BootNotification" } else { "Reset" };
                let payload = core::str::from_utf8(text).unwrap_or("{}");
                let options = CallOptions { triggered: last % 2 == 0 };
                let _ = endpoint.call(now, ids.next_id(), action, payload, options);
            }
        }
        let _ = endpoint.handle_text(now, text);
        for _ in 0..8 {
            let Some(text) = endpoint.poll_transmit() else { break };
            let sent: serde_json::Value = serde_json::from_str(text.as_str()).unwrap();
            assert!(sent[1].as_str().is_some_and(|id| (1..=36).contains(&id.chars().count())));
        }
        while endpoint.poll_event().is_some() {}
        if let Some(deadline) = endpoint.poll_timeout() {
            assert!(deadline.millis() <= now.millis() + 1_000_000_000_000_000);
        }
    }
}

/// Any text as a profile: read, installed, composed.
pub(crate) fn profile(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let Some(object) = Value::parse(text).ok().and_then(|value| value.as_object()) else { return };
    let mut periods = [Period::default(); 16];
    let Ok(profile) = Profile::read(i64::try_from(data.len() % 3).unwrap(), object, &mut periods)
    else {
        return;
    };
    let mut store = ProfileStore::<2, 16>::new(Version::V21, None);
    let _ = store.install(&profile, false);
    let evses = [Evse { in_transaction: true, priority: true, ..Evse::default() }; 2];
    for unit in [RateUnit::Amperes, RateUnit::Watts] {
        let request = CompositeRequest {
            version: Version::V16,
            start: 1_767_225_600,
            duration: 86_400,
            evse: i64::try_from(data.len() % 3).unwrap(),
            unit,
            evses: &evses,
            assume_transaction: true,
            millivolts: 230_000,
            default_phases: 3,
            default_limit: None,
            offline_since: None,
            soc: None,
            zone: &[],
        };
        let mut scratch = [Cursor::default(); 8];
        let mut out = [CompositePeriod::default(); 64];
        let summary = compose(&request, &[profile], &mut scratch, &mut out).unwrap();
        assert!(summary.duration <= 86_400 && summary.periods >= 1);
    }
}

/// Any bytes as one JSON value: what is accepted `serde_json` accepts, and what it builds a value from is accepted.
pub(crate) fn json(data: &[u8]) {
    use evse_ocpp::message::Number;
    let Ok(text) = core::str::from_utf8(data) else { return };
    let ours = Value::parse(text);
    if ours.is_ok() {
        assert!(serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
    }
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    if let Ok(theirs) = theirs {
        let ours = ours.unwrap();
        let again: serde_json::Value = serde_json::from_str(ours.raw()).unwrap();
        assert_eq!(theirs, again);
        if let Some(theirs) = theirs.as_str() {
            assert_eq!(ours.as_text().unwrap().to_string(), theirs);
        }
    }
    let Some(number) = Number::parse(text) else { return };
    // The value towards zero, in two ways.
    let (whole, scaled) = (number.to_i64(), number.scaled(0));
    if let Some(whole) = whole {
        assert!(!scaled.inexact && scaled.units == i128::from(whole));
    } else {
        assert!(scaled.inexact || i64::try_from(scaled.units).is_err());
    }
    if let Ok(plain) = text.parse::<i64>() {
        assert_eq!(whole, Some(plain));
    }
}
