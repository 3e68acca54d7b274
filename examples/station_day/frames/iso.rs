//! The session between vehicle and charger over ISO 15118-2 (DC): session setup, demand and answer while charging, power
//! delivery stopped, session stopped; EXI in V2GTP, as the TCP connection carries it in pieces of any size.
//!
//! Energy is told by `MeterInfo` in Wh, state of charge by `EVRESSSOC` in percent, who stopped by `ChargingComplete` and
//! `EVSENotification`, the vehicle by its EVCC identifier. Only contracts name more.

use anyhow::{Context, Result, bail, ensure};
use evse_iso15118::message::iso2::{
    self, Body, BodyElement, ChargeProgress, ChargingSession, CurrentDemandReq, CurrentDemandRes,
    DcEvErrorCode, DcEvPowerDeliveryParameter, DcEvStatus, DcEvseStatus, DcEvseStatusCode,
    EvPowerDeliveryParameter, EvseNotification, EvseStatus, IsolationLevel, MessageHeader,
    MeterInfo, PhysicalValue, PowerDeliveryReq, PowerDeliveryRes, ResponseCode, SessionSetupReq,
    SessionSetupRes, SessionStopReq, SessionStopRes, UnitSymbol, V2gMessage,
};
use evse_iso15118::v2gtp::{Header, PayloadType, Reassembler};
use evse_iso15118::{Bytes, MilliUnits, Text, View};

use super::{
    Carried, Charging, Energy, PACK_DECIVOLTS, SAMPLE_MS, SOC_ON_ARRIVAL, SessionRecord, StopReason,
};

const SESSION_ID: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 1];
const EVSE_ID: &str = "CN*DEM*E1";
const SCHEDULE: u8 = 1;
/// The most that a segment of the connection brings at once here.
const SEGMENT: usize = 100;
/// Longest message that is received.
const LONGEST: usize = 512;

/// Makes the messages, and reads the session back from them alone.
pub fn carry(charging: &Charging<'_>) -> Result<Carried> {
    let mut stream = Stream::default();
    send(charging, &mut stream)?;
    let mut reader = Reader::default();
    let mut memory = [0; LONGEST];
    let mut reassembler = Reassembler::new(&mut memory);
    for mut segment in stream.octets.chunks(SEGMENT) {
        while let Some(frame) = reassembler.next_frame(&mut segment)? {
            ensure!(frame.payload_type == PayloadType::Sap, "no EXI message");
            reader.hear(&iso2::decode(frame.payload)?)?;
        }
    }
    ensure!(!reassembler.is_inside(), "the connection ends inside a message");
    ensure!(reader.messages == stream.messages, "messages lost");
    Ok(Carried {
        protocol: "ISO 15118-2",
        messages: stream.messages,
        bytes: stream.octets.len(),
        record: reader.record()?,
    })
}

/// What both sides have sent.
#[derive(Default)]
struct Stream {
    octets: Vec<u8>,
    messages: usize,
}

impl Stream {
    fn send(&mut self, body: BodyElement<'_>) -> Result<()> {
        let message = V2gMessage {
            header: MessageHeader {
                session_id: Bytes::new(&SESSION_ID),
                notification: None,
                signature: None,
            },
            body: Body { body_element: Some(body) },
        };
        let mut payload = [0; LONGEST];
        let length = iso2::encode(&message, &mut payload)?;
        let header = Header { payload_type: PayloadType::Sap, length: u32::try_from(length)? };
        self.octets.extend(header.encode());
        self.octets.extend(payload.get(..length).context("a message longer than its buffer")?);
        self.messages += 1;
        Ok(())
    }
}

fn send(charging: &Charging<'_>, stream: &mut Stream) -> Result<()> {
    let session = charging.session;
    stream.send(BodyElement::SessionSetupReq(SessionSetupReq {
        evccid: Bytes::new(&charging.evcc),
    }))?;
    stream.send(BodyElement::SessionSetupRes(SessionSetupRes {
        response_code: ResponseCode::OkNewSessionEstablished,
        evseid: Text::new(EVSE_ID),
        evse_time_stamp: Some(session.start.timestamp()),
    }))?;

    let duration = u64::try_from((session.end - session.start).num_milliseconds())?;
    let gained = charging.soc_at_end - SOC_ON_ARRIVAL;
    let samples = duration / SAMPLE_MS + 1;
    for sample in 0..=samples {
        let is_last = sample == samples;
        let soc = SOC_ON_ARRIVAL + u8::try_from(u64::from(gained) * sample / samples)?;
        let energy = i128::from(session.energy_wh()) * i128::from(sample) / i128::from(samples);
        let register = u64::try_from(i128::from(session.meter_start_wh) + energy)?;
        demand(charging, stream, soc, register, is_last)?;
    }

    let complete = charging.stop == StopReason::VehicleDone;
    stream.send(BodyElement::PowerDeliveryReq(PowerDeliveryReq {
        charge_progress: ChargeProgress::Stop,
        sa_schedule_tuple_id: SCHEDULE,
        charging_profile: None,
        ev_power_delivery_parameter: Some(EvPowerDeliveryParameter::DcEvPowerDeliveryParameter(
            DcEvPowerDeliveryParameter {
                dc_ev_status: vehicle(charging.soc_at_end),
                bulk_charging_complete: None,
                charging_complete: complete,
            },
        )),
    }))?;
    stream.send(BodyElement::PowerDeliveryRes(PowerDeliveryRes {
        response_code: ResponseCode::Ok,
        evse_status: EvseStatus::DcEvseStatus(charger(EvseNotification::None)),
    }))?;
    stream.send(BodyElement::SessionStopReq(SessionStopReq {
        charging_session: ChargingSession::Terminate,
    }))?;
    stream.send(BodyElement::SessionStopRes(SessionStopRes { response_code: ResponseCode::Ok }))
}

/// A demand of the vehicle and the charger's answer to it.
fn demand(
    charging: &Charging<'_>,
    stream: &mut Stream,
    soc: u8,
    register: u64,
    is_last: bool,
) -> Result<()> {
    let in_tenths = |tenths: i32, unit| {
        PhysicalValue::from_milli(MilliUnits::from_raw(i64::from(tenths) * 100), unit)
    };
    let volts = in_tenths(PACK_DECIVOLTS, UnitSymbol::V)?;
    let amps = in_tenths(charging.deciamps, UnitSymbol::A)?;
    stream.send(BodyElement::CurrentDemandReq(CurrentDemandReq {
        dc_ev_status: vehicle(soc),
        ev_target_current: amps,
        ev_maximum_voltage_limit: None,
        ev_maximum_current_limit: None,
        ev_maximum_power_limit: None,
        bulk_charging_complete: None,
        charging_complete: is_last && charging.stop == StopReason::VehicleDone,
        remaining_time_to_full_soc: None,
        remaining_time_to_bulk_soc: None,
        ev_target_voltage: volts,
    }))?;
    let meter = MeterInfo {
        meter_id: Text::new("1"),
        meter_reading: Some(register),
        sig_meter_reading: None,
        meter_status: None,
        tmeter: None,
    };
    let notification = if is_last && charging.stop == StopReason::User {
        EvseNotification::StopCharging
    } else {
        EvseNotification::None
    };
    stream.send(BodyElement::CurrentDemandRes(CurrentDemandRes {
        response_code: ResponseCode::Ok,
        dc_evse_status: charger(notification),
        evse_present_voltage: volts,
        evse_present_current: amps,
        evse_current_limit_achieved: false,
        evse_voltage_limit_achieved: false,
        evse_power_limit_achieved: false,
        evse_maximum_voltage_limit: None,
        evse_maximum_current_limit: None,
        evse_maximum_power_limit: None,
        evseid: Text::new(EVSE_ID),
        sa_schedule_tuple_id: SCHEDULE,
        meter_info: Some(View::new(&meter)),
        receipt_required: None,
    }))
}

const fn vehicle(soc: u8) -> DcEvStatus {
    DcEvStatus { ev_ready: true, ev_error_code: DcEvErrorCode::NoError, ev_ress_soc: soc }
}

const fn charger(notification: EvseNotification) -> DcEvseStatus {
    DcEvseStatus {
        notification_max_delay: 0,
        evse_notification: notification,
        evse_isolation_status: Some(IsolationLevel::Valid),
        evse_status_code: DcEvseStatusCode::EvseReady,
    }
}

/// What the messages have told so far.
#[derive(Default)]
struct Reader {
    messages: usize,
    evcc_id: Option<String>,
    registers_wh: Option<(u64, u64)>,
    soc: Option<(u8, u8)>,
    stop: Option<StopReason>,
}

impl Reader {
    fn hear(&mut self, message: &V2gMessage<'_>) -> Result<()> {
        self.messages += 1;
        ensure!(message.header.session_id.eq_slice(&SESSION_ID), "another session");
        match message.body.body_element.context("an empty body")? {
            BodyElement::SessionSetupReq(request) => {
                let digits = request.evccid.iter().map(|octet| format!("{octet:02X}"));
                self.evcc_id = Some(digits.collect());
            }
            BodyElement::CurrentDemandReq(request) => {
                let soc = request.dc_ev_status.ev_ress_soc;
                self.soc = Some((self.soc.map_or(soc, |(first, _)| first), soc));
                if request.charging_complete {
                    self.stop.get_or_insert(StopReason::VehicleDone);
                }
            }
            BodyElement::CurrentDemandRes(response) => {
                let reading = response.meter_info.and_then(|meter| meter.get().meter_reading);
                if let Some(wh) = reading {
                    self.registers_wh =
                        Some((self.registers_wh.map_or(wh, |(first, _)| first), wh));
                }
                if response.dc_evse_status.evse_notification == EvseNotification::StopCharging {
                    self.stop.get_or_insert(StopReason::User);
                }
            }
            BodyElement::SessionSetupRes(_)
            | BodyElement::PowerDeliveryReq(_)
            | BodyElement::PowerDeliveryRes(_)
            | BodyElement::SessionStopReq(_)
            | BodyElement::SessionStopRes(_) => {}
            other => bail!("a message that was not sent: {other:?}"),
        }
        Ok(())
    }

    fn record(self) -> Result<SessionRecord> {
        let (before, after) = self.registers_wh.context("no meter reading")?;
        let (soc_at_start, soc_at_end) = self.soc.context("no state of charge")?;
        let wh = i64::try_from(after)? - i64::try_from(before)?;
        Ok(SessionRecord {
            vin: None,
            evcc_id: self.evcc_id,
            energy: Energy::exact(wh),
            soc_at_start,
            soc_at_end,
            stop: self.stop.context("nobody stopped")?,
        })
    }
}
