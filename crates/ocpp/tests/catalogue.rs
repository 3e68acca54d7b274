//! Frames of our own, one per rule: what lenient reading lets pass and under which name, what strict refuses and with
//! which code of the version.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed expectation is the failed test")]

mod common;

use Version::{V16, V21, V201};
use evse_ocpp::message::{Deviation, Mode, Reason, Version};

/// What lenient reading notes, or the refusal's code.
fn lenient(version: Version, frame: &str) -> Result<Vec<&'static str>, &'static str> {
    let mut kinds = Vec::new();
    let mut sink = |deviation: Deviation| kinds.push(deviation.kind.as_str());
    let mut mode = Mode::Lenient(&mut sink);
    let read = common::schema(version).decode(frame.as_bytes(), &mut mode, &mut |_| None);
    read.map(drop).map_err(|error| error.code(version).as_str(version))?;
    Ok(kinds)
}

fn strict(version: Version, frame: &str) -> Result<(), &'static str> {
    let read = common::schema(version).decode(frame.as_bytes(), &mut Mode::Strict, &mut |_| None);
    read.map(drop).map_err(|error| error.code(version).as_str(version))
}

#[test]
fn let_pass_and_named() {
    let stop = |members: &str| format!(r#"[2,"1","StopTransaction",{{"meterStop":1,{members}}}]"#);
    let values = |time: &str, samples: &str| {
        format!(
            r#"[2,"1","MeterValues",{{"connectorId":1,"meterValue":[{{"timestamp":"{time}","sampledValue":{samples}}}]}}]"#
        )
    };
    let type_ = "TypeConstraintViolation";
    let property = "PropertyConstraintViolation";
    let cases: [(String, &[&str], &str); 17] = [
        (r#"[2,"1","Heartbeat",null]"#.into(), &["null-for-absent"], "FormationViolation"),
        (r#"[2,"1","Heartbeat",{"x":[{}]}]"#.into(), &["unknown-member"], "FormationViolation"),
        (
            r#"[2,"1","Authorize",{"idTag":"ABCDEFGHIJKLMNOPQRSTU"}]"#.into(),
            &["too-long"],
            property,
        ),
        (r#"[2,"1","Authorize",{"idTag":7.0}]"#.into(), &["number-for-text"], type_),
        (r#"[2,"1","Reset",{"type":"Medium"}]"#.into(), &["unknown-value"], property),
        (r#"[2,"1","Reset",{"type":"sOFT"}]"#.into(), &["value-in-other-case"], property),
        (r#"[2,"1","UnlockConnector",{"connectorId":"1"}]"#.into(), &["text-for-number"], type_),
        (r#"[2,"1","UnlockConnector",{"connectorId":1.0}]"#.into(), &["integer-form"], type_),
        (r#"[2,"1","GetConfiguration",{"key":"a"}]"#.into(), &["single-for-list"], type_),
        (r#"[2,"1","ClearChargingProfile",{"id":null}]"#.into(), &["null-for-absent"], type_),
        (r#"[2,"1","ClearChargingProfile",{"id":""}]"#.into(), &["empty-for-absent"], type_),
        (
            r#"[2,"1","DataTransfer",{"vendorId":"v","data":{"a":1.50}}]"#.into(),
            &["object-for-text"],
            type_,
        ),
        (
            stop(r#""transactionId":5,"timestamp":"2024-04-26T14:35:02""#),
            &["date-without-zone"],
            property,
        ),
        (
            stop(r#""transactionId":5,"timestamp":"2024-04-26T14:35:02+02""#),
            &["date-short-offset"],
            property,
        ),
        (
            values("2024-04-26T14:35:02Z", r#"{"value":1,"unit":"KWH"}"#),
            &["single-for-list", "number-for-text", "value-in-other-case"],
            type_,
        ),
        (
            r#"[4,"1","FormatViolation","",null]"#.into(),
            &["unknown-error-code", "null-for-absent"],
            "FormationViolation",
        ),
        (r#"[4,"1","VendorCode","",{}]"#.into(), &["unknown-error-code"], "FormationViolation"),
    ];
    for (frame, kinds, code) in &cases {
        assert_eq!(lenient(V16, frame).as_deref(), Ok(*kinds), "{frame}");
        assert_eq!(strict(V16, frame), Err(*code), "{frame}");
    }
    let reset = r#"[2,"1","ClearCache",{"customData":{"vendorId":"v","deep":[null,1e400]}}]"#;
    assert_eq!(lenient(V201, reset).as_deref(), Ok([].as_slice()), "customData is open");
    let flag = r#"[2,"1","GetVariables",{"getVariableData":[]}]"#;
    assert_eq!(lenient(V201, flag).as_deref(), Ok(["list-length"].as_slice()));
    let flag = r#"[2,"1","NotifyReport",{"requestId":1,"generatedAt":"2026-01-01T00:00:00Z","seqNo":0,"tbc":1}]"#;
    assert_eq!(lenient(V21, flag).as_deref(), Ok(["integer-for-flag"].as_slice()));
}

#[test]
fn refused_in_the_versions_own_spelling() {
    let missing = r#"[2,"1","Authorize",{}]"#;
    assert_eq!(strict(V16, missing), Err("OccurenceConstraintViolation"));
    assert_eq!(strict(V201, missing), Err("OccurrenceConstraintViolation"));
    let stranger = r#"[2,"1","Heartbeat",{"x":1}]"#;
    assert_eq!(strict(V16, stranger), Err("FormationViolation"));
    assert_eq!(strict(V21, stranger), Err("FormatViolation"));
    let cases = [
        (r#"[2,"1","NoSuchAction",{}]"#, "NotImplemented", "NotImplemented"),
        (r#"[9,"1","Heartbeat",{}]"#, "FormationViolation", "MessageTypeNotSupported"),
        (r#"[2,"1","Heartbeat"]"#, "FormationViolation", "FormatViolation"),
        (r#"[2,"1","Heartbeat",{},1,[2]]"#, "FormationViolation", "FormatViolation"),
        (r#"[2,"1","Heartbeat",{}"#, "FormationViolation", "FormatViolation"),
        (r#"[2,"1","Heartbeat",{}]x"#, "FormationViolation", "FormatViolation"),
        (r#"[2,"1","Heartbeat",{"x":"\ud800"}]"#, "FormationViolation", "FormatViolation"),
    ];
    for (frame, old, new) in cases {
        assert_eq!(strict(V16, frame), Err(old), "{frame}");
        assert_eq!(strict(V201, frame), Err(new), "{frame}");
    }
    // What only 2.1 has.
    assert_eq!(strict(V21, r#"[5,"1","FormatViolation","",{}]"#), Ok(()));
    assert_eq!(strict(V201, r#"[5,"1","FormatViolation","",{}]"#), Err("MessageTypeNotSupported"));
    let stream = r#"[6,"1","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"2026-01-01T00:00:00Z","data":[{"t":0.5,"v":"1"}]}]"#;
    assert_eq!(strict(V21, stream), Ok(()));
    assert_eq!(strict(V201, stream), Err("MessageTypeNotSupported"));
    assert!(strict(V21, &stream.replacen('6', "2", 1)).is_err(), "a SEND is no CALL");
    assert_eq!(strict(V21, r#"[4,"1","FormationViolation","",{}]"#), Err("RpcFrameworkError"));
    // A description may have 255 characters, not 256; 1.6 sets no limit.
    let error = |length: usize| format!(r#"[4,"1","GenericError","{}",{{}}]"#, "ü".repeat(length));
    assert_eq!(strict(V21, &error(255)), Ok(()));
    assert_eq!(strict(V21, &error(256)), Err("PropertyConstraintViolation"));
    assert_eq!(strict(V16, &error(256)), Ok(()));
}

#[test]
fn said_exactly() {
    let reason = |frame: &str| {
        let read = common::schema(V16).decode(frame.as_bytes(), &mut Mode::Strict, &mut |_| None);
        read.map(drop).expect_err("refused").reason
    };
    let count = |got| Reason::ElementCount { expected: 4, got };
    assert_eq!(reason(r#"[2,"1","Heartbeat",{},1,[2]]"#), count(6));
    assert_eq!(reason(r#"[2,"1","Heartbeat"]"#), count(3));
    assert_eq!(reason(r#"[2]"#), count(1));
    let nested = format!(r#"[2,"1","Heartbeat",{{"x":{}{}}}]"#, "[".repeat(200), "]".repeat(200));
    assert!(matches!(reason(&nested), Reason::Json(_)), "nested too deeply");
    let digits = "9".repeat(400);
    let huge = format!(r#"[2,"1","UnlockConnector",{{"connectorId":{digits}}}]"#);
    assert_eq!(strict(V16, &huge), Ok(()), "the schema sets no range");
    let whole = r#"[2,"1","SetMonitoringLevel",{"severity":0.5e1}]"#;
    assert_eq!(strict(V21, whole), Ok(()), "an integer of draft-06");
}
