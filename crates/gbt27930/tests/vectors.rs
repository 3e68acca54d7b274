//! The shared single-message vectors and hand-computed ones: decode, compare every field, encode, compare every byte.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a failed unwrap is the failed assertion"
)]
#![cfg(feature = "serde")]

mod common;

use evse_gbt27930::message::*;
use evse_gbt27930::table::{Fields, Value};
use evse_gbt27930::text::*;
use evse_gbt27930::units::*;
use evse_gbt27930::{CanId, Edition, codes::*};

#[test]
fn shared_vectors() {
    let Some(folder) = common::shared() else { return };
    let text = std::fs::read_to_string(folder.join("vectors.json")).unwrap();
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    for vector in vectors["vectors"].as_array().unwrap() {
        let code = vector["message"].as_str().unwrap();
        let payload = hex::decode(vector["payload_hex"].as_str().unwrap()).unwrap();
        let edition =
            Edition::from_year(vector["edition"].as_str().unwrap().parse().unwrap()).unwrap();
        let id = u32::from_str_radix(vector["can_id"].as_str().unwrap(), 16).unwrap();
        let kind = MessageKind::of(CanId::from_raw(id).unwrap()).unwrap();
        assert_eq!(kind.code(), code);
        assert_eq!(kind.info().can_id().raw(), id, "{code}");
        let message = Message::decode(kind, &payload, edition).unwrap();
        assert_eq!(serde_json::to_value(message).unwrap(), vector["expected"], "{vector}");
        assert_eq!(message.as_bytes(), payload);
        rebuild_from_table(kind, &payload, edition);
        reencode(&message);
    }
}

/// The payload, rebuilt through the table from its raw values, differs in no defined bit.
fn rebuild_from_table(kind: MessageKind, payload: &[u8], edition: Edition) {
    let mut copy = vec![0xFF; payload.len()];
    let fields = Fields::new(kind, payload, edition);
    for value in fields.iter() {
        value.field.put(&mut copy, edition, value.index, value.value).unwrap();
    }
    let rebuilt = Fields::new(kind, &copy, edition);
    for (a, b) in fields.iter().zip(rebuilt.iter()) {
        assert!(a.value == b.value, "{kind} {}", a.field.name);
    }
    assert_eq!(fields.iter().count(), rebuilt.iter().count());
}

/// Owned values encode to the same fields; to the same bytes where the length is the edition's.
fn reencode(message: &Message<'_>) {
    let (payload, edition) = (message.as_bytes(), message.edition());
    let mut out = [0; 512];
    let len = match message {
        Message::Chm(m) => ChargerHandshake::from(*m).encode(edition, &mut out),
        Message::Bhm(m) => VehicleHandshake::from(*m).encode(edition, &mut out),
        Message::Crm(m) => ChargerRecognition::from(*m).encode(edition, &mut out),
        Message::Brm(m) => VehicleRecognition::from(*m).encode(edition, &mut out),
        Message::Bcp(m) => BatteryParameters::from(*m).encode(edition, &mut out),
        Message::Cts(m) => ChargerTime::from(*m).encode(edition, &mut out),
        Message::Cml(m) => ChargerLimits::from(*m).encode(edition, &mut out),
        Message::Bro(m) => VehicleReady::from(*m).encode(edition, &mut out),
        Message::Cro(m) => ChargerReady::from(*m).encode(edition, &mut out),
        Message::Bcl(m) => ChargeDemand::from(*m).encode(edition, &mut out),
        Message::Bcs(m) => BatteryStatus::from(*m).encode(edition, &mut out),
        Message::Bmv(m) => CellVoltagesView::encode(m.iter(), &mut out),
        Message::Bmt(m) => BatteryTemperaturesView::encode(m.iter(), &mut out),
        Message::Bst(m) => m.items().encode(&mut out),
        Message::Cst(m) => m.items().encode(&mut out),
        Message::Bsd(m) => VehicleStatistics::from(*m).encode(edition, &mut out),
        Message::Csd(m) => ChargerStatistics::from(*m).encode(edition, &mut out),
        Message::Bem(m) => m.items().encode(&mut out),
        Message::Cem(m) => m.items().encode(&mut out),
        // Undefined bits or a spare byte: not reproduced by the owned value, so its fields are compared below.
        Message::Ccs(m) => ChargerStatus::from(*m).encode(edition, &mut out),
        Message::Bsm(m) => BatteryState::from(*m).encode(edition, &mut out),
        _ => return,
    }
    .unwrap();
    let (encoded, kind) = (&out[..len], message.kind());
    if matches!(kind, MessageKind::Ccs | MessageKind::Bsm) {
        let again = Message::decode(kind, encoded, edition).unwrap();
        assert_eq!(serde_json::to_value(again).unwrap(), serde_json::to_value(message).unwrap());
    } else {
        assert_eq!(encoded, payload, "{kind}");
    }
}

#[test]
fn a_vehicle_recognition_built_by_hand() {
    let brm = VehicleRecognition {
        version_minor: 1,
        version_major: 1,
        battery_type: BatteryType::LithiumIronPhosphate,
        rated_capacity: Some(DeciAmpHours::from_raw(1520)),
        rated_voltage: Some(DeciVolts::from_raw(3648)),
        manufacturer: Some(Manufacturer::from_bytes([1, 0, 0, 0])),
        pack_serial: PackSerial::from_bytes([1, 0, 0, 0]),
        production_date: ProductionDate::from_calendar(2084, 11, 8).unwrap(),
        charge_count: ChargeCount::new(149),
        ownership: Ownership::Owned,
        reserved24: 0xFF,
        vin: Some(Vin::from_bytes(*b"L1NSPGH98NA000000")),
        sw_build_no: 0,
        sw_day: 1,
        sw_month: 4,
        sw_year: 2023,
        sw_reserved: [0xFF, 0xFF, 0],
    };
    let mut out = [0; 49];
    assert_eq!(brm.encode(Edition::V2015, &mut out), Ok(49));
    let captured = "01010003F005400E0100000001000000630B0895000001FF4C314E5350474839384E41303030303030000104E707FFFF00";
    assert_eq!(out.as_slice(), hex::decode(captured).unwrap());
    assert_eq!(VehicleRecognition::decode(&out, Edition::V2015), Ok(brm));
    assert_eq!(brm.encode(Edition::V2011, &mut out), Ok(41));
    assert!(!format!("{brm:?}").contains("L1NSP"));
    // Any length from 8 on is read; what is missing is not available.
    let short = VehicleRecognition::decode(&out[..12], Edition::V2015).unwrap();
    assert_eq!((short.vin, short.sw_year), (None, 0xFFFF));
    assert!(VehicleRecognition::decode(&out[..7], Edition::V2015).is_err());
}

/// The editions differ where section 5 of the facts says so, and nowhere else.
#[test]
fn layouts_of_2011() {
    let crm = hex::decode("AA2A313131313131").unwrap();
    let view = ChargerRecognitionView::new(&crm, Edition::V2011).unwrap();
    assert_eq!((view.charger_number(), view.area_code().as_bytes()), (42, b"111111".as_slice()));
    let csd = hex::decode("3C00E8030702FFFF").unwrap();
    assert_eq!(ChargerStatisticsView::new(&csd, Edition::V2011).unwrap().charger_number(), 7);
    assert_eq!(
        ChargerStatisticsView::new(&csd, Edition::V2015).unwrap().charger_number(),
        0xFFFF_0207
    );
    let bst = VehicleStopCauses::from_bytes([0, 0, 4, 0xF0], Edition::V2011);
    assert!(bst.contains(VehicleStopCause::OtherFault) && bst.iter().count() == 1);
    let bst = VehicleStopCauses::from_bytes([0, 0, 4, 0xF0], Edition::V2015);
    assert!(bst.contains(VehicleStopCause::HvRelayFault) && bst.iter().count() == 1);
    let mut out = [0; 8];
    assert_eq!(ChargerLimits::default().encode(Edition::V2011, &mut out), Ok(6));
    assert_eq!(ChargerStatus::default().encode(Edition::V2011, &mut out), Ok(6));
    assert_eq!(ChargerStatistics::default().encode(Edition::V2011, &mut out), Ok(5));
    assert!(ChargerHandshake::default().encode(Edition::V2011, &mut out).is_err());
}

#[test]
fn item_sets_start_clean_and_keep_undefined_bits() {
    use ChargerTimeout as C;
    use VehicleTimeout as B;
    let b = |item| VehicleTimeouts::empty(Edition::V2015).with(item).to_bytes();
    assert_eq!(b(B::Crm00).to_vec(), hex::decode("F1F0F0FC").unwrap());
    assert_eq!(b(B::CrmAa).to_vec(), hex::decode("F4F0F0FC").unwrap());
    assert_eq!(b(B::CtsCml).to_vec(), hex::decode("F0F1F0FC").unwrap());
    assert_eq!(b(B::Cro).to_vec(), hex::decode("F0F4F0FC").unwrap());
    assert_eq!(b(B::Ccs).to_vec(), hex::decode("F0F0F1FC").unwrap());
    assert_eq!(b(B::Cst).to_vec(), hex::decode("F0F0F4FC").unwrap());
    assert_eq!(b(B::Csd).to_vec(), hex::decode("F0F0F0FD").unwrap());
    let c = |item| ChargerTimeouts::empty(Edition::V2015).with(item).to_bytes();
    for (item, bytes) in [
        (C::Brm, "FDF0C0FC"),
        (C::Bcp, "FCF1C0FC"),
        (C::Bro, "FCF4C0FC"),
        (C::Bcs, "FCF0C1FC"),
        (C::Bcl, "FCF0C4FC"),
        (C::Bst, "FCF0D0FC"),
        (C::Bsd, "FCF0C0FD"),
    ] {
        assert_eq!(c(item).to_vec(), hex::decode(bytes).unwrap());
    }
    let stop = ChargerStopCauses::empty(Edition::V2015);
    assert_eq!(
        stop.with(ChargerStopCause::BmsStop).to_bytes().to_vec(),
        hex::decode("4000F0F0").unwrap()
    );
    let fault = stop.with(ChargerStopCause::FaultStop).with(ChargerStopCause::OtherFault);
    assert_eq!(fault.to_bytes().to_vec(), hex::decode("1000F4F0").unwrap());
    let vehicle = VehicleStopCauses::empty(Edition::V2015).with(VehicleStopCause::ChargerStop);
    assert_eq!(vehicle.to_bytes().to_vec(), hex::decode("400000F0").unwrap());
    assert_eq!(vehicle.to_string(), "charger_stop");
    // A bit that only a later edition defines is kept in place.
    let later = ChargerStopCauses::from_bytes([4, 0, 0x10, 0xF0], Edition::V2015);
    assert_eq!(later.undefined_bits().to_le_bytes(), [0, 0, 0x10, 0xF0]);
    assert_eq!(later.to_bytes(), [4, 0, 0x10, 0xF0]);
}

#[test]
fn ranges_are_flagged_not_refused() {
    let bcp = hex::decode("7201DA052A02A510730BB8C60E").unwrap();
    let fields = Fields::new(MessageKind::Bcp, &bcp, Edition::V2015);
    let names: Vec<_> = fields.out_of_range().map(|v| v.field.name).collect();
    assert_eq!(names, ["soc"]);
    // 750 V is a limit of 2011 only.
    let bcl = hex::decode("1C25A00F01").unwrap();
    assert_eq!(Fields::new(MessageKind::Bcl, &bcl, Edition::V2015).out_of_range().count(), 0);
    assert_eq!(Fields::new(MessageKind::Bcl, &bcl, Edition::V2011).out_of_range().count(), 1);
    let soc = BatteryParametersView::new(&bcp, Edition::V2015).unwrap().soc();
    assert_eq!(soc, Some(PerMille::from_raw(0xB80B)));
}

#[test]
fn values_without_a_code_are_refused() {
    let mut out = [0; 8];
    let demand =
        ChargeDemand { current_demand: Some(DeciAmps::from_raw(0xFFFF)), ..Default::default() };
    let error = demand.encode(Edition::V2015, &mut out).unwrap_err();
    assert_eq!(error.to_string(), "current_demand: no code for raw value 65535");
    let error = ChargeDemand::default().encode(Edition::V2015, &mut out[..4]).unwrap_err();
    assert_eq!(error.to_string(), "buffer of 4 bytes for a message of 5");
    let put = |value| {
        let mut payload = [0xFF; 7];
        MessageKind::Bsm.info().field("charge_permit").unwrap().put(
            &mut payload,
            Edition::V2015,
            0,
            value,
        )
    };
    assert!(put(Value::Number(4)).is_err() && put(Value::Bytes(&[1])).is_err());
    assert_eq!(CellVoltage::new(Some(CentiVolts::from_raw(4095)), 0), None);
}
