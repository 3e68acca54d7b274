//! Owned payloads and frames: whatever the tables can make is kept, changed, and passed through serde without loss.
#![cfg(all(feature = "serde", feature = "arbitrary"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::std_instead_of_alloc,
    reason = "a failed expectation is the failed test"
)]

mod common;

use arbitrary::Unstructured;
use evse_ocpp::arbitrary::payload;
use evse_ocpp::message::{
    Exchange, Frame, ListWriter, Mode, Number, Timestamp, Value, Version, Writer,
};
use evse_ocpp::owned::{ChangeError, Owned};
use evse_ocpp::{v16, v21};
use proptest::prelude::*;
use serde_json::value::RawValue;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Every action of every version: what the tables make is valid in strict mode and for a schema validator, and
    /// an owned frame of it is the same frame.
    #[test]
    fn every_message(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        for version in Version::ALL {
            let schema = common::schema(version);
            for (index, action) in schema.actions.iter().enumerate() {
                // Each begins elsewhere in the same bytes.
                let mut u = Unstructured::new(&bytes[index * 97 % (bytes.len() + 1)..]);
                let request = payload(&mut u, action.request).expect("a payload");
                let kind = if action.exchange == Exchange::Send { 6 } else { 2 };
                let text = format!("[{kind},\"1\",\"{}\",{request}]", action.name);
                same_when_owned(version, &text);
                if action.exchange == Exchange::Call {
                    let response = payload(&mut u, action.response).expect("a payload");
                    same_when_owned(version, &format!("[3,\"1\",{response}]"));
                }
            }
        }
    }

    /// Through serde, inside other JSON and as a JSON value, nothing changes but blanks.
    #[test]
    fn through_serde(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        type Event = v21::TransactionEventRequest<'static>;
        let mut u = Unstructured::new(&bytes);
        let Ok(event) = u.arbitrary::<Owned<Event>>() else { return Ok(()) };
        let row = serde_json::to_string(&(7, &event)).expect("JSON");
        prop_assert_eq!(&row, &format!("[7,{event}]"));
        let (_, back): (i32, Owned<Event>) = serde_json::from_str(&row).expect("the same");
        prop_assert_eq!(&back, &event);
        let view = serde_json::to_string(&event.view()).expect("JSON");
        prop_assert_eq!(view, event.as_str());
        // Each member by itself, put back where it was, changes nothing but what stands between the members.
        let mut again = event.clone();
        let members: Vec<(String, String)> = serde_json::from_str::<
            std::collections::BTreeMap<String, Box<RawValue>>,
        >(event.as_str())
        .expect("an object")
        .into_iter()
        .map(|(name, value)| (name, value.get().to_owned()))
        .collect();
        for (name, value) in &members {
            again.set(&format!("/{name}"), value, &mut Mode::Strict).expect("valid");
        }
        prop_assert_eq!(&again, &event);
        again.change(|_, _| Ok(())).expect("nothing to do");
        prop_assert_eq!(&again, &event);
    }
}

fn same_when_owned(version: Version, text: &str) {
    let schema = common::schema(version);
    // The action of an answer is not named in it; any does that has this text for an answer.
    for action in schema.actions {
        let Ok(frame) = schema.decode(text.as_bytes(), &mut Mode::Strict, &mut |_| Some(action))
        else {
            continue;
        };
        let owned = frame.to_owned();
        assert_eq!(owned.as_str(), text);
        let mut out = String::new();
        owned.frame().write(&mut out).expect("room");
        assert_eq!(out, text);
        assert_eq!(serde_json::to_string(&owned).expect("JSON"), text);
        return;
    }
    let fault = schema.decode(text.as_bytes(), &mut Mode::Strict, &mut |_| None).map(drop);
    panic!("{version} refuses {text}: {fault:?}");
}

type Stop = v16::StopTransactionRequest<'static>;

fn stop() -> Owned<Stop> {
    let text = r#"{"meterStop": 15,"timestamp":"2026-05-01T10:00:00+02:00","transactionId":5,"x":{"y":[1.50,2]}}"#;
    Owned::parse(text, &mut Mode::Lenient(&mut |_| {})).expect("tolerable")
}

#[test]
fn refused_on_the_way_in() {
    let missing =
        Owned::<Stop>::parse(r#"{"meterStop":15}"#, &mut Mode::Strict).expect_err("lacks");
    assert_eq!(missing.path(br#"{"meterStop":15}"#).to_string(), "/");
    let wrong = r#"{"idToken":{"idToken":1,"type":"x"}}"#;
    let error = Owned::<v21::AuthorizeRequest<'static>>::parse(wrong, &mut Mode::Strict);
    let error = error.expect_err("a number");
    assert_eq!(error.path(wrong.as_bytes()).to_string(), "/idToken/idToken");
    assert!(Owned::<Stop>::parse("[]", &mut Mode::Strict).is_err());
    assert!(Owned::<Stop>::parse("{} {}", &mut Mode::Strict).is_err());
    let error = serde_json::from_str::<Owned<Stop>>(r#"{"meterStop":15}"#).expect_err("lacks");
    assert!(error.to_string().starts_with("/: timestamp is missing"), "{error}");
    assert_eq!(format!("{:?}", stop()), "StopTransactionRequest(<94 bytes>)");
}

#[test]
fn changed_anywhere() {
    let mut lenient = |_| {};
    let mut stop = stop();
    let mut edit = |stop: &mut Owned<Stop>, pointer: &str, value: Option<&str>| match value {
        Some(value) => stop.set(pointer, value, &mut Mode::Lenient(&mut lenient)),
        None => stop.remove(pointer, &mut Mode::Lenient(&mut lenient)),
    };
    edit(&mut stop, "/x/y/0", Some("1.500")).expect("there");
    edit(&mut stop, "/x/y/-", Some("3")).expect("a list");
    edit(&mut stop, "/x/a~1b~0", Some("{}")).expect("an object");
    edit(&mut stop, "/x/y/1", None).expect("there");
    edit(&mut stop, "/idTag", Some("\"A\"")).expect("known");
    let tail = r#""transactionId":5,"x":{"y":[1.500,3],"a/b~":{}},"idTag":"A"}"#;
    assert!(stop.as_str().ends_with(tail), "{stop}");
    let before = stop.clone();
    for (pointer, value) in [
        ("", Some("1")),
        ("/x/z/a", Some("1")),
        ("/x/y/7", Some("1")),
        ("/x/y/7", None),
        ("/nothing", None),
        ("/meterStop/a", Some("1")),
    ] {
        assert_eq!(edit(&mut stop, pointer, value), Err(ChangeError::NoSuchPlace), "{pointer}");
    }
    for (pointer, value) in [
        ("/meterStop", Some("true")),
        ("/meterStop", None),
        ("/meterStop", Some("01")),
        ("/reason", Some("1")),
    ] {
        let result = edit(&mut stop, pointer, value);
        assert!(matches!(result, Err(ChangeError::Value(_))), "{pointer}: {result:?}");
    }
    assert_eq!(stop, before, "what is refused changes nothing");
}

#[test]
fn changed_by_the_writers() {
    let mut stop = stop();
    stop.change(|old, new| {
        assert_eq!(old.meter_stop().and_then(|n| n.to_i64()), Some(15));
        new.id_tag("Ü\"")?;
        new.meter_stop(16)?;
        new.transaction_data(|list: &mut ListWriter<'_, v16::TransactionData<'_>>| {
            list.push(|data: &mut Writer<'_, v16::TransactionData<'_>>| {
                data.timestamp(Timestamp::from_millis(0))?;
                data.sampled_value(|list: &mut ListWriter<'_, v16::SampledValue<'_>>| {
                    list.push(|sample: &mut Writer<'_, v16::SampledValue<'_>>| sample.value("1.0"))
                })
            })
        })
    })
    .expect("valid");
    assert_eq!(
        stop.as_str(),
        concat!(
            r#"{"meterStop":16,"timestamp":"2026-05-01T10:00:00+02:00","transactionId":5,"x":{"y":[1.50,2]},"#,
            r#""idTag":"Ü\"","transactionData":[{"timestamp":"1970-01-01T00:00:00Z","sampledValue":[{"value":"1.0"}]}]}"#
        )
    );
    // What came is kept while something is added to it.
    stop.change(|old, new| {
        new.transaction_data(|list: &mut ListWriter<'_, v16::TransactionData<'_>>| {
            old.transaction_data()
                .into_iter()
                .flat_map(|l| l.iter())
                .try_for_each(|d| list.push(d))?;
            list.push(Value::parse("{}").expect("JSON").as_object().expect("an object"))
        })
    })
    .expect("valid");
    assert!(stop.as_str().ends_with(r#"[{"value":"1.0"}]},{}]}"#));
    let before = stop.clone();
    assert!(stop.change(|_, new| new.id_tag("x".repeat(21).as_str())).is_err());
    assert_eq!(stop, before);
}

#[test]
fn framed() {
    let stop = stop();
    let text = stop.to_call("a\"b", &v16::action::STOP_TRANSACTION).expect("its action");
    let frame = v16::SCHEMA.decode(text.as_bytes(), &mut Mode::Lenient(&mut |_| {}), &mut |_| None);
    let Ok(Frame::Call(call)) = frame else { panic!("{frame:?}") };
    assert!(call.id == "a\"b");
    assert_eq!(call.to_owned::<Stop>().expect("its type"), stop);
    assert!(call.to_owned::<v16::ResetRequest<'static>>().is_none());
    assert!(stop.to_call("1", &v16::action::RESET).is_err());
    assert!(stop.to_result("1", &v16::action::STOP_TRANSACTION).is_err());
    assert!(stop.to_call("", &v16::action::STOP_TRANSACTION).is_err());
}

#[test]
fn the_parts_through_serde() {
    let number = Number::parse("100.10").expect("a number");
    assert_eq!(serde_json::to_string(&number).expect("JSON"), "100.10");
    let measurand = v16::Measurand::EnergyActiveImportRegister;
    let text = serde_json::to_string(&measurand).expect("JSON");
    assert_eq!(text, "\"Energy.Active.Import.Register\"");
    assert_eq!(serde_json::from_str::<v16::Measurand>(&text).ok(), Some(measurand));
    assert!(serde_json::from_str::<v16::Measurand>("\"energy.active.import.register\"").is_err());
    let moment = Timestamp::from_millis(1_500);
    assert_eq!(serde_json::to_string(&moment).expect("JSON"), "\"1970-01-01T00:00:01.500Z\"");
    assert_eq!(serde_json::from_str::<Timestamp>("\"1970-01-01T00:00:01.5Z\"").ok(), Some(moment));
    assert_eq!(serde_json::from_str::<Version>("\"2.0.1\"").ok(), Some(Version::V201));
}
