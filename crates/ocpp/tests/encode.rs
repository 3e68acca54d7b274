//! Payloads written by the typed writers are what the strict decoder accepts, and nothing else gets written.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed expectation is the failed test")]

use evse_ocpp::endpoint::Buffer;
use evse_ocpp::message::{
    EncodeError, Frame, ListWriter, Mode, Number, Open, Timestamp, View, Writer, write_call,
    write_payload,
};
use evse_ocpp::{v16, v21};
use proptest::prelude::*;

type Event<'w, 'v> = Writer<'w, v21::TransactionEventRequest<'v>>;

fn write_event(out: &mut Buffer<1024>, id: &str, value: &str, seq: i64) -> Result<(), EncodeError> {
    write_call(out, "m1", &v21::action::TRANSACTION_EVENT, |event: &mut Event<'_, '_>| {
        event.event_type(v21::TransactionEvent::Updated)?;
        event.timestamp(Timestamp::from_millis(1_767_225_600_500))?;
        event.trigger_reason(v21::TriggerReason::MeterValuePeriodic)?;
        event.seq_no(seq)?;
        event.transaction_info(|info: &mut Writer<'_, v21::Transaction<'_>>| {
            info.transaction_id(id)
        })?;
        event.meter_value(|list: &mut ListWriter<'_, v21::MeterValue<'_>>| {
            list.push(|value_at: &mut Writer<'_, v21::MeterValue<'_>>| {
                value_at.timestamp(Timestamp::from_millis(0))?;
                value_at.sampled_value(|samples: &mut ListWriter<'_, v21::SampledValue<'_>>| {
                    samples.push(|sample: &mut Writer<'_, v21::SampledValue<'_>>| {
                        sample.value(Number::parse(value).expect("a number"))
                    })
                })
            })
        })
    })
}

#[test]
fn nested() {
    let mut out = Buffer::new();
    write_event(&mut out, "t\"\u{1}ü", "12.50", 3).expect("valid");
    let expected = concat!(
        r#"[2,"m1","TransactionEvent",{"eventType":"Updated","timestamp":"2026-01-01T00:00:00.500Z","#,
        r#""triggerReason":"MeterValuePeriodic","seqNo":3,"transactionInfo":{"transactionId":"t\"\u0001ü"},"#,
        r#""meterValue":[{"timestamp":"1970-01-01T00:00:00Z","sampledValue":[{"value":12.50}]}]}]"#,
    );
    assert_eq!(out.as_str(), expected);
}

#[test]
fn refusals() {
    let mut out = Buffer::<256>::new();
    type Boot<'w, 'v> = Writer<'w, v16::BootNotificationRequest<'v>>;
    let missing = write_payload(&mut out, |boot: &mut Boot<'_, '_>| boot.charge_point_model("M"));
    assert_eq!(missing, Err(EncodeError::Missing { field: "chargePointVendor" }));
    let twice = write_payload(&mut out, |boot: &mut Boot<'_, '_>| {
        boot.charge_point_model("M")?;
        boot.charge_point_model("M")
    });
    assert_eq!(twice, Err(EncodeError::Repeated { field: "chargePointModel" }));
    let long = write_payload(&mut out, |boot: &mut Boot<'_, '_>| {
        boot.charge_point_model("ä".repeat(21).as_str())
    });
    assert_eq!(long, Err(EncodeError::TooLong { field: "chargePointModel", max: 20 }));
    let empty = write_payload(&mut out, |report: &mut Writer<'_, v21::GetVariablesRequest<'_>>| {
        report.get_variable_data(|_: &mut ListWriter<'_, v21::GetVariableData<'_>>| Ok(()))
    });
    assert_eq!(empty, Err(EncodeError::ListLength { field: "getVariableData", length: 0 }));
    let mut small = Buffer::<8>::new();
    let full = write_payload(&mut small, |boot: &mut Boot<'_, '_>| boot.charge_point_model("M"));
    assert_eq!(full, Err(EncodeError::NoRoom));
    let other = write_call(&mut out, "1", &v16::action::HEARTBEAT, |_: &mut Boot<'_, '_>| Ok(()));
    assert_eq!(other, Err(EncodeError::Frame));
}

proptest! {
    /// What is written decodes strictly, and reads back as it was given.
    #[test]
    fn written_is_valid(id in "\\PC{0,40}", value in "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?", seq in any::<i64>()) {
        let mut out = Buffer::new();
        match write_event(&mut out, &id, &value, seq) {
            Err(EncodeError::TooLong { .. }) => prop_assert!(id.chars().count() > 36),
            Err(EncodeError::OutOfRange { .. }) => prop_assert!(seq < 0),
            Err(other) => panic!("{other}"),
            Ok(()) => {
                let frame = v21::SCHEMA.decode(out.as_bytes(), &mut Mode::Strict, &mut |_| None).expect("valid");
                let Frame::Call(call) = frame else { panic!("not a CALL") };
                let event = call.view::<v21::TransactionEventRequest<'_>>().expect("its type");
                let info = event.transaction_info().expect("given");
                prop_assert_eq!(info.transaction_id().expect("given").to_string(), id);
                prop_assert_eq!(event.seq_no().and_then(|n| n.to_i64()), Some(seq));
                prop_assert_eq!(event.event_type(), Some(Open::Known(v21::TransactionEvent::Updated)));
                let sample = event.meter_value().and_then(|l| l.iter().next()?.sampled_value()?.iter().next());
                let number = sample.and_then(|sample| sample.value()).expect("given");
                prop_assert_eq!(number.as_str(), value.as_str());
                prop_assert!(event.object().raw().len() < 1024);
            }
        }
    }
}
