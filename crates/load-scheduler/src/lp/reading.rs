//! From a point of the program back to a plan of whole joules, and what the point says the plan costs.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::site::{Battery, KWH, SiteModel, currency, kwh};
use crate::account::Account;
use crate::plan::Plan;
use crate::session::{Package, Session};
use crate::units::{Efficiency, Joules};

/// Less than this in both directions of a battery is the simplex's tolerance. Unit kWh.
const NOTHING: f64 = 1e-7;

impl SiteModel<'_> {
    /// The plan that a point means, every energy rounded down to a whole joule and inside its own bounds. Charging and
    /// discharging at once, which only burns energy, becomes what changes the battery's content as much.
    pub(super) fn plan(&self, values: &[f64]) -> Plan {
        let runs = self.sessions.iter().zip(self.problem.sessions()).map(|(columns, session)| {
            let back = session.v2g.map_or(Efficiency::ONE, |v2g| v2g.efficiency);
            let mut energies: Vec<Joules> = Vec::with_capacity(columns.charge.len());
            for ((charge, discharge), on) in
                columns.charge.iter().zip(&columns.discharge).zip(&columns.on)
            {
                let is_off = on.is_some_and(|on| self.value(values, Some(on)) < 0.5);
                let charge = if is_off { 0.0 } else { self.value(values, *charge) };
                let discharge = self.value(values, *discharge);
                let net = one_way(charge, discharge, session.efficiency, back);
                energies.push(Joules::from_raw(floor(net * KWH)));
            }
            trim(&mut energies, session);
            (columns.first, energies)
        });
        Plan::from_runs(runs).with_storages(self.of_storages(values))
    }

    /// What every storage takes in every slot, discharge negative.
    fn of_storages(&self, values: &[f64]) -> Vec<Vec<Joules>> {
        let storages = self.storages.iter().zip(self.problem.storages());
        let nets = storages.map(|(columns, storage)| {
            let net = columns.iter().map(|(charge, discharge)| {
                let charge = self.value(values, Some(*charge));
                let discharge = self.value(values, Some(*discharge));
                let (there, back) = (storage.charge_efficiency, storage.discharge_efficiency);
                Joules::from_raw(floor(one_way(charge, discharge, there, back) * KWH))
            });
            net.collect()
        });
        nets.collect()
    }

    /// What the cars of a pool take in every slot, J.
    pub(super) fn of_pool(&self, pool: usize, values: &[f64]) -> Vec<i64> {
        let columns = self.columns_of_pool(pool).into_iter();
        columns.map(|column| floor(self.value(values, Some(column)) * KWH)).collect()
    }

    /// Whether a bill is what a point promises. What the program promises and the plan does not keep was promised by burning
    /// energy.
    pub(super) fn keeps(&self, values: &[f64], account: &Account) -> bool {
        let cost = account.total().to_currency_f64();
        self.bill_of(values).is_none_or(|(promised, open)| cost <= promised + open)
    }

    /// The batteries and slots in which a point charges and discharges at once.
    pub(super) fn both_ways(&self, values: &[f64]) -> BTreeSet<(Battery, u32)> {
        let both = |charge: Option<usize>, discharge: Option<usize>| {
            self.value(values, charge) > NOTHING && self.value(values, discharge) > NOTHING
        };
        let mut found = BTreeSet::new();
        for (session, columns) in self.sessions.iter().enumerate() {
            let pairs = columns.charge.iter().zip(&columns.discharge);
            for (slot, (charge, discharge)) in (columns.first..).zip(pairs) {
                if both(*charge, *discharge) {
                    found.insert((Battery::Session(session), slot));
                }
            }
        }
        for (storage, columns) in self.storages.iter().enumerate() {
            for (slot, (charge, discharge)) in (0u32..).zip(columns) {
                if both(Some(*charge), Some(*discharge)) {
                    found.insert((Battery::Storage(storage), slot));
                }
            }
        }
        found
    }

    /// What a point costs, in currency units of the bill, and how far the bill of its plan in whole joules may be above;
    /// `None` where the objective is more than the bill.
    fn bill_of(&self, values: &[f64]) -> Option<(f64, f64)> {
        let sessions = self.problem.sessions();
        if sessions.iter().any(|session| session.package == Package::Fastest) {
            return None;
        }
        let columns = self.program.columns.iter().zip(values);
        let cost = columns.map(|(column, value)| column.cost * value).sum::<f64>() + self.beside;
        // A joule of every session's slot at the dearest price.
        let prices = sessions.iter().map(|session| currency(session.unserved_price));
        let dearest = prices.fold(1.0, f64::max);
        let cells: usize = self.sessions.iter().map(|columns| columns.charge.len()).sum();
        let joules = i64::try_from(cells + self.program.columns.len()).unwrap_or(i64::MAX);
        Some((cost, 1e-7 * cost.abs().max(1.0) + dearest * kwh(joules)))
    }

    fn value(&self, values: &[f64], column: Option<usize>) -> f64 {
        let found = column.and_then(|i| Some((values.get(i)?, self.program.columns.get(i)?)));
        found.map_or(0.0, |(value, bounds)| value.clamp(bounds.lower, bounds.upper))
    }
}

/// One direction that changes a battery's content as both together do; at the meter, discharge negative.
fn one_way(charge: f64, discharge: f64, there: Efficiency, back: Efficiency) -> f64 {
    if charge <= 0.0 || discharge <= 0.0 {
        return charge - discharge;
    }
    let (there, back) = (f64::from(there.ppb()) / 1e9, f64::from(back.ppb()) / 1e9);
    let change = charge * there - discharge / back;
    if change >= 0.0 { change / there } else { change * back }
}

/// Takes what the simplex's tolerance gave beyond the session's energy from the last slots.
fn trim(energies: &mut [Joules], session: &Session) {
    if session.v2g.is_some() {
        return;
    }
    let sum: i64 = energies.iter().map(|energy| energy.raw()).sum();
    let mut excess = (sum - session.energy_at_meter().raw()).max(0);
    for energy in energies.iter_mut().rev() {
        let taken = excess.min(energy.raw());
        *energy = Joules::from_raw(energy.raw() - taken);
        excess -= taken;
    }
}

/// Rounded down, but not for what rounding of doubles took from a whole joule.
#[allow(clippy::cast_possible_truncation)] // Saturates; a NaN becomes zero.
fn floor(joules: f64) -> i64 {
    let down = (joules + 1e-3) as i64;
    if joules + 1e-3 < 0.0 && (down as f64) > joules + 1e-3 { down - 1 } else { down }
}
