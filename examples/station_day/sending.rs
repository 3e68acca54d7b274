//! Step 4: the plan of one gun as an OCPP 1.6 charging profile, sent and read back.

use anyhow::{Context, Result};
use evse_load_scheduler::{Plan, Problem};
use evse_ocpp::charging::{
    CompositePeriod, CompositeRequest, Cursor, Evse, Micro, Period, Profile, RateUnit, compose,
    scratch_len,
};
use evse_ocpp::message::{
    Frame, ListWriter, Mode, Number, ObjectView, Timestamp, Version, Writer, write_call,
};
use evse_ocpp::v16;
use serde::Serialize;

/// How a plan fared on its way to the charger.
#[derive(Debug, Clone, Serialize)]
pub struct Sent {
    /// Row of the car in the scene, from 1: the one with the most energy planned.
    pub row: usize,
    /// Periods of the profile, equal minutes merged.
    pub periods: usize,
    /// Length of the `SetChargingProfile` frame.
    pub bytes: usize,
    /// Most that a minute of the composite schedule lies below the plan, W; limits have one decimal and are cut off.
    pub largest_rounding_w: f64,
    /// Minutes in which the composite schedule allows more than the plan.
    pub minutes_above_plan: usize,
}

/// Sends the plan, made in slots of whole seconds, of the car with the most energy; `None` if no car gets any.
pub fn send(problem: &Problem, plan: &Plan) -> Result<Option<Sent>> {
    let most = plan.sessions().enumerate().max_by_key(|(index, run)| {
        // The first of equals.
        (run.total(), std::cmp::Reverse(*index))
    });
    let Some((index, run)) = most.filter(|(_, run)| run.total().raw() > 0) else {
        return Ok(None);
    };
    let slot = problem.grid().slot_length().raw();
    let start = problem.grid().start_of(run.first_slot).raw();
    let duration = slot * i64::try_from(run.energy.len())?;
    // 0.1 W, rounded down, and where it changes.
    let tenths: Vec<i64> = run.energy.iter().map(|energy| energy.raw() * 10 / slot).collect();
    let mut periods: Vec<(i64, i64)> = Vec::new();
    for (number, tenth) in (0i64..).zip(&tenths) {
        if periods.last().is_none_or(|(_, last)| last != tenth) {
            periods.push((number * slot, *tenth));
        }
    }
    let frame = frame(start, duration, &periods)?;

    // As the charger reads it.
    let decoded = v16::SCHEMA.decode(frame.as_bytes(), &mut Mode::Strict, &mut |_| None)?;
    let Frame::Call(call) = decoded else { anyhow::bail!("the frame is no CALL") };
    let profile: ObjectView<'_> =
        call.payload.read("csChargingProfiles").context("no csChargingProfiles")?;
    let mut room = vec![Period::default(); periods.len()];
    let profile = Profile::read(1, profile, &mut room)?;
    let evses = [Evse { in_transaction: true, ..Evse::default() }];
    let request = CompositeRequest {
        version: Version::V16,
        start,
        duration,
        evse: 1,
        unit: RateUnit::Watts,
        evses: &evses,
        assume_transaction: false,
        millivolts: 230_000,
        default_phases: 3,
        default_limit: None,
        offline_since: None,
        soc: None,
        zone: &[],
    };
    let profiles = [profile];
    let mut scratch = vec![Cursor::default(); scratch_len(&request, &profiles)];
    let mut composite = vec![CompositePeriod::default(); periods.len() + 1];
    let summary = compose(&request, &profiles, &mut scratch, &mut composite)?;
    let composite = composite.get(..summary.periods).unwrap_or_default();

    let mut largest = 0;
    let mut minutes_above_plan = 0;
    for (number, energy) in (0i64..).zip(run.energy) {
        let in_force = composite.iter().rfind(|period| period.start <= number * slot);
        let limit = in_force.and_then(|period| period.limit).map(Micro::raw);
        let planned = energy.raw() * 1_000_000 / slot;
        match limit {
            Some(limit) if limit <= planned => largest = largest.max(planned - limit),
            _ => minutes_above_plan += 1,
        }
    }
    Ok(Some(Sent {
        row: index + 1,
        periods: periods.len(),
        bytes: frame.len(),
        largest_rounding_w: micro_to_units(largest),
        minutes_above_plan,
    }))
}

/// The `SetChargingProfile` frame: seconds from the schedule's start and 0.1 W of every period.
fn frame(start: i64, duration: i64, periods: &[(i64, i64)]) -> Result<String> {
    type Request<'w, 'v> = Writer<'w, v16::SetChargingProfileRequest<'v>>;
    type ProfileWriter<'w, 'v> = Writer<'w, v16::CsChargingProfiles<'v>>;
    type ScheduleWriter<'w, 'v> = Writer<'w, v16::ChargingSchedule<'v>>;
    type PeriodList<'w, 'v> = ListWriter<'w, v16::ChargingSchedulePeriod<'v>>;
    type PeriodWriter<'w, 'v> = Writer<'w, v16::ChargingSchedulePeriod<'v>>;

    let limits: Vec<String> =
        periods.iter().map(|(_, tenths)| format!("{}.{}", tenths / 10, tenths % 10)).collect();
    let limits: Vec<Number<'_>> = limits
        .iter()
        .map(|text| Number::parse(text).context("a limit that is no number"))
        .collect::<Result<_>>()?;
    let mut frame = String::new();
    let action = &v16::action::SET_CHARGING_PROFILE;
    write_call(&mut frame, "plan-1", action, |request: &mut Request<'_, '_>| {
        request.connector_id(1)?;
        request.cs_charging_profiles(|profile: &mut ProfileWriter<'_, '_>| {
            profile.charging_profile_id(1)?;
            profile.stack_level(0)?;
            profile.charging_profile_purpose(v16::ChargingProfilePurpose::TxDefaultProfile)?;
            profile.charging_profile_kind(v16::ChargingProfileKind::Absolute)?;
            profile.charging_schedule(|schedule: &mut ScheduleWriter<'_, '_>| {
                schedule.duration(duration)?;
                schedule.start_schedule(Timestamp::from_millis(start * 1_000))?;
                schedule.charging_rate_unit(v16::ChargingRateUnit::W)?;
                schedule.charging_schedule_period(|list: &mut PeriodList<'_, '_>| {
                    for ((from, _), limit) in periods.iter().zip(&limits) {
                        list.push(|period: &mut PeriodWriter<'_, '_>| {
                            period.start_period(*from)?;
                            period.limit(*limit)
                        })?;
                    }
                    Ok(())
                })
            })
        })
    })?;
    Ok(frame)
}

/// A millionth, as a double: a figure to look at.
#[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
fn micro_to_units(micro: i64) -> f64 {
    micro as f64 / 1e6
}
