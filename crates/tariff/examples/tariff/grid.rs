//! `settle`: vehicle to grid, carbon and the site's own grid bill.

use anyhow::{Context, Result, bail};
use evse_tariff::carbon::{self, CarbonFactors, CarbonSlot};
use evse_tariff::site::{self, BasicCharge, SiteEnergy, SiteReading};
use evse_tariff::v2g::{self, Contract, Leg};
use evse_tariff::{Money, Price, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::input::Num;
use crate::text::{decimal, fixed};

pub(crate) fn v2g(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        legs: Vec<LegJson<'a>>,
        #[serde(default)]
        mode: Option<String>,
        #[serde(borrow, default)]
        degradation_per_kwh: Option<Num<'a>>,
    }
    #[derive(Deserialize)]
    struct LegJson<'a> {
        #[serde(borrow, default)]
        import: Option<Num<'a>>,
        #[serde(borrow, default)]
        export: Option<Num<'a>>,
        #[serde(borrow, default)]
        buy: Option<Num<'a>>,
        #[serde(borrow, default)]
        sell: Option<Num<'a>>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let energy = |number: Option<Num<'_>>| number.map_or(Ok(Default::default()), Num::kwh);
    let price = |number: Option<Num<'_>>| number.map_or(Ok(Price::ZERO), Num::price);
    let legs = case
        .legs
        .iter()
        .map(|leg| {
            let (import, export) = (energy(leg.import)?, energy(leg.export)?);
            Ok(Leg { import, export, buy: price(leg.buy)?, sell: price(leg.sell)? })
        })
        .collect::<Result<Vec<_>>>()?;
    let wear = match case.mode.as_deref() {
        Some("gross_plus_degradation") => price(case.degradation_per_kwh)?,
        None | Some("gross" | "net" | "net_metering") => Price::ZERO,
        Some(other) => bail!("mode {other:?}: gross, gross_plus_degradation or net_metering"),
    };
    let overflow = "amount out of range";
    let bill = v2g::settle_gross(&legs, &Contract { wear, ..Contract::PLAIN }).context(overflow)?;
    let gross = bill.buy.checked_sub(bill.sell).context(overflow)?;
    let netted = v2g::settle_net_metering(&legs, &Contract::PLAIN).context(overflow)?;
    let by_net = matches!(case.mode.as_deref(), Some("net" | "net_metering"));
    let net = if by_net { netted } else { bill.net };
    let four = |money: Money| fixed((money.raw() / 100).into(), 4);
    let fen = |money: Money| {
        Contract::PLAIN.total.round(money).and_then(Money::to_minor).context(overflow)
    };
    Ok(json!({
        "buy_amount": four(bill.buy),
        "sell_amount": four(bill.sell),
        "degradation_compensation": four(bill.wear),
        "net_amount": four(net),
        "net_fen": fen(net)?,
        "gross_net_amount": four(gross),
        "gross_net_fen": fen(gross)?,
        "net_metering_amount": four(netted),
        "net_metering_fen": fen(netted)?,
    }))
}

pub(crate) fn carbon(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        energy_kwh: Num<'a>,
        #[serde(borrow, default)]
        charging_loss_bp: Option<Num<'a>>,
        #[serde(borrow, default)]
        green_share_bp: Option<Num<'a>>,
        #[serde(borrow)]
        grid_factor_g_per_kwh: Num<'a>,
        #[serde(borrow, default)]
        green_factor_g_per_kwh: Option<Num<'a>>,
        #[serde(borrow)]
        vehicle_wh_per_km: Num<'a>,
        #[serde(borrow)]
        ice_g_per_km: Num<'a>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let or_zero = |number: Option<Num<'_>>| number.map_or(Ok(0), Num::small);
    let factors = CarbonFactors {
        loss_bp: or_zero(case.charging_loss_bp)?,
        green_share_bp: or_zero(case.green_share_bp)?,
        grid_g_per_kwh: case.grid_factor_g_per_kwh.small()?,
        green_g_per_kwh: or_zero(case.green_factor_g_per_kwh)?,
        vehicle_wh_per_km: case.vehicle_wh_per_km.small()?,
        engine_g_per_km: case.ice_g_per_km.small()?,
    };
    let found =
        carbon::compare(case.energy_kwh.kwh()?, &factors).context("factors out of range")?;
    Ok(json!({
        "charging_emission_g": found.charging_g,
        "km": fixed(found.metres.into(), 3),
        "ice_emission_g": found.engine_g,
        "avoided_g": found.avoided_g,
    }))
}

pub(crate) fn carbon_slots(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        slots: Vec<Slot<'a>>,
    }
    #[derive(Deserialize)]
    struct Slot<'a> {
        #[serde(borrow)]
        energy: Num<'a>,
        #[serde(borrow)]
        factor: Num<'a>,
        #[serde(borrow, default)]
        green_bp: Option<Num<'a>>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let slots = case
        .slots
        .iter()
        .map(|slot| {
            let green_bp = slot.green_bp.map_or(Ok(0), Num::small)?;
            Ok(CarbonSlot { energy: slot.energy.kwh()?, g_per_kwh: slot.factor.small()?, green_bp })
        })
        .collect::<Result<Vec<_>>>()?;
    let found = carbon::over_slots(&slots).context("slots out of range")?;
    Ok(json!({
        "emission_g": found.emission_g,
        "green_kwh": fixed(found.green_tenth_wh.into(), 4),
        "green_share_bp": found.green_share_bp,
    }))
}

/// `HH:MM` or `HH:MM:SS` of a day, in milliseconds; hours go on past 24.
fn clock(text: &str) -> Result<i64> {
    let mut seconds = 0i64;
    let mut fields = 0;
    for field in text.split(':') {
        seconds = seconds * 60
            + field.parse::<i64>().with_context(|| format!("{text:?} is not HH:MM"))?;
        fields += 1;
    }
    match fields {
        2 => Ok(seconds * 60_000),
        3 => Ok(seconds * 1_000),
        _ => bail!("{text:?} is not HH:MM"),
    }
}

pub(crate) fn max_demand(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        meter_kwh: Vec<(String, Num<'a>)>,
        #[serde(borrow)]
        window_min: Num<'a>,
        #[serde(borrow, default)]
        step_min: Option<Num<'a>>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let mut readings: Vec<SiteReading> = Vec::new();
    for (time, register) in &case.meter_kwh {
        let mut millis = clock(time)?;
        // The clock of the list passes midnight.
        while readings.last().is_some_and(|last| last.at.unix_millis() > millis) {
            millis += 86_400_000;
        }
        readings.push(SiteReading {
            at: Timestamp::from_unix_millis(millis),
            register: register.kwh()?,
        });
    }
    let window = case.window_min.int()?.saturating_mul(60_000);
    let step = case.step_min.map_or(Ok(1), Num::int)?.saturating_mul(60_000);
    let found = site::max_demand(&readings, window, step)
        .context("no window begins and ends at a reading")?;
    let at = |at: Timestamp| {
        let minutes = at.unix_millis() / 60_000;
        let hours = if minutes == 1_440 { 24 } else { minutes / 60 % 24 };
        format!("{hours:02}:{:02}", minutes % 60)
    };
    let tenths = (found.watts + 50 * found.watts.signum()) / 100;
    Ok(json!({
        "max_demand_kw": fixed(tenths.into(), 1),
        "at": format!("{}-{}", at(found.from), at(found.until)),
    }))
}

pub(crate) fn demand_allocation(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        demand_fen: Num<'a>,
        #[serde(borrow)]
        sessions_kwh_in_peak_window: Vec<Num<'a>>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let energies =
        case.sessions_kwh_in_peak_window.iter().map(|kwh| kwh.kwh()).collect::<Result<Vec<_>>>()?;
    let mut parts = vec![0; energies.len()];
    site::allocate_demand(case.demand_fen.int()?, &energies, &mut parts)?;
    Ok(json!({ "parts": parts }))
}

pub(crate) fn site_bill(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        energy: Vec<EnergyJson<'a>>,
        #[serde(borrow, default)]
        max_demand_kw: Option<Num<'a>>,
        #[serde(borrow, default)]
        contract_demand_kw: Option<Num<'a>>,
        #[serde(borrow, default)]
        demand_price_fen_per_kw: Option<Num<'a>>,
        #[serde(borrow, default)]
        pf_adjust_bp: Option<Num<'a>>,
    }
    #[derive(Deserialize)]
    struct EnergyJson<'a> {
        #[serde(borrow)]
        kwh: Num<'a>,
        #[serde(borrow)]
        price: Num<'a>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let lines = case
        .energy
        .iter()
        .map(|line| Ok(SiteEnergy { energy: line.kwh.kwh()?, price: line.price.price()? }))
        .collect::<Result<Vec<_>>>()?;
    // A kW with three decimals is a watt; kWh are read with nine.
    let watts = |number: Num<'_>| -> Result<u64> {
        let raw = number.kwh()?.raw();
        if raw % 1_000_000 != 0 {
            bail!("{} kW: more than three decimals", decimal(raw.into(), 9));
        }
        u64::try_from(raw / 1_000_000).context("a negative demand")
    };
    let basic = BasicCharge::Demand {
        measured_watts: case.max_demand_kw.map_or(Ok(0), watts)?,
        contract_watts: case.contract_demand_kw.map(watts).transpose()?,
        minor_per_kw: case.demand_price_fen_per_kw.map_or(Ok(0), Num::count)?,
    };
    let adjust = case.pf_adjust_bp.map_or(Ok(0), Num::int)?;
    let adjust = i32::try_from(adjust).context("pf_adjust_bp out of range")?;
    let bill = site::site_bill(&lines, basic, adjust).context("amount out of range")?;
    Ok(json!({
        "energy_fen": bill.energy,
        "demand_fen": bill.basic,
        "pf_adjust_fen": bill.power_factor,
        "total_fen": bill.total,
    }))
}
