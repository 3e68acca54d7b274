//! What holds for any bytes and any values of every message.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed unwrap is the failed assertion"
)]

use evse_gbt27930::message::*;
use evse_gbt27930::table::Fields;
use evse_gbt27930::{DecodeError, Edition};
use proptest::prelude::*;

fn edition() -> impl Strategy<Value = Edition> {
    prop::sample::select(Edition::ALL.as_slice())
}

/// Every message is decoded from each length from its minimum on, and refused below with the right numbers.
#[test]
fn every_length() {
    let bytes = [0xA5; 1785];
    for &kind in MessageKind::ALL {
        for edition in Edition::ALL {
            for len in 0..=usize::from(kind.info().length).max(64) {
                let decoded = Message::decode(kind, &bytes[..len], edition);
                let needed = kind.info().minimum;
                if len >= needed.into() {
                    assert_eq!(decoded.unwrap().as_bytes().len(), len);
                } else {
                    let actual = u16::try_from(len).unwrap();
                    let expected = DecodeError::Truncated { message: kind, needed, actual };
                    assert_eq!(decoded, Err(expected));
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn any_bytes(kind in prop::sample::select(MessageKind::ALL), edition in edition(),
                 payload in prop::collection::vec(any::<u8>(), 0..1785)) {
        let fields = Fields::new(kind, &payload, edition);
        let mut copy = vec![0xFF; payload.len()];
        for value in fields.iter() {
            value.field.put(&mut copy, edition, value.index, value.value).unwrap();
        }
        let again = Fields::new(kind, &copy, edition);
        prop_assert!(fields.iter().map(|v| v.value).eq(again.iter().map(|v| v.value)));
        if let Ok(message) = Message::decode(kind, &payload, edition) {
            prop_assert_eq!(message.as_bytes(), payload.as_slice());
            prop_assert_eq!((message.kind(), message.edition()), (kind, edition));
            let _ = format!("{message:?}");
        }
    }
}

/// Any values (every value of a field is some bytes) survive encoding and decoding.
macro_rules! any_values {
    ($($test:ident $owned:ident;)+) => { proptest! { $(
        #[test]
        fn $test(bytes in any::<[u8; 64]>(), edition in edition()) {
            let kind = MessageKind::from_code(&stringify!($test).to_uppercase()).unwrap();
            let len = usize::from(kind.info().length_in(edition));
            let value = $owned::decode(&bytes[..len.max(kind.info().minimum.into())], edition).unwrap();
            let mut out = [0; 64];
            match value.encode(edition, &mut out) {
                Ok(written) => {
                    prop_assert_eq!(written, len);
                    prop_assert_eq!($owned::decode(&out[..written], edition), Ok(value));
                    prop_assert!(value.encode(edition, &mut out[..written - 1]).is_err());
                }
                Err(_) => prop_assert_eq!(len, 0),
            }
        }
    )+ } };
}

any_values! {
    chm ChargerHandshake;
    bhm VehicleHandshake;
    crm ChargerRecognition;
    brm VehicleRecognition;
    bcp BatteryParameters;
    cts ChargerTime;
    cml ChargerLimits;
    bro VehicleReady;
    cro ChargerReady;
    bcl ChargeDemand;
    bcs BatteryStatus;
    ccs ChargerStatus;
    bsm BatteryState;
    bsd VehicleStatistics;
    csd ChargerStatistics;
}

/// Messages of 2-bit items are reproduced bit by bit, in any edition.
macro_rules! any_items {
    ($($test:ident $set:ident $item:ident;)+) => { proptest! { $(
        #[test]
        fn $test(bytes in any::<[u8; 4]>(), edition in edition(), state in 0..4_u8) {
            use evse_gbt27930::codes::{Code, Fault};
            let set = $set::decode(&bytes, edition).unwrap();
            let mut out = [0; 4];
            prop_assert_eq!(set.encode(&mut out), Ok(4));
            prop_assert_eq!(out, bytes);
            for item in $item::ALL {
                let mut changed = set;
                changed.set(*item, Fault::from_code(state));
                let others = $item::ALL.iter().filter(|other| *other != item);
                for other in others {
                    prop_assert_eq!(changed.state(*other), set.state(*other));
                }
                prop_assert_eq!(changed.undefined_bits(), set.undefined_bits());
            }
        }
    )+ } };
}

any_items! {
    bst VehicleStopCauses VehicleStopCause;
    cst ChargerStopCauses ChargerStopCause;
    bem VehicleTimeouts VehicleTimeout;
    cem ChargerTimeouts ChargerTimeout;
}
