//! The features that are there for other crates: `embedded-can`, `defmt`, `arbitrary`. (`serde` is tested with the vectors.)
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is the failed assertion")]

/// Frames of a driver in and out, and those that this bus does not have.
#[cfg(feature = "embedded-can")]
#[test]
fn frames_of_a_can_driver() {
    use embedded_can::{ExtendedId, Frame as _, Id, StandardId};
    use evse_gbt27930::{CanId, Frame};

    /// What a driver has.
    #[derive(Debug, PartialEq)]
    struct Driver {
        id: Id,
        data: Vec<u8>,
        is_remote: bool,
    }

    impl embedded_can::Frame for Driver {
        fn new(id: impl Into<Id>, data: &[u8]) -> Option<Self> {
            Some(Self { id: id.into(), data: data.to_vec(), is_remote: false })
        }
        fn new_remote(id: impl Into<Id>, _: usize) -> Option<Self> {
            Some(Self { id: id.into(), data: Vec::new(), is_remote: true })
        }
        fn is_extended(&self) -> bool {
            matches!(self.id, Id::Extended(_))
        }
        fn is_remote_frame(&self) -> bool {
            self.is_remote
        }
        fn id(&self) -> Id {
            self.id
        }
        fn dlc(&self) -> usize {
            self.data.len()
        }
        fn data(&self) -> &[u8] {
            &self.data
        }
    }

    let id = ExtendedId::new(0x1826_F456).unwrap();
    let theirs = Driver::new(id, &[1, 1, 0]).unwrap();
    let ours = Frame::from_driver(&theirs).unwrap();
    assert_eq!((ours.id(), ours.data()), (CanId::from_raw(0x1826_F456).unwrap(), &[1, 1, 0][..]));
    assert_eq!(ours.to_driver(), Some(theirs));
    assert_eq!((ours.dlc(), ours.is_extended(), ours.is_remote_frame()), (3, true, false));

    let standard = StandardId::new(0x123).unwrap();
    assert_eq!(Frame::from_driver(&Driver::new(standard, &[]).unwrap()), None);
    assert_eq!(Frame::from_driver(&Driver::new_remote(id, 8).unwrap()), None);
    assert_eq!(Frame::from_driver(&Driver::new(id, &[0; 9]).unwrap()), None);
    assert_eq!(<Frame as embedded_can::Frame>::new(standard, &[]), None);
    assert_eq!(<Frame as embedded_can::Frame>::new_remote(id, 0), None);
}

/// What firmware logs. (Identifiers and frames format as their length; that is read in `text.rs` and `frame.rs`, for a
/// format needs a logger of the program.)
#[cfg(feature = "defmt")]
#[test]
fn values_can_be_logged() {
    const fn is_logged<T: defmt::Format>() {}
    use evse_gbt27930::{message, session, transport, units};
    is_logged::<evse_gbt27930::Frame>();
    is_logged::<evse_gbt27930::Edition>();
    is_logged::<evse_gbt27930::DecodeError>();
    is_logged::<evse_gbt27930::EncodeError>();
    is_logged::<units::DeciAmps>();
    is_logged::<message::VehicleRecognition>();
    is_logged::<message::BatteryState>();
    is_logged::<message::ChargerStopCauses>();
    is_logged::<session::Event>();
    is_logged::<session::State>();
    is_logged::<transport::Control>();
    is_logged::<transport::ReceiverEvent>();
}

/// A fuzzer's values are ones that can be encoded, or say why not, and frames are mostly such as this bus carries.
#[cfg(feature = "arbitrary")]
#[test]
fn values_for_fuzzers() {
    use arbitrary::Unstructured;
    use evse_gbt27930::message::{ChargerStatus, VehicleRecognition};
    use evse_gbt27930::{Edition, Frame};

    let noise: Vec<u8> = (0..40_000_u32).map(|i| (i * i % 251).to_le_bytes()[0]).collect();
    let mut source = Unstructured::new(&noise);
    let (mut on_the_bus, mut encoded) = (0, 0);
    for _ in 0..200 {
        let frame: Frame = source.arbitrary().unwrap();
        on_the_bus += usize::from(frame.id().sender().is_some());
        let brm: VehicleRecognition = source.arbitrary().unwrap();
        let ccs: ChargerStatus = source.arbitrary().unwrap();
        let mut out = [0; 64];
        if let Ok(len) = brm.encode(Edition::V2015, &mut out) {
            assert_eq!(VehicleRecognition::decode(&out[..len], Edition::V2015), Ok(brm));
            encoded += 1;
        }
        if let Ok(len) = ccs.encode(Edition::V2015, &mut out) {
            assert_eq!(ChargerStatus::decode(&out[..len], Edition::V2015), Ok(ccs));
            encoded += 1;
        }
    }
    assert!(on_the_bus > 150 && encoded > 300, "{on_the_bus} and {encoded}");
}
