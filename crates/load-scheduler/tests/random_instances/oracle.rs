//! The format's model once more, from the file's own numbers in doubles, sharing nothing with the crate.

use clarabel::algebra::CscMatrix;
use clarabel::solver::{
    DefaultSettingsBuilder, DefaultSolver, IPSolver, NonnegativeConeT, SolverStatus, ZeroConeT,
};
use serde_json::{Map, Value};

/// The number of a series in a slot; `default` where there is none.
fn at(series: &Value, slot: usize) -> f64 {
    series.as_f64().or_else(|| series[slot].as_f64()).unwrap_or(0.0)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Column and weight.
type Entries = Vec<(usize, f64)>;

#[derive(Clone)]
pub(crate) struct Oracle<'f> {
    file: &'f Value,
    slots: usize,
    hours: f64,
    /// Cost, lowest, highest, whether whole.
    columns: Vec<(f64, f64, f64, bool)>,
    /// Entries, lowest and highest sum.
    rows: Vec<(Entries, f64, f64)>,
    constant: f64,
    /// Per session and slot of its stay, its net power in kW.
    net: Vec<Vec<Entries>>,
    /// Pairs of charging and discharging.
    pairs: Vec<(usize, usize)>,
}

impl<'f> Oracle<'f> {
    pub(crate) fn new(file: &'f Value) -> Self {
        let slots = usize::try_from(file["slots"].as_u64().unwrap()).unwrap();
        let mut oracle = Self {
            file,
            slots,
            hours: file["dt_h"].as_f64().unwrap(),
            columns: Vec::new(),
            rows: Vec::new(),
            constant: 0.0,
            net: Vec::new(),
            pairs: Vec::new(),
        };
        let mut balance = oracle.add_grid();
        for storage in list(&file["storage"]) {
            oracle.add_storage(storage, &mut balance);
        }
        for session in list(&file["sessions"]) {
            oracle.add_session(session);
        }
        for slots in &oracle.net {
            for (sum, net) in balance.iter_mut().zip(slots) {
                sum.extend(net.iter().map(|(column, weight)| (*column, -weight)));
            }
        }
        oracle.add_nodes();
        for (slot, entries) in balance.into_iter().enumerate() {
            let background = at(&file["grid"]["background_kw"], slot);
            oracle.rows.push((entries, background, background));
        }
        oracle
    }

    fn column(&mut self, cost: f64, lowest: f64, highest: f64) -> usize {
        self.columns.push((cost, lowest, highest, false));
        self.columns.len() - 1
    }

    /// 1 where `on` may be above zero, 0 where `off` may.
    fn switch(&mut self, on: usize, off: Option<usize>) -> usize {
        self.columns.push((0.0, 0.0, 1.0, true));
        let switch = self.columns.len() - 1;
        let most = self.columns[on].2;
        self.rows.push((vec![(on, 1.0), (switch, -most)], f64::NEG_INFINITY, 0.0));
        if let Some(off) = off {
            let most = self.columns[off].2;
            self.rows.push((vec![(off, 1.0), (switch, most)], f64::NEG_INFINITY, most));
        }
        switch
    }

    /// Import, export and sun; returns their sum in every slot.
    fn add_grid(&mut self) -> Vec<Entries> {
        let (file, hours) = (self.file, self.hours);
        let grid = &file["grid"];
        let (charge, so_far) = (at(&grid["demand_charge"], 0), at(&grid["peak_so_far_kw"], 0));
        let peak = self.column(charge, so_far, f64::INFINITY);
        self.constant -= charge * so_far;
        let mut balance = Vec::new();
        for slot in 0..self.slots {
            let active = |event: &&Value| {
                let time = slot as f64;
                event["from"].as_f64().unwrap() <= time && time < event["to"].as_f64().unwrap()
            };
            let background = at(&grid["background_kw"], slot);
            let price = at(&grid["price"], slot);
            let hard = list(&file["dr_events"]).filter(active).filter(|e| e["penalty"].is_null());
            let caps = hard.map(|event| event["import_cap_kw"].as_f64().unwrap());
            let limit = caps.fold(at(&grid["import_limit_kw"], slot), f64::min);
            let import = self.column(price * hours, 0.0, limit.max(background));
            self.constant -= price * hours * background;
            let earned = -at(&grid["export_price"], slot) * hours;
            let export = self.column(earned, 0.0, at(&grid["export_limit_kw"], slot));
            let sun = self.column(0.0, 0.0, at(&file["pv_kw"], slot));
            self.rows.push((vec![(import, 1.0), (peak, -1.0)], f64::NEG_INFINITY, 0.0));
            for event in list(&file["dr_events"]).filter(active) {
                let Some(penalty) = event["penalty"].as_f64() else { continue };
                let above = self.column(penalty * hours, 0.0, f64::INFINITY);
                let cap = event["import_cap_kw"].as_f64().unwrap();
                self.rows.push((vec![(import, 1.0), (above, -1.0)], f64::NEG_INFINITY, cap));
            }
            balance.push(vec![(import, 1.0), (export, -1.0), (sun, 1.0)]);
        }
        // Without a charge the peak is of no interest, and unbounded.
        balance
    }

    fn add_storage(&mut self, storage: &Value, balance: &mut [Entries]) {
        let number = |name: &str| storage[name].as_f64();
        let (least, capacity) = (number("min_kwh").unwrap(), number("capacity_kwh").unwrap());
        let initial = number("initial_kwh").unwrap();
        let mut before = None;
        for (slot, sum) in balance.iter_mut().enumerate() {
            let charge = self.column(0.0, 0.0, number("max_charge_kw").unwrap());
            let wear = number("wear_per_kwh").unwrap_or(0.0) * self.hours;
            let discharge = self.column(wear, 0.0, number("max_discharge_kw").unwrap());
            let last = slot + 1 == self.slots;
            let floor = number("final_min_kwh").unwrap_or(initial);
            let content = self.column(0.0, if last { least.max(floor) } else { least }, capacity);
            let mut row = vec![
                (content, 1.0),
                (charge, -self.hours * number("eta_charge").unwrap()),
                (discharge, self.hours / number("eta_discharge").unwrap()),
            ];
            row.extend(before.map(|before| (before, -1.0)));
            let start = if before.is_none() { initial } else { 0.0 };
            self.rows.push((row, start, start));
            before = Some(content);
            sum.extend([(charge, -1.0), (discharge, 1.0)]);
            self.pairs.push((charge, discharge));
        }
    }

    fn add_session(&mut self, session: &Value) {
        let number = |name: &str| session[name].as_f64();
        let (energy, eta) = (number("energy_kwh").unwrap(), number("eta_charge").unwrap_or(1.0));
        let missing = self.column(number("unserved_penalty").unwrap(), 0.0, energy);
        let mut delivered: Entries = Vec::new();
        let mut before = None;
        let mut net = vec![Vec::new(); self.slots];
        for (_, net) in net.iter_mut().enumerate().filter(|(slot, _)| is_there(session, *slot)) {
            let charge = self.column(0.0, 0.0, number("max_kw").unwrap());
            net.push((charge, 1.0));
            for line in list(&session["taper"]) {
                let slope = line["slope_kw_per_kwh"].as_f64().unwrap();
                let mut row: Entries = delivered.iter().map(|(c, w)| (*c, slope * w)).collect();
                row.push((charge, 1.0));
                let intercept = line["intercept_kw"].as_f64().unwrap();
                self.rows.push((row, f64::NEG_INFINITY, intercept));
            }
            let mut change = vec![(charge, self.hours * eta)];
            let mut discharge = None;
            if let v2g @ Value::Object(_) = &session["v2g"] {
                let number = |name: &str| v2g[name].as_f64().unwrap();
                let wear = number("wear_per_kwh") * self.hours;
                let out = self.column(wear, 0.0, number("max_discharge_kw"));
                discharge = Some(out);
                self.pairs.push((charge, out));
                net.push((out, -1.0));
                change.push((out, -self.hours / number("eta_discharge")));
                let content = self.column(0.0, number("min_kwh"), number("max_kwh"));
                let mut row: Entries = change.iter().map(|(c, w)| (*c, -w)).collect();
                row.push((content, 1.0));
                row.extend(before.map(|before| (before, -1.0)));
                let start = if before.is_none() { number("initial_kwh") } else { 0.0 };
                self.rows.push((row, start, start));
                before = Some(content);
            }
            let least = number("min_kw").unwrap_or(0.0);
            if self.file["semi_continuous"] == true && least > 0.0 {
                let on = self.switch(charge, discharge);
                self.rows.push((vec![(charge, 1.0), (on, -least)], 0.0, f64::INFINITY));
            }
            delivered.extend(change);
        }
        delivered.push((missing, 1.0));
        let most = if session["v2g"].is_object() { f64::INFINITY } else { energy };
        self.rows.push((delivered, energy, most));
        self.net.push(net);
    }

    fn add_nodes(&mut self) {
        let file = self.file;
        let parent = |id: &str| {
            list(&file["nodes"]).find(|n| n["id"] == id).and_then(|n| n["parent"].as_str())
        };
        for node in list(&file["nodes"]) {
            let members: Vec<usize> = list(&file["sessions"])
                .enumerate()
                .filter(|(_, session)| {
                    let mut above =
                        core::iter::successors(session["node"].as_str(), |id| parent(id));
                    above.any(|id| node["id"] == id)
                })
                .map(|(index, _)| index)
                .collect();
            for slot in 0..self.slots {
                self.add_node(node, &members, slot);
            }
        }
    }

    fn add_node(&mut self, node: &Value, members: &[usize], slot: usize) {
        let mut all = Entries::new();
        let mut phases = [const { Entries::new() }; 3];
        for member in members {
            let session = &self.file["sessions"][*member];
            let set: Vec<u64> = match session["phases"].as_array() {
                Some(set) => set.iter().map(|phase| phase.as_u64().unwrap()).collect(),
                None => vec![0, 1, 2],
            };
            let net = &self.net[*member][slot];
            all.extend(net);
            for phase in &set {
                let share = net.iter().map(|(column, weight)| (*column, weight / set.len() as f64));
                phases[usize::try_from(*phase).unwrap()].extend(share);
            }
        }
        let limit = node["limit_kw"].as_f64().unwrap();
        self.rows.push((all, -limit, limit));
        if let Some(limit) = node["phase_limit_kw"].as_f64() {
            self.rows.extend(phases.iter().map(|phase| (phase.clone(), -limit, limit)));
        }
        if let Some(unbalance) = node["unbalance_kw"].as_f64() {
            for (a, b) in [(0, 1), (1, 2), (0, 2)] {
                let mut row = phases[a].clone();
                row.extend(phases[b].iter().map(|(column, weight)| (*column, -weight)));
                self.rows.push((row, -unbalance, unbalance));
            }
        }
    }

    /// The least cost, or `None` where there is no plan. No battery charges and discharges at once.
    pub(crate) fn objective(&self) -> Option<f64> {
        let is_whole = self.columns.iter().any(|(.., whole)| *whole);
        if !is_whole && self.pairs.is_empty() {
            return self.by_clarabel();
        }
        let free = self.by_microlp(&[])?;
        let burns = |(charge, discharge): &&(usize, usize)| {
            free.1[*charge] > 1e-7 && free.1[*discharge] > 1e-7
        };
        if !self.pairs.iter().any(|pair| burns(&pair)) {
            // The two agree where both can be asked.
            if !is_whole {
                let other = self.by_clarabel().unwrap();
                assert!(
                    (free.0 - other).abs() <= 1e-6 * other.abs().max(1.0),
                    "{} {other}",
                    free.0
                );
            }
            return Some(free.0);
        }
        let mut strict = self.clone();
        for (charge, discharge) in &self.pairs {
            strict.switch(*charge, Some(*discharge));
        }
        Some(strict.by_microlp(&[])?.0)
    }

    fn by_microlp(&self, fixed: &[(Entries, f64)]) -> Option<(f64, Vec<f64>)> {
        use microlp::{ComparisonOp, Error, OptimizationDirection, Problem};
        let mut lp = Problem::new(OptimizationDirection::Minimize);
        let columns: Vec<_> = self
            .columns
            .iter()
            .map(|(cost, lowest, highest, whole)| {
                if *whole {
                    lp.add_binary_var(*cost)
                } else {
                    lp.add_var(*cost, (*lowest, *highest))
                }
            })
            .collect();
        let nearly = fixed.iter().map(|(row, value)| (row.clone(), value - 1e-6, value + 1e-6));
        for (entries, lowest, highest) in self.rows.iter().cloned().chain(nearly) {
            let mut sums = std::collections::HashMap::new();
            for (column, weight) in entries {
                *sums.entry(column).or_insert(0.0) += weight;
            }
            let mut sums: Vec<_> = sums.into_iter().collect();
            sums.sort_unstable_by_key(|(column, _)| *column);
            let row: Vec<_> = sums.into_iter().map(|(column, w)| (columns[column], w)).collect();
            if row.is_empty() {
                assert!(lowest <= 0.0 && highest >= 0.0);
            } else if lowest == highest {
                lp.add_constraint(row.as_slice(), ComparisonOp::Eq, lowest);
            } else {
                if lowest.is_finite() {
                    lp.add_constraint(row.as_slice(), ComparisonOp::Ge, lowest);
                }
                if highest.is_finite() {
                    lp.add_constraint(row.as_slice(), ComparisonOp::Le, highest);
                }
            }
        }
        match lp.solve() {
            Ok(outcome) => {
                let solution = outcome.into_solution().unwrap();
                let values = columns.iter().map(|column| solution.var_value(*column)).collect();
                Some((solution.objective() + self.constant, values))
            }
            Err(Error::Infeasible) => None,
            Err(error) => panic!("{error}"),
        }
    }

    fn by_clarabel(&self) -> Option<f64> {
        // Rows that must be equal first; then `entries <= bound`.
        let mut equal: Vec<(Entries, f64)> = Vec::new();
        let mut most: Vec<(Entries, f64)> = Vec::new();
        let negative = |row: &Entries| row.iter().map(|(c, w)| (*c, -w)).collect::<Entries>();
        let bounds = self.columns.iter().enumerate();
        let bounds = bounds.map(|(column, (_, low, high, _))| (vec![(column, 1.0)], *low, *high));
        for (row, lowest, highest) in self.rows.iter().cloned().chain(bounds) {
            if lowest == highest {
                equal.push((row, lowest));
                continue;
            }
            if lowest.is_finite() {
                most.push((negative(&row), -lowest));
            }
            if highest.is_finite() {
                most.push((row, highest));
            }
        }
        let cones = [ZeroConeT(equal.len()), NonnegativeConeT(most.len())];
        let (mut i, mut j, mut v, mut b) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (number, (row, bound)) in equal.into_iter().chain(most).enumerate() {
            for (column, weight) in row {
                i.push(number);
                j.push(column);
                v.push(weight);
            }
            b.push(bound);
        }
        let count = self.columns.len();
        let a = CscMatrix::new_from_triplets(b.len(), count, i, j, v);
        let cost: Vec<f64> = self.columns.iter().map(|column| column.0).collect();
        let settings = DefaultSettingsBuilder::default().verbose(false).build().unwrap();
        let p = CscMatrix::zeros((count, count));
        let mut solver = DefaultSolver::new(&p, &cost, &a, &b, &cones, settings).unwrap();
        solver.solve();
        match solver.solution.status {
            SolverStatus::Solved | SolverStatus::AlmostSolved => {
                Some(solver.solution.obj_val + self.constant)
            }
            SolverStatus::PrimalInfeasible | SolverStatus::AlmostPrimalInfeasible => None,
            other => panic!("{other:?}"),
        }
    }

    /// What a printed plan breaks by more than 1e-6: a session's own limits by hand, all others by the model with the plan
    /// fixed in it.
    pub(crate) fn check(&self, plan: &Map<String, Value>) -> Result<(), String> {
        let mut fixed = Vec::new();
        for (session, net) in list(&self.file["sessions"]).zip(&self.net) {
            let id = session["id"].as_str().unwrap();
            let powers: Vec<f64> = list(&plan[id]).map(|power| power.as_f64().unwrap()).collect();
            if powers.len() != self.slots {
                return Err(format!("{id}: {} powers", powers.len()));
            }
            self.check_session(session, &powers).map_err(|what| format!("{id}: {what}"))?;
            for (net, power) in net.iter().zip(powers) {
                if !net.is_empty() {
                    fixed.push((net.clone(), power));
                }
            }
        }
        self.by_microlp(&fixed).map(|_| ()).ok_or_else(|| "no model has this plan".to_owned())
    }

    fn check_session(&self, session: &Value, powers: &[f64]) -> Result<(), String> {
        let number = |name: &str| session[name].as_f64();
        let v2g = &session["v2g"];
        let mut delivered = 0.0;
        for (slot, power) in powers.iter().enumerate() {
            let broken = |what: &str| Err(format!("slot {slot}: {power} {what}"));
            if !is_there(session, slot) && *power != 0.0 {
                return broken("while away");
            }
            let back = v2g["max_discharge_kw"].as_f64().unwrap_or(0.0);
            if *power > number("max_kw").unwrap() + 1e-6 || *power < -back - 1e-6 {
                return broken("beyond its power");
            }
            let least = number("min_kw").unwrap_or(0.0);
            if self.file["semi_continuous"] == true && *power > 1e-6 && *power < least - 1e-6 {
                return broken("below its least power");
            }
            for line in list(&session["taper"]) {
                let falls = line["slope_kw_per_kwh"].as_f64().unwrap() * delivered;
                if *power > 0.0 && *power > line["intercept_kw"].as_f64().unwrap() - falls + 1e-6 {
                    return broken("above its taper");
                }
            }
            let efficiency = match *power >= 0.0 {
                true => number("eta_charge").unwrap_or(1.0),
                false => 1.0 / v2g["eta_discharge"].as_f64().unwrap_or(1.0),
            };
            delivered += power * self.hours * efficiency;
            let content = v2g["initial_kwh"].as_f64().unwrap_or(0.0) + delivered;
            let (low, high) = (v2g["min_kwh"].as_f64(), v2g["max_kwh"].as_f64());
            if low.is_some_and(|low| content < low - 1e-6)
                || high.is_some_and(|high| content > high + 1e-6)
            {
                return broken("leaves the battery's bounds");
            }
        }
        if v2g.is_null() && delivered > number("energy_kwh").unwrap() + 1e-6 {
            return Err(format!("{delivered} kWh are too much"));
        }
        Ok(())
    }
}

/// Whether a slot is in a session's window.
fn is_there(session: &Value, slot: usize) -> bool {
    let number = |name: &str| session[name].as_f64().unwrap_or(0.0);
    let begin = number("arrive").max(number("start_not_before"));
    begin <= slot as f64 && (slot as f64) < number("depart")
}
