//! The ninety days before the demonstration day as the chargers' telemetry: two sessions a day and pile, and three piles
//! that wear.
//!
//! Only sums and products: exponentials differ in their last bit from one machine to the next, and two runs of the
//! example must give the same bytes.

use std::fmt::Write as _;

use anyhow::Result;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{PILES, pile_name};

const SEED: u64 = 90;
const DAYS: u32 = 90;
const WEAR_FROM_DAY: f64 = 40.0;
const WEAR_DAYS: f64 = 60.0;
/// The pile whose DC+ contact gets hot.
const HOT_CONTACT: usize = 11;
/// The pile whose output capacitors dry out.
const DRY_CAPACITOR: usize = 30;
/// The pile whose standby load rises.
const SLEEPLESS: usize = 43;
/// The pile that hardly anybody uses: one session in twenty days.
const HARDLY_USED: usize = 50;

/// Files of the health tool's shapes.
pub struct Telemetry {
    pub sessions: String,
    pub chargers: String,
}

/// Makes the files; the same bytes every time.
pub fn make() -> Result<Telemetry> {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut sessions = String::from(
        "charger,day,dur_min,amb_c,i_avg_a,i_rms_a,v_avg_v,e_in_kwh,e_out_kwh,e_mod_kwh,e_bms_kwh,n_mod,\
         mod_tin_c,mod_tmax_c,fan_pct,ripple_mv,kclose_ms,gun_tp_c,gun_tn_c,ins_kohm,idle_w\n",
    );
    for day in 0..DAYS {
        for pile in 0..PILES {
            for hour in [9.0, 17.0] {
                if pile == HARDLY_USED && (day % 20 != 0 || hour > 12.0) {
                    continue;
                }
                let at = f64::from(day) + (hour + random.random_range(0.0..4.0)) / 24.0;
                sessions += &row(pile, at, &mut random)?;
            }
        }
    }
    let mut chargers = String::from("charger,altitude_m,module_kw,rated_a\n");
    for pile in 0..PILES {
        writeln!(chargers, "{},20,30,250", pile_name(pile))?;
    }
    Ok(Telemetry { sessions, chargers })
}

/// A session of a pile of four modules of 30 kW.
fn row(pile: usize, day: f64, random: &mut ChaCha8Rng) -> Result<String> {
    // About a normal distribution, within three deviations.
    let mut about = |mean: f64, deviation: f64| {
        let sum: f64 = (0..3).map(|_| random.random_range(-1.0..1.0)).sum();
        mean + deviation * sum
    };
    let worn = |which: usize| {
        if pile == which { ((day - WEAR_FROM_DAY) / WEAR_DAYS).max(0.0) } else { 0.0 }
    };
    let minutes = about(27.0, 6.0);
    let ambient = about(26.0, 3.0);
    let volts = about(375.0, 25.0);
    let amperes = about(118.0, 25.0);
    let rms = amperes * about(1.04, 0.01);
    let modules_kwh = volts * amperes / 1_000.0 * minutes / 60.0;
    let input = modules_kwh / about(0.951, 0.003);
    let metered = modules_kwh * about(1.001, 0.002);
    let vehicle = modules_kwh * about(1.0, 0.006);
    let running = if volts * amperes > 55_000.0 { 3 } else { 2 };
    let inlet = ambient + about(3.7, 0.4);
    let fan = about(55.0, 1.5);
    let hottest = inlet + about(20.0, 0.8) * volts * amperes / (f64::from(running) * 20_000.0);
    let capacity_lost = 0.5 * worn(DRY_CAPACITOR);
    let ripple =
        (50.0 + 1.4 * amperes / f64::from(running)) / (1.0 - capacity_lost) * about(1.0, 0.04);
    let closing = about(20.0, 0.5);
    let heating = (rms / 250.0) * (rms / 250.0);
    let positive = ambient + (15.0 + 35.0 * worn(HOT_CONTACT)) * heating + about(0.0, 0.6);
    let negative = ambient + 15.0 * heating + about(0.0, 0.6);
    let insulation = about(8_000.0, 400.0);
    let idle = about(60.0, 1.5) * (1.0 + 0.9 * worn(SLEEPLESS));
    Ok(format!(
        "{},{day:.4},{minutes:.1},{ambient:.1},{amperes:.1},{rms:.1},{volts:.1},{input:.3},{metered:.3},\
         {modules_kwh:.3},{vehicle:.3},{running},{inlet:.1},{hottest:.1},\
         {fan:.0},{ripple:.1},{closing:.1},{positive:.1},{negative:.1},\
         {insulation:.0},{idle:.1}\n",
        pile_name(pile)
    ))
}
