//! `compose`: composite-schedule cases.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use evse_ocpp::charging::{
    CompositePeriod, CompositeRequest, Cursor, Evse, Micro, Period, Profile, RateUnit, compose,
    scratch_len,
};
use evse_ocpp::message::{Number, Text, Timestamp, Value, Version};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, json};

use crate::input::write_line;

#[derive(Deserialize)]
struct Case {
    id: Option<Box<RawValue>>,
    version: String,
    input: Input,
}

/// A line of the output.
#[derive(Serialize)]
struct Answer {
    id: Option<Box<RawValue>>,
    result: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    start: String,
    duration: i64,
    evse_id: i64,
    charging_rate_unit: String,
    number_of_evses: usize,
    profiles: Vec<InstalledProfile>,
    #[serde(default)]
    transactions: BTreeMap<String, Transaction>,
    #[serde(default)]
    assume_transaction: bool,
    voltage: Option<Box<RawValue>>,
    default_number_phases: Option<u8>,
    default_limit: Option<BTreeMap<String, Option<Box<RawValue>>>>,
    offline_since: Option<String>,
    #[serde(default)]
    priority_charging: Vec<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InstalledProfile {
    evse_id: i64,
    profile: Box<RawValue>,
}

#[derive(Deserialize)]
struct Transaction {
    id: Option<Box<RawValue>>,
    start: Option<String>,
}

pub(crate) fn run(file: Option<&Path>) -> Result<bool> {
    crate::input::each_line(file, |line, out| {
        let case: Case = serde_json::from_slice(line).context("not a composite-schedule case")?;
        let version = Version::parse(&case.version).context("unknown version")?;
        let mut left_out = Vec::new();
        let result = answer(version, &case.input, &mut left_out)?;
        write_line(out, &Answer { id: case.id, result })?;
        // Said once the result is out: the rest of the case was done.
        ensure!(left_out.is_empty(), "left out {}", left_out.join(", "));
        Ok(true)
    })
}

/// The most EVSEs that a case may have.
const MOST_EVSES: usize = 10_000;

fn answer(
    version: Version,
    input: &Input,
    left_out: &mut Vec<String>,
) -> Result<serde_json::Value> {
    let unit = RateUnit::parse(&input.charging_rate_unit).context("chargingRateUnit is A or W")?;
    ensure!(input.number_of_evses <= MOST_EVSES, "more than {MOST_EVSES} EVSEs");
    let mut evses = vec![Evse::default(); input.number_of_evses];
    for (number, transaction) in &input.transactions {
        let index: usize = number.parse().context("transactions: an EVSE number")?;
        let evse = index.checked_sub(1).and_then(|index| evses.get_mut(index));
        let evse = evse.with_context(|| format!("transaction on unknown EVSE {number}"))?;
        evse.in_transaction = true;
        evse.power_path_closed = transaction.start.as_deref().map(seconds).transpose()?;
        evse.transaction = transaction.id.as_deref().map(text).transpose()?;
    }
    for number in &input.priority_charging {
        let evse = usize::try_from(number - 1).ok().and_then(|index| evses.get_mut(index));
        evse.with_context(|| format!("priority charging on unknown EVSE {number}"))?.priority =
            true;
    }
    let mut buffers: Vec<Vec<Period>> = Vec::new();
    for installed in &input.profiles {
        let periods = installed.profile.get().matches("startPeriod").count();
        buffers.push(vec![Period::default(); periods]);
    }
    let mut profiles = Vec::new();
    for (number, (installed, buffer)) in (1..).zip(input.profiles.iter().zip(&mut buffers)) {
        match read_profile(installed, buffer) {
            Ok(profile) => profiles.push(profile),
            Err(error) => left_out.push(format!("profile {number} ({error:#})")),
        }
    }
    let default = input.default_limit.as_ref().and_then(|limits| limits.get(unit.as_str()));
    let default = default.and_then(Option::as_deref);
    let request = CompositeRequest {
        version,
        start: seconds(&input.start)?,
        duration: input.duration,
        evse: input.evse_id,
        unit,
        evses: &evses,
        assume_transaction: input.assume_transaction,
        millivolts: match &input.voltage {
            None => 230_000,
            Some(voltage) => {
                let millivolts = Number::parse(voltage.get()).context("voltage")?.scaled(3);
                i64::try_from(millivolts.units).context("voltage")?
            }
        },
        default_phases: input.default_number_phases.unwrap_or(3),
        default_limit: default
            .map(|limit| {
                Number::parse(limit.get()).and_then(Micro::from_number).context("defaultLimit")
            })
            .transpose()?,
        offline_since: input.offline_since.as_deref().map(seconds).transpose()?,
        soc: None,
        zone: &[],
    };
    let mut scratch = vec![Cursor::default(); scratch_len(&request, &profiles)];
    let mut out = vec![CompositePeriod::default(); 65_536];
    let summary = compose(&request, &profiles, &mut scratch, &mut out)?;
    ensure!(summary.duration == request.duration.max(0), "more than {} periods", out.len());
    let periods: Result<Vec<_>> = out.iter().take(summary.periods).map(describe).collect();
    Ok(json!({
        "scheduleStart": input.start,
        "duration": summary.duration,
        "chargingRateUnit": unit.as_str(),
        "chargingSchedulePeriod": periods?,
    }))
}

fn read_profile<'a>(
    installed: &'a InstalledProfile,
    buffer: &'a mut [Period],
) -> Result<Profile<'a>> {
    let value = Value::parse(installed.profile.get())?;
    let object = value.as_object().context("not an object")?;
    Ok(Profile::read(installed.evse_id, object, buffer)?)
}

fn describe(period: &CompositePeriod) -> Result<Map<String, serde_json::Value>> {
    let number = |micro: Micro| -> Result<serde_json::Value> {
        Ok(serde_json::from_str(&micro.to_string())?)
    };
    let mut out = Map::new();
    out.insert("startPeriod".into(), period.start.into());
    out.insert("limit".into(), period.limit.map(number).transpose()?.unwrap_or_default());
    let more = [
        ("limit_L2", period.l2.limit),
        ("limit_L3", period.l3.limit),
        ("dischargeLimit", period.discharge_limit),
        ("dischargeLimit_L2", period.l2.discharge_limit),
        ("dischargeLimit_L3", period.l3.discharge_limit),
        ("setpoint", period.setpoint),
        ("setpoint_L2", period.l2.setpoint),
        ("setpoint_L3", period.l3.setpoint),
    ];
    for (name, value) in more {
        if let Some(value) = value {
            out.insert(name.into(), number(value)?);
        }
    }
    if let Some(phases) = period.phases {
        out.insert("numberPhases".into(), phases.into());
    }
    Ok(out)
}

fn seconds(text: &str) -> Result<i64> {
    let time = Timestamp::parse(text).with_context(|| format!("{text:?} is no date-time"))?;
    Ok(time.seconds())
}

/// An id that may be a number (1.6) or a string (2.x).
fn text(raw: &RawValue) -> Result<Text<'_>> {
    Value::parse(raw.get())?.read().context("a transaction id is a string or number")
}
