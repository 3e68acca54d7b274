//! The session on the way to the back office (OCPP 2.1): the `TransactionEvent` that starts it and the one that ends it.
//!
//! Energy is told by the register in Wh, state of charge by the measurand `SoC` in percent, who stopped by
//! `stoppedReason`, the vehicle by its VIN as `idToken` and its EVCC identifier as additional information.

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use evse_ocpp::message::{EncodeError, Frame, ListWriter, Mode, Timestamp, Writer, write_call};
use evse_ocpp::v21::{
    self, AdditionalInfo, IdToken, Measurand, MeterValue, ReadingContext, Reason, SampledValue,
    Transaction, TransactionEvent, TransactionEventRequest, TriggerReason,
};

use super::{Carried, Charging, Energy, SOC_ON_ARRIVAL, SessionRecord, StopReason};

const VIN: &str = "VIN";
const EVCC_ID: &str = "MacAddress";

/// What the meter and the vehicle say at one time.
#[derive(Clone, Copy)]
struct Sample {
    register_wh: i64,
    soc: u8,
}

/// Makes the messages, and reads the session back from them alone.
pub fn carry(charging: &Charging<'_>) -> Result<Carried> {
    let session = charging.session;
    let start = Sample { register_wh: session.meter_start_wh, soc: SOC_ON_ARRIVAL };
    let end = Sample { register_wh: session.meter_end_wh, soc: charging.soc_at_end };
    let messages = [
        message(charging, TransactionEvent::Started, session.start, start)?,
        message(charging, TransactionEvent::Ended, session.end, end)?,
    ];
    Ok(Carried {
        protocol: "OCPP 2.1",
        messages: messages.len(),
        bytes: messages.iter().map(String::len).sum(),
        record: record(&messages)?,
    })
}

fn record([started, ended]: &[String; 2]) -> Result<SessionRecord> {
    let (started, ended) = (event(started)?, event(ended)?);
    let token = started.id_token().context("no idToken")?;
    let vin = token.type_().filter(|kind| kind.is_ignore_case(VIN)).and(token.id_token());
    let more = token.additional_info();
    let evcc_id = more
        .and_then(|more| {
            more.iter().find(|info| info.type_().is_some_and(|kind| kind.is_ignore_case(EVCC_ID)))
        })
        .and_then(|info| info.additional_id_token());
    let (before, after) = (sample(&started)?, sample(&ended)?);
    let reason = ended.transaction_info().and_then(|transaction| transaction.stopped_reason());
    let stop = match reason.and_then(|reason| reason.known()) {
        Some(Reason::SocLimitReached) => StopReason::VehicleDone,
        Some(Reason::Local) => StopReason::User,
        None => bail!("no stop reason"),
        Some(other) => bail!("stopped for another reason: {other:?}"),
    };
    let text = |id: evse_ocpp::message::Identifier<'_>| id.expose().chars().collect::<String>();
    Ok(SessionRecord {
        vin: vin.map(text),
        evcc_id: evcc_id.map(text),
        energy: Energy::exact(after.register_wh - before.register_wh),
        soc_at_start: before.soc,
        soc_at_end: after.soc,
        stop,
    })
}

fn event(frame: &str) -> Result<TransactionEventRequest<'_>> {
    let decoded = v21::SCHEMA.decode(frame.as_bytes(), &mut Mode::Strict, &mut |_| None)?;
    let Frame::Call(call) = decoded else { bail!("no CALL") };
    call.view().context("no TransactionEvent")
}

fn sample(event: &TransactionEventRequest<'_>) -> Result<Sample> {
    let values = event.meter_value().context("no meterValue")?;
    let of = |wanted: Measurand| {
        let mut samples = values.iter().filter_map(|value| value.sampled_value());
        let found = samples.find_map(|samples| {
            samples.iter().find(|s| s.measurand().and_then(|m| m.known()) == Some(wanted))
        });
        found.and_then(|sample| sample.value()).and_then(|value| value.to_i64())
    };
    Ok(Sample {
        register_wh: of(Measurand::EnergyActiveImportRegister).context("no register")?,
        soc: u8::try_from(of(Measurand::Soc).context("no state of charge")?)?,
    })
}

/// One event of the transaction, with its readings.
fn message(
    charging: &Charging<'_>,
    event: TransactionEvent,
    at: DateTime<Utc>,
    sample: Sample,
) -> Result<String> {
    let ends = event == TransactionEvent::Ended;
    let (trigger, context) = match (ends, charging.stop) {
        (false, _) => (TriggerReason::Authorized, ReadingContext::TransactionBegin),
        (true, StopReason::VehicleDone) => {
            (TriggerReason::SocLimitReached, ReadingContext::TransactionEnd)
        }
        (true, StopReason::User) => (TriggerReason::StopAuthorized, ReadingContext::TransactionEnd),
    };
    let reason = match charging.stop {
        StopReason::VehicleDone => Reason::SocLimitReached,
        StopReason::User => Reason::Local,
    };
    let at = Timestamp::from_millis(at.timestamp_millis());
    let evcc = charging.evcc_text();
    let id = if ends { "session-2" } else { "session-1" };
    let mut frame = String::new();
    let action = &v21::action::TRANSACTION_EVENT;
    write_call(&mut frame, id, action, |request: &mut Writer<'_, TransactionEventRequest<'_>>| {
        request.event_type(event)?;
        request.timestamp(at)?;
        request.trigger_reason(trigger)?;
        request.seq_no(i64::from(ends))?;
        request.transaction_info(|transaction: &mut Writer<'_, Transaction<'_>>| {
            transaction.transaction_id("station-day")?;
            if ends { transaction.stopped_reason(reason) } else { Ok(()) }
        })?;
        if !ends {
            request.id_token(|token: &mut Writer<'_, IdToken<'_>>| {
                token.id_token(charging.vin.as_str())?;
                token.type_(VIN)?;
                token.additional_info(|list: &mut ListWriter<'_, AdditionalInfo<'_>>| {
                    list.push(|info: &mut Writer<'_, AdditionalInfo<'_>>| {
                        info.additional_id_token(evcc.as_str())?;
                        info.type_(EVCC_ID)
                    })
                })
            })?;
        }
        request.meter_value(|list: &mut ListWriter<'_, MeterValue<'_>>| {
            list.push(|value: &mut Writer<'_, MeterValue<'_>>| {
                value.timestamp(at)?;
                value.sampled_value(|list: &mut ListWriter<'_, SampledValue<'_>>| {
                    reading(
                        list,
                        Measurand::EnergyActiveImportRegister,
                        context,
                        sample.register_wh,
                    )?;
                    reading(list, Measurand::Soc, context, sample.soc.into())
                })
            })
        })
    })?;
    Ok(frame)
}

fn reading(
    list: &mut ListWriter<'_, SampledValue<'_>>,
    measurand: Measurand,
    context: ReadingContext,
    value: i64,
) -> Result<(), EncodeError> {
    list.push(|sample: &mut Writer<'_, SampledValue<'_>>| {
        sample.value(value)?;
        sample.measurand(measurand)?;
        sample.context(context)
    })
}
