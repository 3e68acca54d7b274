//! A program in sums over cars, of the same size whatever their number.
//!
//! Storages, the sun, tariffs and orders see of cars that are a flow nothing but what all take together in a slot. So the
//! program has one column per slot for all of them, and what they can do at all is a mixture of flows (Dantzig and Wolfe,
//! 1960): the program says what energy is worth in each slot, the cheapest flow at these prices joins the mixture, and where
//! no flow is cheaper than the mixture, no plan is. Each round gives a lower bound on every plan's cost, too. Cars that are
//! no flow have columns of their own, as in the whole program.

use alloc::vec::Vec;

use super::dual::Dual;
use super::pools::Pool;
use super::program::{Backend, Comparison, Point, Row};
use super::site::{Settled, SiteModel, currency, kwh};
use super::{LpError, LpPlan};
use crate::account::Account;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::solve::{Flow, PER_CURRENCY, SlotSums};
use crate::units::Joules;
use crate::verify::verify;

/// Rounds after which the search is given up, and columns of all of them together.
const MAX_ROUNDS: usize = 300;
const MAX_WORK: usize = 1_000_000;

/// The search ends where the mixture is dearer than the lower bound by no more than this part of the cost.
const GAP: f64 = 1e-9;

/// The plan of least cost.
pub(super) fn solve(
    problem: &Problem,
    pools: &[Pool],
    backend: &dyn Backend,
) -> Result<LpPlan, LpError> {
    let variables = SiteModel::columns_of(problem, pools);
    if variables > backend.max_columns() {
        return Err(LpError::TooLarge { variables });
    }
    let settled = Settled::default();
    let mut master = Master::new(problem, &settled, pools)?;
    let mut search = Search::new(&master, MAX_ROUNDS.min(MAX_WORK / variables.max(1)));
    let program = search.dual.program.clone();
    // Where it fails, what is known so far still gives a plan.
    let _ = backend.minimise_with_cuts(&program, &mut |point| search.cuts(point));
    let (flows, is_done) = (search.flows, search.is_done);
    for (part, flow) in &flows {
        master.add(*part, flow);
    }
    let point = backend.minimise(&master.model.program)?;
    let plan = plan(&master.model, pools, &point.values)?;
    verify(problem, &plan).map_err(LpError::Rejected)?;
    let account = Account::of(problem, &plan);
    let is_optimal = is_done && master.model.keeps(&point.values, &account);
    Ok(LpPlan { plan, account, is_optimal })
}

/// What a point means, with each pool's sums carried out by one flow.
fn plan(model: &SiteModel<'_>, pools: &[Pool], values: &[f64]) -> Result<Plan, LpError> {
    let problem = model.problem;
    let of_point = model.plan(values);
    let mut runs: Vec<(u32, &[Joules])> =
        of_point.sessions().map(|run| (run.first_slot, run.energy)).collect();
    let mut filled = Vec::new();
    for (index, pool) in pools.iter().enumerate() {
        let cars = SlotSums::new(pool.alone(problem, &pool.sessions), pool.most.clone());
        let cars = cars.map_err(|_| LpError::Failed)?;
        filled.push(cars.filling(&model.of_pool(index, values)));
    }
    for (pool, plan) in pools.iter().zip(&filled) {
        for (session, run) in pool.sessions.iter().zip(plan.sessions()) {
            if let Some(place) = runs.get_mut(*session) {
                *place = (run.first_slot, run.energy);
            }
        }
    }
    let storages = (0..problem.storages().len()).map(|index| of_point.storage(index).to_vec());
    let runs = runs.into_iter().map(|(first, run)| (first, run.iter().copied()));
    Ok(Plan::from_runs(runs).with_storages(storages.collect()))
}

/// Cars with a mixture of flows of their own.
struct Part {
    cars: SlotSums,
    /// The rows that make each slot's sum of the pool that of its mixtures: this one and those after it.
    first_link: usize,
    /// The row that makes the shares of the mixture one.
    shares: usize,
    /// What a kWh at the meter saves of each session's price on unserved energy, and the joules that it asks for.
    worth: Vec<(f64, i64)>,
}

/// The site's program with the mixtures so far.
struct Master<'p> {
    model: SiteModel<'p>,
    slots: usize,
    parts: Vec<Part>,
}

impl<'p> Master<'p> {
    /// With the flows that serve nobody, which keep all limits.
    fn new(problem: &'p Problem, settled: &'p Settled, pools: &[Pool]) -> Result<Self, LpError> {
        let mut model = SiteModel::new(problem, settled, pools);
        let slots = problem.grid().slots() as usize;
        let mut parts = Vec::new();
        let first_link = model.program.rows.len();
        for (index, pool) in pools.iter().enumerate() {
            let first_link = first_link + index * slots;
            for sum in model.columns_of_pool(index) {
                model.program.row(alloc::vec![(sum, 1.0)], Comparison::Exactly, 0.0);
            }
            for sessions in &pool.parts {
                let cars = SlotSums::new(pool.alone(problem, sessions), pool.most.clone());
                let cars = cars.map_err(|_| LpError::Failed)?;
                let worth = cars.sessions().iter().map(|session| {
                    let price = currency(session.unserved_price);
                    let asked = session.energy_at_meter().raw();
                    (price * f64::from(session.efficiency.ppb()) / 1e9, asked)
                });
                parts.push(Part { first_link, shares: 0, worth: worth.collect(), cars });
            }
        }
        for part in &mut parts {
            let nothing = Flow { sums: Vec::new(), served: alloc::vec![0; part.worth.len()] };
            let share = model.program.column(part.missed(&nothing), 0.0, f64::INFINITY);
            part.shares = model.program.rows.len();
            model.program.row(alloc::vec![(share, 1.0)], Comparison::Exactly, 1.0);
        }
        Ok(Self { model, slots, parts })
    }

    /// Makes a flow part of its mixture.
    fn add(&mut self, part: usize, flow: &Flow) {
        let Some(part) = self.parts.get(part) else { return };
        let share = self.model.program.column(part.missed(flow), 0.0, f64::INFINITY);
        for (row, weight) in part.entries(flow) {
            if let Some(row) = self.model.program.rows.get_mut(row) {
                row.entries.push((share, weight));
            }
        }
    }
}

impl Part {
    /// The entries of a flow's column: what it adds to each slot's sum, and its share.
    fn entries(&self, flow: &Flow) -> Vec<(usize, f64)> {
        let sums = (self.first_link..).zip(&flow.sums).filter(|(_, sum)| **sum > 0);
        sums.map(|(link, sum)| (link, -kwh(*sum))).chain([(self.shares, 1.0)]).collect()
    }

    /// What a flow leaves unserved, at the sessions' prices.
    fn missed(&self, flow: &Flow) -> f64 {
        let sessions = self.worth.iter().zip(&flow.served);
        sessions.map(|((worth, asked), served)| worth * kwh(asked - served)).sum()
    }

    /// What a flow costs at these prices of the rows.
    fn cost_at(&self, flow: &Flow, prices: &[f64]) -> f64 {
        let links = prices.get(self.first_link..).unwrap_or_default();
        let energy = links.iter().zip(&flow.sums).map(|(price, sum)| price * kwh(*sum));
        energy.sum::<f64>() + self.missed(flow)
    }

    /// The cheapest flow at these prices of the rows.
    fn cheapest_at(&self, prices: &[f64], slots: usize) -> Flow {
        let links = prices.iter().skip(self.first_link).take(slots);
        #[expect(clippy::cast_possible_truncation, reason = "saturates; beyond it all is refused")]
        let levels = links.map(|price| (price * PER_CURRENCY) as i64);
        self.cars.cheapest_at(&levels.collect::<Vec<_>>())
    }
}

/// Prices of all rows, and the lower bound on the cost of every plan that they prove.
#[derive(Debug, Clone)]
struct Prices {
    rows: Vec<f64>,
    /// The least that the site costs at these prices without the cars of the mixtures.
    site: f64,
    /// That, and the least that those cars cost.
    bound: f64,
}

/// The search for the prices whose bound is the highest.
struct Search<'a> {
    master: &'a Master<'a>,
    dual: Dual,
    best: Option<Prices>,
    /// Flows that join the mixtures, each with its part.
    flows: Vec<(usize, Flow)>,
    rounds_left: usize,
    /// Whether the mixture costs as little as any plan.
    is_done: bool,
}

impl<'a> Search<'a> {
    fn new(master: &'a Master<'a>, rounds_left: usize) -> Self {
        let dual = Dual::of(&master.model.program);
        Self { master, dual, best: None, flows: Vec::new(), rounds_left, is_done: false }
    }

    /// The rows of flows that are cheaper than the mixtures at the prices of a point; none where there are none, or where
    /// the mixtures cost as little as any plan.
    ///
    /// The prices of a mixture of few flows are wild. So it is asked first at prices halfway to the best ones so far, which
    /// mostly gives a better bound and flows that help here, too.
    fn cuts(&mut self, point: &Point) -> Vec<Row> {
        self.rounds_left = self.rounds_left.saturating_sub(1);
        let here = self.dual.prices(point);
        let cost = self.dual.objective(point);
        let enough = GAP * (cost + self.master.model.beside).abs().max(1.0);
        let parts = &self.master.parts;
        let mixture = |part: &Part| here.get(part.shares).copied().unwrap_or(0.0);
        let site = cost - parts.iter().map(mixture).sum::<f64>();
        let halfway = self.best.as_ref().map(|best| Prices {
            rows: best.rows.iter().zip(&here).map(|(a, b)| f64::midpoint(*a, *b)).collect(),
            site: f64::midpoint(best.site, site),
            bound: 0.0,
        });
        let own = Prices { rows: here.clone(), site, bound: 0.0 };
        for mut prices in halfway.into_iter().chain([own]) {
            let slots = self.master.slots;
            let flows: Vec<Flow> =
                parts.iter().map(|part| part.cheapest_at(&prices.rows, slots)).collect();
            let costs =
                parts.iter().zip(&flows).map(|(part, flow)| part.cost_at(flow, &prices.rows));
            prices.bound = prices.site + costs.sum::<f64>();
            if self.best.as_ref().is_none_or(|best| prices.bound > best.bound) {
                self.best = Some(prices);
            }
            let bound = self.best.as_ref().map_or(f64::NEG_INFINITY, |best| best.bound);
            self.is_done = cost - bound <= enough;
            if self.is_done || self.rounds_left == 0 {
                return Vec::new();
            }
            let mut rows = Vec::new();
            for ((index, part), flow) in parts.iter().enumerate().zip(flows) {
                if mixture(part) - part.cost_at(&flow, &here) > enough {
                    rows.push(self.dual.row_of(part.missed(&flow), &part.entries(&flow)));
                    self.flows.push((index, flow));
                }
            }
            if !rows.is_empty() {
                return rows;
            }
        }
        Vec::new()
    }
}
