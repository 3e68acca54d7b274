//! Reads `load-scheduler-instance/1` files.
//!
//! The file's kW and kWh become whole watts and joules. Where that would round, where the general solver will compute in
//! doubles anyway, or where a peak is weighed, which is exact to a joule only, the unit is a thousand times finer: the model does not change when all powers and energies are
//! scaled alike, so a 'watt' of the problem is then a milliwatt, and `Instance::scale` is 1000.

use anyhow::{Context, Result, bail, ensure};
use evse_load_scheduler::{
    DemandCharge, DemandResponse, Efficiency, Export, Grid, Joules, MAX_SLOTS, MicroPerKw,
    MicroPerKwh, Node, NodeId, PerSlot, Phases, Plan, Priority, Problem, Seconds, Session,
    SessionId, Storage, TaperLine, V2g, Watts,
};
use serde::Deserialize;

/// A problem with the names that its file uses.
pub(crate) struct Instance {
    pub(crate) problem: Problem,
    /// Ids of the sessions, in the order of the problem.
    pub(crate) ids: Vec<String>,
    /// How many of the problem's 'watts' are a watt: 1 or 1000.
    pub(crate) scale: i64,
}

impl Instance {
    /// Reads and checks a file's text.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Head {
            format: Option<String>,
        }
        let head: Head = serde_json::from_str(text).context("not a JSON object")?;
        match head.format.as_deref() {
            Some("load-scheduler-instance/1") => {}
            Some(other) => bail!("unknown format {other:?}"),
            None => bail!("no \"format\""),
        }
        let file: File = serde_json::from_str(text).context("not an instance")?;
        let coarse = file.problem(1);
        let wants_finer = match &coarse {
            Ok(problem) => {
                problem.coupling().is_some()
                    || problem.demand_charge().price > MicroPerKw::ZERO
                    || file.is_fractional()
            }
            Err(_) => false,
        };
        if wants_finer && let Ok(problem) = file.problem(1_000) {
            return Ok(Self { problem, ids: file.ids(), scale: 1_000 });
        }
        Ok(Self { problem: coarse?, ids: file.ids(), scale: 1 })
    }

    /// An exact cost of the problem in the file's currency.
    #[expect(clippy::cast_precision_loss, reason = "a figure for people and JSON")]
    pub(crate) fn currency(&self, cost: evse_load_scheduler::Cost) -> f64 {
        cost.raw() as f64 / 3.6e12 / self.scale as f64
    }

    /// Net power of every session in every slot, in kW.
    #[expect(clippy::cast_precision_loss, reason = "a figure for people and JSON")]
    pub(crate) fn plan_kw(&self, plan: &Plan) -> serde_json::Map<String, serde_json::Value> {
        let grid = self.problem.grid();
        let unit = grid.slot_length().raw() as f64 * 1e3 * self.scale as f64;
        let slots = 0..grid.slots();
        let rows = self.ids.iter().zip(plan.sessions()).map(|(id, run)| {
            let powers: Vec<f64> =
                slots.clone().map(|slot| run.in_slot(slot).raw() as f64 / unit).collect();
            (id.clone(), powers.into())
        });
        rows.collect()
    }
}

/// A number for every slot, or one for all.
#[derive(Deserialize)]
#[serde(try_from = "serde_json::Value")]
enum Series {
    Same(f64),
    Each(Vec<f64>),
}

/// Not an untagged enum: these do not know the numbers that `serde_json` gives where some other crate of a build asks it
/// for arbitrary precision.
impl TryFrom<serde_json::Value> for Series {
    type Error = &'static str;

    fn try_from(value: serde_json::Value) -> Result<Self, Self::Error> {
        let numbers = match &value {
            serde_json::Value::Array(items) => {
                items.iter().map(serde_json::Value::as_f64).collect::<Option<_>>().map(Self::Each)
            }
            one => one.as_f64().map(Self::Same),
        };
        numbers.ok_or("neither a number nor a list of numbers")
    }
}

#[derive(Deserialize)]
struct File {
    slots: u64,
    dt_h: f64,
    grid: GridPart,
    #[serde(default)]
    pv_kw: Option<Series>,
    #[serde(default)]
    storage: Vec<StoragePart>,
    #[serde(default)]
    nodes: Vec<NodePart>,
    sessions: Vec<SessionPart>,
    #[serde(default)]
    dr_events: Vec<EventPart>,
    #[serde(default)]
    semi_continuous: bool,
}

#[derive(Deserialize)]
struct GridPart {
    price: Series,
    import_limit_kw: Series,
    #[serde(default)]
    background_kw: Option<Series>,
    #[serde(default)]
    export_limit_kw: Option<Series>,
    #[serde(default)]
    export_price: Option<Series>,
    #[serde(default)]
    demand_charge: f64,
    #[serde(default)]
    peak_so_far_kw: f64,
}

#[derive(Deserialize)]
struct StoragePart {
    capacity_kwh: f64,
    min_kwh: f64,
    initial_kwh: f64,
    final_min_kwh: Option<f64>,
    max_charge_kw: f64,
    max_discharge_kw: f64,
    eta_charge: f64,
    eta_discharge: f64,
    #[serde(default)]
    wear_per_kwh: f64,
}

#[derive(Deserialize)]
struct NodePart {
    id: String,
    #[serde(default)]
    parent: Option<String>,
    limit_kw: f64,
    phase_limit_kw: Option<f64>,
    unbalance_kw: Option<f64>,
}

#[derive(Deserialize)]
struct SessionPart {
    id: String,
    #[serde(default)]
    node: Option<String>,
    arrive: f64,
    depart: f64,
    energy_kwh: f64,
    max_kw: f64,
    unserved_penalty: f64,
    #[serde(default = "standard")]
    priority: i64,
    #[serde(default)]
    min_kw: f64,
    start_not_before: Option<f64>,
    #[serde(default = "one")]
    eta_charge: f64,
    phases: Option<Vec<u8>>,
    #[serde(default)]
    taper: Vec<TaperPart>,
    v2g: Option<V2gPart>,
}

#[derive(Deserialize)]
struct TaperPart {
    intercept_kw: f64,
    slope_kw_per_kwh: f64,
}

#[derive(Deserialize)]
struct V2gPart {
    max_discharge_kw: f64,
    eta_discharge: f64,
    #[serde(default)]
    wear_per_kwh: f64,
    initial_kwh: f64,
    min_kwh: f64,
    max_kwh: f64,
}

#[derive(Deserialize)]
struct EventPart {
    from: f64,
    to: f64,
    import_cap_kw: f64,
    penalty: Option<f64>,
}

const fn standard() -> i64 {
    1
}

const fn one() -> f64 {
    1.0
}

impl File {
    fn ids(&self) -> Vec<String> {
        self.sessions.iter().map(|session| session.id.clone()).collect()
    }

    /// Whether some power or energy is not a whole number of watts or watt hours, or a loss makes it so.
    fn is_fractional(&self) -> bool {
        let fraction = |value: f64| (value * 1e3 - (value * 1e3).round()).abs() > 1e-6;
        let in_series = |series: &Series| match series {
            Series::Same(value) => fraction(*value),
            Series::Each(values) => values.iter().any(|value| fraction(*value)),
        };
        let grid = &self.grid;
        let series = [
            Some(&grid.import_limit_kw),
            grid.background_kw.as_ref(),
            grid.export_limit_kw.as_ref(),
            self.pv_kw.as_ref(),
        ];
        series.into_iter().flatten().any(in_series)
            || self.sessions.iter().any(|s| {
                fraction(s.energy_kwh)
                    || fraction(s.max_kw)
                    || fraction(s.min_kw)
                    || s.eta_charge < 1.0
            })
            || self.nodes.iter().any(|node| fraction(node.limit_kw))
    }

    fn problem(&self, scale: i64) -> Result<Problem> {
        let units = Units { scale: scale as f64 };
        let slots = u32::try_from(self.slots).ok().filter(|slots| *slots <= MAX_SLOTS);
        let slots = slots.with_context(|| format!("slots: {} is out of range", self.slots))?;
        let grid = Grid::new(Seconds::ZERO, slot_length(self.dt_h)?, slots)?;
        let site = &self.grid;
        let series = |name: &str, series: &Series| units.watts_series(name, series);
        let mut builder = Problem::builder(grid)
            .price(price_series("grid.price", &site.price)?)
            .limit(series("grid.import_limit_kw", &site.import_limit_kw)?)
            .demand_charge(DemandCharge {
                price: MicroPerKw::from_raw(whole("grid.demand_charge", site.demand_charge, 1e6)?),
                peak_so_far: units.watts("grid.peak_so_far_kw", site.peak_so_far_kw)?,
            })
            .storages(self.storages(&units)?)
            .nodes(self.nodes(&units)?)
            .sessions(self.sessions(&units, &grid)?)
            .events(self.events(&units)?);
        if let Some(background) = &site.background_kw {
            builder = builder.background(series("grid.background_kw", background)?);
        }
        if let Some(pv) = &self.pv_kw {
            builder = builder.pv(series("pv_kw", pv)?);
        }
        if let Some(limit) = &site.export_limit_kw {
            let none = Series::Same(0.0);
            let price = site.export_price.as_ref().unwrap_or(&none);
            builder = builder.export(Export {
                limit: series("grid.export_limit_kw", limit)?,
                price: price_series("grid.export_price", price)?,
            });
        }
        for (index, session) in (0u32..).zip(&self.sessions) {
            for line in &session.taper {
                let intercept = units.watts("taper.intercept_kw", line.intercept_kw)?;
                let slope = whole("taper.slope_kw_per_kwh", line.slope_kw_per_kwh, 1e9)?;
                builder = builder.taper(index, TaperLine { intercept, slope });
            }
        }
        if self.semi_continuous {
            builder = builder.minimum_power();
        }
        Ok(builder.build()?)
    }

    fn storages(&self, units: &Units) -> Result<Vec<Storage>> {
        let storages = self.storage.iter().enumerate().map(|(index, part)| {
            let of = || format!("storage {index}");
            Ok(Storage {
                max: units.joules("capacity_kwh", part.capacity_kwh).with_context(of)?,
                min: units.joules("min_kwh", part.min_kwh).with_context(of)?,
                initial: units.joules("initial_kwh", part.initial_kwh).with_context(of)?,
                final_min: units
                    .joules("final_min_kwh", part.final_min_kwh.unwrap_or(part.initial_kwh))
                    .with_context(of)?,
                max_charge: units.watts("max_charge_kw", part.max_charge_kw).with_context(of)?,
                max_discharge: units
                    .watts("max_discharge_kw", part.max_discharge_kw)
                    .with_context(of)?,
                charge_efficiency: efficiency("eta_charge", part.eta_charge).with_context(of)?,
                discharge_efficiency: efficiency("eta_discharge", part.eta_discharge)
                    .with_context(of)?,
                wear: price("wear_per_kwh", part.wear_per_kwh).with_context(of)?,
            })
        });
        storages.collect()
    }

    /// Nodes are numbered in the order of the file; a name found twice gets the same number, which the problem refuses.
    fn nodes(&self, units: &Units) -> Result<Vec<Node>> {
        let numbers = self.node_numbers();
        let number = |name: &str| NodeId::from_raw(numbers.get(name).copied().unwrap_or(u64::MAX));
        let nodes = self.nodes.iter().map(|part| {
            let of = || format!("node {:?}", part.id);
            let limit = units.watts("limit_kw", part.limit_kw).with_context(of)?;
            let mut node = Node::new(number(&part.id), limit);
            if let Some(parent) = &part.parent {
                ensure!(
                    numbers.contains_key(parent.as_str()),
                    "node {:?}: unknown parent {parent:?}",
                    part.id
                );
                node = node.under(number(parent));
            }
            if let Some(limit) = part.phase_limit_kw {
                node =
                    node.with_phase_limit(units.watts("phase_limit_kw", limit).with_context(of)?);
            }
            if let Some(limit) = part.unbalance_kw {
                node = node.with_unbalance(units.watts("unbalance_kw", limit).with_context(of)?);
            }
            Ok(node)
        });
        nodes.collect()
    }

    fn node_numbers(&self) -> std::collections::HashMap<&str, u64> {
        (0..).zip(&self.nodes).map(|(number, node)| (node.id.as_str(), number)).collect()
    }

    fn sessions(&self, units: &Units, grid: &Grid) -> Result<Vec<Session>> {
        let nodes = self.node_numbers();
        let mut seen = std::collections::HashSet::with_capacity(self.sessions.len());
        let mut sessions = Vec::with_capacity(self.sessions.len());
        for (number, part) in (0..).zip(&self.sessions) {
            ensure!(seen.insert(part.id.as_str()), "session {:?}: the id is there twice", part.id);
            let session = part.session(SessionId::from_raw(number), units, grid, &nodes);
            sessions.push(session.with_context(|| format!("session {:?}", part.id))?);
        }
        Ok(sessions)
    }

    fn events(&self, units: &Units) -> Result<Vec<DemandResponse>> {
        let events = self.dr_events.iter().enumerate().map(|(index, part)| {
            let of = || format!("dr_event {index}");
            let slot = |name, value| {
                let slot = whole(name, value, 1.0)?.max(0);
                u32::try_from(slot).with_context(|| format!("{name}: {value} is out of range"))
            };
            let last = f64::from(u32::try_from(self.slots).unwrap_or(u32::MAX));
            Ok(DemandResponse {
                from: slot("from", part.from.min(last)).with_context(of)?,
                to: slot("to", part.to.min(last)).with_context(of)?,
                cap: units.watts("import_cap_kw", part.import_cap_kw).with_context(of)?,
                price: part.penalty.map(|p| price("penalty", p)).transpose().with_context(of)?,
            })
        });
        events.collect()
    }
}

impl SessionPart {
    fn session(
        &self,
        id: SessionId,
        units: &Units,
        grid: &Grid,
        nodes: &std::collections::HashMap<&str, u64>,
    ) -> Result<Session> {
        // Windows are clipped to the horizon anyway, so that a slot far outside is as good as one just outside.
        let time = |name, value: f64| -> Result<Seconds> {
            ensure!(value.is_finite(), "{name}: {value} is not a number");
            let slot = whole(name, value.clamp(-1.0, f64::from(grid.slots()) + 1.0), 1.0)?;
            Ok(Seconds::from_raw(slot * grid.slot_length().raw()))
        };
        let mut arrive = time("arrive", self.arrive)?;
        if let Some(start) = self.start_not_before {
            arrive = arrive.max(time("start_not_before", start)?);
        }
        let mut session = Session::new(
            id,
            arrive,
            time("depart", self.depart)?,
            units.joules("energy_kwh", self.energy_kwh)?,
            units.watts("max_kw", self.max_kw)?,
        )
        .with_min_power(units.watts("min_kw", self.min_kw)?)
        .with_unserved_price(price("unserved_penalty", self.unserved_penalty)?)
        .with_efficiency(efficiency("eta_charge", self.eta_charge)?)
        .with_priority(if self.priority == 0 { Priority::Vip } else { Priority::Standard });
        if let Some(node) = &self.node {
            let number = nodes.get(node.as_str());
            let number = number.with_context(|| format!("unknown node {node:?}"))?;
            session = session.with_node(NodeId::from_raw(*number));
        }
        if let Some(phases) = &self.phases {
            let set = Phases::from_numbers(phases);
            session = session
                .with_phases(set.with_context(|| format!("phases: {phases:?} is no set of them"))?);
        }
        if let Some(v2g) = &self.v2g {
            session = session.with_v2g(V2g {
                max_discharge: units.watts("max_discharge_kw", v2g.max_discharge_kw)?,
                efficiency: efficiency("eta_discharge", v2g.eta_discharge)?,
                wear: price("wear_per_kwh", v2g.wear_per_kwh)?,
                initial: units.joules("initial_kwh", v2g.initial_kwh)?,
                min: units.joules("min_kwh", v2g.min_kwh)?,
                max: units.joules("max_kwh", v2g.max_kwh)?,
                max_discharged: None,
            });
        }
        Ok(session)
    }
}

/// The file's units in those of the problem.
struct Units {
    scale: f64,
}

impl Units {
    fn watts(&self, name: &str, kw: f64) -> Result<Watts> {
        Ok(Watts::from_raw(whole(name, kw, 1e3 * self.scale)?))
    }

    fn joules(&self, name: &str, kwh: f64) -> Result<Joules> {
        Ok(Joules::from_raw(whole(name, kwh, 3.6e6 * self.scale)?))
    }

    fn watts_series(&self, name: &str, series: &Series) -> Result<PerSlot<Watts>> {
        per_slot(name, series, |kw| self.watts(name, kw))
    }
}

fn per_slot<T>(
    name: &str,
    series: &Series,
    convert: impl Fn(f64) -> Result<T>,
) -> Result<PerSlot<T>> {
    Ok(match series {
        Series::Same(value) => PerSlot::Same(convert(*value)?),
        Series::Each(values) => {
            let each = values.iter().enumerate().map(|(slot, value)| {
                convert(*value).with_context(|| format!("{name}, slot {slot}"))
            });
            PerSlot::Each(each.collect::<Result<_>>()?)
        }
    })
}

fn price(name: &str, per_kwh: f64) -> Result<MicroPerKwh> {
    Ok(MicroPerKwh::from_raw(whole(name, per_kwh, 1e6)?))
}

fn price_series(name: &str, series: &Series) -> Result<PerSlot<MicroPerKwh>> {
    per_slot(name, series, |value| price(name, value))
}

fn efficiency(name: &str, eta: f64) -> Result<Efficiency> {
    let ppb = whole(name, eta, 1e9).ok().and_then(|ppb| u32::try_from(ppb).ok());
    let efficiency = ppb.and_then(Efficiency::from_ppb);
    efficiency.with_context(|| format!("{name}: {eta} is not above 0 and at most 1"))
}

/// The file gives hours, often as a rounded fraction: the nearest whole second, if there is one near.
fn slot_length(hours: f64) -> Result<Seconds> {
    let seconds = hours * 3_600.0;
    ensure!(seconds.is_finite() && seconds > 0.0, "dt_h: {hours} is not above 0");
    ensure!(
        (seconds - seconds.round()).abs() <= 1e-3 && seconds >= 0.5,
        "dt_h: {hours} h is not a whole number of seconds"
    );
    Ok(Seconds::from_raw(whole("dt_h", hours, 3_600.0)?))
}

/// The nearest whole number of units, if it is one that an i64 holds.
#[expect(clippy::cast_possible_truncation, reason = "checked against the range before")]
fn whole(name: &str, value: f64, unit: f64) -> Result<i64> {
    ensure!(value.is_finite(), "{name}: {value} is not a number");
    let units = (value * unit).round();
    ensure!(units.abs() < 9.2e18, "{name}: {value} is out of range");
    Ok(units as i64)
}
