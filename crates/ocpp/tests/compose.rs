//! Composite schedules: the shared cases, and agreement with a per-second evaluation on random profile sets.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    reason = "a failed expectation is the failed test"
)]

mod common;

use evse_ocpp::charging::{
    CompositePeriod, CompositeRequest, Cursor, Evse, LimitAtSoc, Micro, Period, Profile,
    ProfileKind, Purpose, RateUnit, Rates, Recurrence, compose, scratch_len,
};
use evse_ocpp::message::Version;
use proptest::prelude::*;

#[test]
fn shared_cases() {
    let Some(text) = common::shared("vectors/ocpp/composite_schedule.jsonl") else { return };
    // The command-line example does the reading; here its binary is not at hand, so the cases run through the same
    // library calls on the part that matters: the profiles read, and the schedule composed.
    let mut judged = 0;
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("a case");
        let result = run(&case);
        let expected = &case["expected"];
        let name = format!("{} {}", case["id"], case["name"]);
        let periods = expected["chargingSchedulePeriod"].as_array().expect("periods");
        assert_eq!(result.len(), periods.len(), "{name}: {result:?}");
        for (got, expected) in result.iter().zip(periods) {
            assert_eq!(Some(got.start), expected["startPeriod"].as_i64(), "{name}");
            let rates = [
                ("limit", got.limit),
                ("limit_L2", got.l2.limit),
                ("limit_L3", got.l3.limit),
                ("dischargeLimit", got.discharge_limit),
                ("dischargeLimit_L2", got.l2.discharge_limit),
                ("dischargeLimit_L3", got.l3.discharge_limit),
                ("setpoint", got.setpoint),
                ("setpoint_L2", got.l2.setpoint),
                ("setpoint_L3", got.l3.setpoint),
            ];
            for (member, got) in rates {
                match (got, expected[member].as_f64()) {
                    (None, None) => {}
                    (Some(got), Some(expected)) => {
                        let got: f64 = got.to_string().parse().expect("a decimal");
                        let same = (got - expected).abs() < 1.1e-6;
                        assert!(same, "{name}: {member} {got} {expected}");
                    }
                    other => panic!("{name}: {member} {other:?}"),
                }
            }
            let phases = expected["numberPhases"].as_u64();
            let same =
                got.phases.map(u64::from) == phases || phases.is_none() && got.phases == Some(3);
            assert!(same, "{name}: {:?} {phases:?}", got.phases);
        }
        judged += 1;
    }
    assert!(judged > 50);
}

fn run(case: &serde_json::Value) -> Vec<CompositePeriod> {
    use evse_ocpp::message::{Timestamp, Value};
    let input = &case["input"];
    let seconds = |value: &serde_json::Value| {
        value.as_str().map(|text| Timestamp::parse(text).expect("a time").seconds())
    };
    let count = usize::try_from(input["numberOfEvses"].as_u64().expect("a count")).expect("small");
    let texts: Vec<(i64, String)> = input["profiles"]
        .as_array()
        .expect("profiles")
        .iter()
        .map(|p| (p["evseId"].as_i64().expect("an id"), p["profile"].to_string()))
        .collect();
    let ids: Vec<String> =
        (1..=count).map(|n| input["transactions"][n.to_string()]["id"].to_string()).collect();
    let evses: Vec<Evse<'_>> = (1..=count)
        .zip(&ids)
        .map(|(n, id)| {
            let transaction = &input["transactions"][n.to_string()];
            let priority = input["priorityCharging"].as_array();
            Evse {
                in_transaction: transaction.is_object(),
                transaction: Value::parse(id).expect("JSON").read(),
                power_path_closed: seconds(&transaction["start"]),
                priority: priority
                    .is_some_and(|list| list.iter().any(|v| v.as_u64() == Some(n as u64))),
            }
        })
        .collect();
    let mut buffers = vec![vec![Period::default(); 2000]; texts.len()];
    let profiles: Vec<Profile<'_>> = texts
        .iter()
        .zip(&mut buffers)
        .map(|((evse, text), buffer)| {
            let object = Value::parse(text).expect("JSON").as_object().expect("an object");
            Profile::read(*evse, object, buffer).expect("a profile")
        })
        .collect();
    let unit =
        RateUnit::parse(input["chargingRateUnit"].as_str().expect("a unit")).expect("A or W");
    let micro = |value: &serde_json::Value| {
        let number = value.to_string();
        let number = evse_ocpp::message::Number::parse(&number).expect("a number");
        Micro::from_number(number).expect("fits")
    };
    let default = &input["defaultLimit"][unit.as_str()];
    let request = CompositeRequest {
        version: Version::parse(case["version"].as_str().expect("text")).expect("a version"),
        start: seconds(&input["start"]).expect("a start"),
        duration: input["duration"].as_i64().expect("a duration"),
        evse: input["evseId"].as_i64().expect("an id"),
        unit,
        evses: &evses,
        assume_transaction: input["assumeTransaction"].as_bool().unwrap_or(false),
        millivolts: micro(&input["voltage"]).raw() / 1000,
        default_phases: u8::try_from(input["defaultNumberPhases"].as_u64().unwrap_or(3))
            .expect("few"),
        default_limit: default.is_number().then(|| micro(default)),
        offline_since: seconds(&input["offlineSince"]),
        soc: None,
        zone: &[],
    };
    let mut scratch = vec![Cursor::default(); scratch_len(&request, &profiles)];
    let mut out = vec![CompositePeriod::default(); 4000];
    let summary = compose(&request, &profiles, &mut scratch, &mut out).expect("a sound request");
    assert_eq!(summary.duration, request.duration);
    out.truncate(summary.periods);
    out
}

/// The only period of what profiles on EVSE 1 of a station with two come to, all of them in force.
fn at_once(evse: i64, unit: RateUnit, profiles: &[Profile<'_>]) -> CompositePeriod {
    let running = Evse { in_transaction: true, ..Evse::default() };
    let request = CompositeRequest {
        version: Version::V21,
        start: ORIGIN,
        duration: 60,
        evse,
        unit,
        evses: &[running, running],
        assume_transaction: false,
        millivolts: 230_000,
        default_phases: 3,
        default_limit: Some(Micro::from_units(30)),
        offline_since: None,
        soc: Some(80),
        zone: &[],
    };
    let mut scratch = vec![Cursor::default(); scratch_len(&request, profiles)];
    let mut out = [CompositePeriod::default(); 4];
    let summary = compose(&request, profiles, &mut scratch, &mut out).expect("a sound request");
    assert_eq!(summary.periods, 1);
    out[0]
}

/// Limits phase by phase (2.1): shared, joined, summed and rounded by one rule.
#[test]
fn phase_by_phase() {
    let units = |value: i32| Some(Micro::from_units(value));
    let rates = |value| Rates { limit: units(value), ..Rates::NONE };
    let split = |a, b, c, phases| Period {
        limit: units(a),
        l2: rates(b),
        l3: rates(c),
        phases,
        ..Period::default()
    };
    let whole = |value, phases| Period { limit: units(value), phases, ..Period::default() };
    let on = |purpose, unit, periods| Profile { purpose, unit, periods, ..Profile::BLANK };
    let limits = |period: CompositePeriod| [period.limit, period.l2.limit, period.l3.limit];
    use Purpose::{ExternalConstraints, LocalGeneration, StationMax, TxDefault};
    use RateUnit::{Amperes, Watts};

    let (by_phase, over_all) = ([split(10, 20, 30, None)], [whole(4600, None)]);
    let profiles = [on(TxDefault, Amperes, &by_phase), on(StationMax, Watts, &over_all)];
    // 4,600 W over three phases of 230 V are 6.666... A on each.
    let shared = Some(Micro::from_raw(6_666_666));
    assert_eq!(limits(at_once(1, Amperes, &profiles)), [shared; 3]);
    let third = Some(Micro::from_raw(1_533_333_333));
    assert_eq!(limits(at_once(1, Watts, &profiles)), [third; 3]);

    // On one phase the lowest counts, on two the third is not asked about but kept.
    let one_phase = [whole(25, Some(1))];
    let profiles = [on(TxDefault, Amperes, &by_phase), on(StationMax, Amperes, &one_phase)];
    assert_eq!(limits(at_once(1, Amperes, &profiles)), [units(10), None, None]);
    let two_phases = [whole(25, Some(2))];
    let profiles = [on(TxDefault, Amperes, &by_phase), on(StationMax, Amperes, &two_phases)];
    assert_eq!(limits(at_once(1, Amperes, &profiles)), [units(10), units(20), units(25)]);

    // The station counts it with its lowest phase in amperes, with all of them in watts. The other EVSE draws what
    // the default allows.
    let own = [Profile { evse: 1, ..on(TxDefault, Amperes, &by_phase) }];
    assert_eq!(limits(at_once(0, Amperes, &own)), [units(40), None, None]);
    assert_eq!(limits(at_once(0, Watts, &own)), [units(60 * 230 + 30), None, None]);

    // Local generation is shared by the phases, too; to a phase without limit it adds nothing.
    let sun = [whole(690, None)];
    let profiles = [on(TxDefault, Watts, &by_phase), on(LocalGeneration, Watts, &sun)];
    assert_eq!(limits(at_once(1, Watts, &profiles)), [units(240), units(250), units(260)]);

    // Set-points are held within the limits of their own phase; what is fed back is limited by the nearest to zero.
    let set = |limit, discharge, setpoint| Rates {
        limit: units(limit),
        discharge_limit: units(discharge),
        setpoint: units(setpoint),
    };
    let steered = [Period {
        limit: units(16),
        discharge_limit: units(-16),
        setpoint: units(-20),
        l2: set(16, -10, 12),
        l3: set(8, -8, 12),
        ..Period::default()
    }];
    let calm = [Period { discharge_limit: units(-12), ..Period::default() }];
    let profiles = [on(TxDefault, Amperes, &steered), on(ExternalConstraints, Amperes, &calm)];
    let got = at_once(1, Amperes, &profiles);
    assert_eq!((got.discharge_limit, got.setpoint), (units(-12), units(-12)));
    assert_eq!((got.l2, got.l3), (set(16, -10, 12), set(8, -8, 8)));

    // limitAtSoC binds once the state of charge is there.
    let plain = [whole(16, None)];
    for (soc, expected) in [(80, 6), (81, 16)] {
        let limit_at_soc = Some(LimitAtSoc { soc, limit: Micro::from_units(6) });
        let profiles = [Profile { limit_at_soc, ..on(TxDefault, Amperes, &plain) }];
        assert_eq!(at_once(1, Amperes, &profiles).limit, units(expected));
    }
}

/// A profile's parts, small enough that a second-by-second evaluation is quick and edges collide often.
#[derive(Debug, Clone)]
struct Plan {
    evse: i64,
    level: i64,
    purpose: Purpose,
    kind: ProfileKind,
    from: Option<i64>,
    to: Option<i64>,
    start: Option<i64>,
    duration: Option<i64>,
    watts: bool,
    periods: Vec<(i64, Option<i64>, Option<u8>)>,
    max_offline: Option<i64>,
}

const ORIGIN: i64 = 1_700_000_000;

fn plan() -> impl Strategy<Value = Plan> {
    let moment = || prop::option::of(-300_i64..300);
    let purpose = prop::sample::select(vec![
        Purpose::StationMax,
        Purpose::TxDefault,
        Purpose::Tx,
        Purpose::ExternalConstraints,
        Purpose::Priority,
        Purpose::LocalGeneration,
    ]);
    let kind = prop::sample::select(vec![
        ProfileKind::Absolute,
        ProfileKind::Relative,
        ProfileKind::Recurring(Recurrence::Daily),
        ProfileKind::Dynamic,
    ]);
    let period = (1_i64..120, prop::option::weighted(0.9, 1_i64..40), prop::option::of(1_u8..=3));
    let periods = prop::collection::vec(period, 1..5);
    let first = (0_i64..=2, 0_i64..4, purpose, kind, moment(), moment());
    let second = (
        moment(),
        prop::option::of(1_i64..400),
        any::<bool>(),
        periods,
        prop::option::of(0_i64..200),
    );
    (first, second).prop_map(|(first, second)| {
        let (evse, level, purpose, kind, from, to) = first;
        let (start, duration, watts, steps, max_offline) = second;
        let mut at = 0;
        let periods = steps.iter().map(|(step, limit, phases)| {
            let period = (at, *limit, *phases);
            at += step;
            period
        });
        let periods = periods.collect();
        Plan { evse, level, purpose, kind, from, to, start, duration, watts, periods, max_offline }
    })
}

/// The rules once more, without cursors, edges or integers over a denominator: what is in force at one second.
mod second {
    use super::*;

    /// Micro-units as an exact fraction.
    pub(crate) type Ratio = (i128, i128);

    pub(crate) fn leader<'p>(
        request: &CompositeRequest<'_>,
        profiles: &'p [Profile<'p>],
        evse: i64,
        purpose: Purpose,
        time: i64,
        own_only: bool,
    ) -> Option<(&'p Profile<'p>, &'p Period)> {
        let mut best: Option<(&Profile<'_>, &Period)> = None;
        for profile in profiles {
            let here = profile.evse == evse || profile.evse == 0 && !own_only;
            if profile.purpose != purpose || !here {
                continue;
            }
            let Some(period) = period(request, profile, evse, time) else { continue };
            let better = match best {
                None => true,
                Some((old, _)) if profile.stack_level != old.stack_level => {
                    profile.stack_level > old.stack_level
                }
                Some((old, _)) => profile.evse != 0 || old.evse == 0,
            };
            if better {
                best = Some((profile, period));
            }
        }
        best
    }

    fn period<'p>(
        request: &CompositeRequest<'_>,
        profile: &'p Profile<'p>,
        evse: i64,
        time: i64,
    ) -> Option<&'p Period> {
        let state = usize::try_from(evse - 1).ok().and_then(|n| request.evses.get(n));
        let running = state.is_some_and(|state| state.in_transaction);
        match profile.purpose {
            Purpose::StationMax if profile.evse != 0 || profile.kind == ProfileKind::Relative => {
                return None;
            }
            // Transactions have no id here, and 2.1 asks for one.
            Purpose::Tx => return None,
            _ => {}
        }
        let valid = profile.valid_from.is_none_or(|from| time >= from)
            && profile.valid_to.is_none_or(|to| time < to);
        let lapsed = match (request.offline_since, profile.max_offline) {
            (Some(since), Some(max)) => time - since > max,
            _ => false,
        };
        if !valid || lapsed {
            return None;
        }
        let origin = profile.start.or(profile.valid_from).unwrap_or(request.start);
        let mut end = i64::MAX;
        let start = match profile.kind {
            ProfileKind::Absolute => origin,
            ProfileKind::Relative => {
                let closed = state.and_then(|state| state.power_path_closed);
                closed.filter(|_| running).unwrap_or(request.start)
            }
            ProfileKind::Dynamic => profile.dynamic_update.unwrap_or(request.start),
            ProfileKind::Recurring(every) => {
                let mut start = origin;
                while start + every.seconds() <= time {
                    start += every.seconds();
                }
                end = start + every.seconds();
                start
            }
        };
        let elapsed = time - start;
        if elapsed < 0
            || time >= end
            || profile.duration.is_some_and(|duration| elapsed >= duration)
        {
            return None;
        }
        profile.periods.iter().rev().find(|period| period.start <= elapsed)
    }

    fn convert(request: &CompositeRequest<'_>, micro: Micro, unit: RateUnit, phases: u8) -> Ratio {
        let raw = i128::from(micro.raw());
        let volts_n = i128::from(request.millivolts) * i128::from(phases);
        match (unit, request.unit) {
            (RateUnit::Amperes, RateUnit::Watts) => (raw * volts_n, 1000),
            (RateUnit::Watts, RateUnit::Amperes) => (raw * 1000, volts_n),
            _ => (raw, 1),
        }
    }

    fn less(a: Ratio, b: Ratio) -> bool {
        a.0 * b.1 < b.0 * a.1
    }

    fn add(a: Ratio, b: Ratio) -> Ratio {
        (a.0 * b.1 + b.0 * a.1, a.1 * b.1)
    }

    type Found<'p> = Option<(&'p Profile<'p>, &'p Period)>;

    fn least(
        request: &CompositeRequest<'_>,
        sources: &[Found<'_>],
        start: Option<Ratio>,
        start_phases: Option<u8>,
    ) -> (Option<Ratio>, Option<u8>) {
        let phases = sources
            .iter()
            .flatten()
            .filter_map(|(_, period)| period.phases)
            .chain(start_phases)
            .min();
        let mut limit = start;
        for (profile, period) in sources.iter().flatten() {
            let Some(value) = period.limit else { continue };
            let value =
                convert(request, value, profile.unit, phases.unwrap_or(request.default_phases));
            if limit.is_none_or(|limit| less(value, limit)) {
                limit = Some(value);
            }
        }
        (limit, phases)
    }

    fn transaction<'p>(
        request: &CompositeRequest<'_>,
        profiles: &'p [Profile<'p>],
        evse: i64,
        time: i64,
    ) -> Found<'p> {
        let state = usize::try_from(evse - 1).ok().and_then(|n| request.evses.get(n)).copied()?;
        if !state.in_transaction && !request.assume_transaction {
            return None;
        }
        let priority = state
            .priority
            .then(|| leader(request, profiles, evse, Purpose::Priority, time, false))
            .flatten();
        priority.or_else(|| leader(request, profiles, evse, Purpose::TxDefault, time, false))
    }

    /// Limit, floored, and phases at one second.
    pub(crate) fn at(
        request: &CompositeRequest<'_>,
        profiles: &[Profile<'_>],
        time: i64,
    ) -> (Option<i128>, Option<u8>) {
        let default = request.default_limit.map(|limit| (i128::from(limit.raw()), 1));
        let station = |purpose| leader(request, profiles, request.evse, purpose, time, false);
        let (limit, phases) = if request.evse == 0 {
            let mut sum = Some((0, 1));
            let mut phases = None;
            for (n, _) in request.evses.iter().enumerate() {
                let evse = i64::try_from(n).expect("few") + 1;
                let own = leader(request, profiles, evse, Purpose::ExternalConstraints, time, true);
                let sources = [transaction(request, profiles, evse, time), own];
                let (limit, stated) = least(request, &sources, None, None);
                phases = phases.max(stated);
                sum = sum.zip(limit.or(default)).map(|(a, b)| add(a, b));
            }
            let sources = [station(Purpose::StationMax), station(Purpose::ExternalConstraints)];
            least(request, &sources, sum, phases)
        } else {
            let sources = [
                transaction(request, profiles, request.evse, time),
                station(Purpose::StationMax),
                station(Purpose::ExternalConstraints),
            ];
            least(request, &sources, None, None)
        };
        let mut limit = limit;
        if let (Some(sum), Some((profile, period))) = (limit, station(Purpose::LocalGeneration))
            && let Some(extra) = period.limit
        {
            let n = phases.unwrap_or(request.default_phases);
            limit = Some(add(sum, convert(request, extra, profile.unit, n)));
        }
        (limit.or(default).map(|(a, b)| a.div_euclid(b)), phases)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_a_per_second_evaluation(
        plans in prop::collection::vec(plan(), 0..12),
        evse in 0_i64..=2,
        duration in 0_i64..500,
        in_watts: bool,
        running: (bool, bool),
        closed in prop::option::of(-200_i64..0),
        assume: bool,
        priority: bool,
        default in prop::option::of(1_i64..100),
        offline in prop::option::of(-200_i64..200),
    ) {
        let periods: Vec<Vec<Period>> = plans
            .iter()
            .map(|plan| {
                let scale = if plan.watts { 230_000_000 } else { 1_000_000 };
                plan.periods
                    .iter()
                    .map(|(start, limit, phases)| Period {
                        start: *start,
                        limit: limit.map(|limit| Micro::from_raw(limit * scale)),
                        phases: *phases,
                        ..Period::default()
                    })
                    .collect()
            })
            .collect();
        let profiles: Vec<Profile<'_>> = plans
            .iter()
            .zip(&periods)
            .map(|(plan, periods)| Profile {
                evse: plan.evse,
                id: 1,
                stack_level: plan.level,
                purpose: plan.purpose,
                kind: plan.kind,
                valid_from: plan.from.map(|t| ORIGIN + t),
                valid_to: plan.to.map(|t| ORIGIN + t),
                transaction: None,
                max_offline: plan.max_offline,
                start: plan.start.map(|t| ORIGIN + t),
                duration: plan.duration,
                unit: if plan.watts { RateUnit::Watts } else { RateUnit::Amperes },
                periods,
                ..Profile::BLANK
            })
            .collect();
        let state = |in_transaction| Evse {
            in_transaction,
            transaction: None,
            power_path_closed: closed.map(|t| ORIGIN + t),
            priority,
        };
        let evses = [state(running.0), state(running.1)];
        let request = CompositeRequest {
            version: Version::V21,
            start: ORIGIN,
            duration,
            evse,
            unit: if in_watts { RateUnit::Watts } else { RateUnit::Amperes },
            evses: &evses,
            assume_transaction: assume,
            millivolts: 230_000,
            default_phases: 3,
            default_limit: default.map(|limit| Micro::from_raw(limit * 1_000_000)),
            offline_since: offline.map(|t| ORIGIN + t),
            soc: None,
            zone: &[],
        };
        let mut scratch = vec![Cursor::default(); scratch_len(&request, &profiles)];
        let mut out = vec![CompositePeriod::default(); 2000];
        let summary = compose(&request, &profiles, &mut scratch, &mut out).expect("sound");
        let out = out.get(..summary.periods).expect("written");
        prop_assert_eq!(out.first().map(|period| period.start), Some(0));
        for t in 0..duration.max(1) {
            let index = out.partition_point(|period| period.start <= t) - 1;
            let got = out[index];
            let (limit, phases) = second::at(&request, &profiles, ORIGIN + t);
            prop_assert_eq!(got.limit.map(|limit| i128::from(limit.raw())), limit, "second {}", t);
            prop_assert_eq!(got.phases, phases, "second {}", t);
        }
        for (a, b) in out.iter().zip(out.iter().skip(1)) {
            prop_assert!((a.limit, a.phases) != (b.limit, b.phases), "neighbours not merged");
        }
    }
}
