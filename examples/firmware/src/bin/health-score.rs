//! One charger's health on the charger: items, wear over sessions, active defence, faults, snapshot.
#![no_std]
#![no_main]

use core::hint::black_box;

use evse_firmware as _;
use evse_health_score::defence::{Guard, PackLimits, Sample};
use evse_health_score::degradation::{ChargerData, EnergyVote, SessionRecord};
use evse_health_score::fault::List;
use evse_health_score::{Charger, Instant, Item, Model, Quality, Veto};

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let model = Model::default();
    let mut charger = Charger::<11>::default();
    for (hour, item) in (0u64..).zip(Item::ALL) {
        let at = Instant::from_secs(black_box(hour) * 3_600);
        charger.items.record(item, at, black_box(7.5), Quality::Good);
    }
    let data = ChargerData::default();
    let mut vote = EnergyVote::new();
    for session in 0..black_box(60u64) {
        let record = SessionRecord {
            start: Instant::from_secs(session * 70_000),
            closing_ms: Some(black_box(20.0)),
            idle_w: Some(black_box(50.0)),
            ambient_c: Some(black_box(21.0)),
            ..SessionRecord::default()
        };
        vote.handle_session(&record, Some(black_box(0.01)));
        if charger.handle_session(&data, &record).is_err() {
            return 1;
        }
        while let Some(event) = charger.wear.poll_event() {
            black_box(event);
        }
    }
    let vetoes: [Veto; 1] =
        match List::Ocpp16.find("HighTemperature").and_then(|code| code.cause.veto()) {
            Some(veto) => [veto],
            None => return 2,
        };
    let now = Instant::from_secs(black_box(4_300_000));
    charger.note_wear(now);
    let result = charger.evaluate(&model, now, &vetoes);
    for reason in charger.reasons(&result) {
        black_box((reason.level(&model), reason.advice()));
    }
    black_box(vote.culprit());

    let mut guard = Guard::new(PackLimits {
        voltage_v: 400.0,
        current_a: 100.0,
        cell_v: 4.2,
        temperature_c: 55.0,
        energy_kwh: 50.0,
        start_soc_pct: 40.0,
    });
    let sample = Sample { output_v: Some(black_box(410.0)), ..Sample::default() };
    for second in 0..4 {
        guard.handle_sample(Instant::from_secs(second), &sample);
    }
    let mut buffer = [0; 1_024];
    let Ok(len) = charger.save(&mut buffer) else { return 3 };
    let restored = Charger::<11>::load(buffer.get(..len).unwrap_or(&[]));
    i32::from(guard.poll_alarm().is_none() || restored != Ok(charger))
}
