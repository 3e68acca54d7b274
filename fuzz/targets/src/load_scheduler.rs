//! Targets of `evse-load-scheduler`.

use arbitrary::{Arbitrary, Unstructured};
use evse_load_scheduler::{
    Account, Car, Controller, DemandCharge, DemandResponse, Efficiency, Export, Grid, Joules,
    MicroPerKw, MicroPerKwh, Node, NodeId, OptimiseError, Phases, Policy, Priority, Problem,
    Replay, Rules, Seconds, Session, SessionId, SolveError, StandingPlan, Storage, TaperLine, V2g,
    Watts, admit, allocate, bottleneck, cheapest, fairest, flattest, max_served, min_cost,
    min_peak, optimise, quantise, verify, with_minimum_power,
};

/// Mostly small, now and then wild.
#[derive(Debug, Clone, Copy, Arbitrary)]
enum Number {
    Byte(u8),
    Small(i16),
    Large(u32),
    Wild(i64),
}

impl Number {
    fn value(self) -> i64 {
        match self {
            Self::Byte(n) => i64::from(n),
            Self::Small(n) => i64::from(n),
            Self::Large(n) => i64::from(n),
            Self::Wild(n) => n,
        }
    }
}

impl Number {
    /// Mostly what a problem accepts: not negative, and only now and then absurd.
    fn amount(self) -> i64 {
        match self {
            Self::Wild(n) if n % 16 != 0 => (n % 4_096).abs(),
            other => other.value().saturating_abs(),
        }
    }
}

#[derive(Debug, Arbitrary)]
struct Stay {
    id: u8,
    arrive: Number,
    stay: Number,
    energy: Number,
    power: Number,
    vip: bool,
}

impl Stay {
    fn session(&self) -> Session {
        let depart = self.arrive.value().saturating_add(self.stay.value());
        Session::new(
            SessionId::from_raw(u64::from(self.id)),
            Seconds::from_raw(self.arrive.value()),
            Seconds::from_raw(depart),
            Joules::from_raw(self.energy.value()),
            Watts::from_raw(self.power.value()),
        )
        .with_priority(if self.vip { Priority::Vip } else { Priority::Standard })
    }
}

#[derive(Debug, Arbitrary)]
struct Site {
    start: Number,
    slot_length: Number,
    slots: u8,
    limits: Option<Vec<Number>>,
    background: Vec<Number>,
    prices: Vec<Number>,
    stays: Vec<Stay>,
}

/// Any problem: a typed refusal, or plans that keep every limit and agree with each other.
pub(crate) fn solve(data: &[u8]) {
    let Ok(site) = Site::arbitrary(&mut Unstructured::new(data)) else { return };
    let slots = u32::from(site.slots % 32);
    let (start, length) = (site.start.value(), site.slot_length.value());
    let Ok(grid) = Grid::new(Seconds::from_raw(start), Seconds::from_raw(length), slots) else {
        return;
    };
    // Short series are filled up, so that most inputs pass the first check.
    let series = |numbers: &[Number]| -> Vec<i64> {
        let filled = numbers.iter().copied().chain(core::iter::repeat(Number::Byte(9)));
        filled.take(slots as usize).map(Number::value).collect()
    };
    let watts = |numbers: &[Number]| -> Vec<Watts> {
        series(numbers).into_iter().map(Watts::from_raw).collect()
    };
    let mut builder = Problem::builder(grid)
        .background(watts(&site.background))
        .price(series(&site.prices).into_iter().map(MicroPerKwh::from_raw).collect::<Vec<_>>())
        .sessions(site.stays.iter().take(40).map(Stay::session).collect());
    if let Some(limits) = &site.limits {
        builder = builder.limit(watts(limits));
    }
    let Ok(problem) = builder.build() else { return };

    let most = max_served(&problem).expect("memory for a small problem");
    verify(&problem, &most.plan).expect("the limits are kept");
    let missing = Joules::from_raw(problem.demand().raw() - most.served.raw());
    let short = bottleneck(&problem).expect("memory for a small problem");
    let explained = short.map_or(0, |cut| cut.must.raw() - cut.room.raw());
    assert_eq!(missing.raw(), explained);
    match min_cost(&problem) {
        Ok(cheapest) => {
            assert_eq!(missing, Joules::ZERO);
            assert_eq!(cheapest.plan.total(), problem.demand());
            assert!(cheapest.cost <= most.plan.cost(&problem));
        }
        Err(error) => assert_eq!(error, SolveError::NotAllServable { missing }),
    }
    match min_peak(&problem) {
        Ok(flattest) => {
            assert_eq!(missing, Joules::ZERO);
            assert_eq!(flattest.plan.total(), problem.demand());
            assert!(flattest.bound <= flattest.peak);
            assert!(flattest.peak <= most.plan.peak(&problem));
        }
        Err(SolveError::OutOfRange) => {}
        Err(error) => assert_eq!(error, SolveError::NotAllServable { missing }),
    }
    // A step of a whole slot keeps this short.
    for policy in Policy::ALL {
        let replay = Replay::run(&problem, policy, grid.slot_length()).expect("the step divides");
        assert_eq!(replay.served().raw() + replay.unserved().raw(), problem.demand().raw());
        if policy != Policy::Uncontrolled {
            assert!(replay.served() <= most.served);
            assert_eq!(replay.steps_over_limit(), problem.background_overloads().count());
        }
    }
    let followed = Replay::follow(&problem, &most.plan, grid.slot_length()).expect("it divides");
    assert!(followed.served() <= most.served);
    assert_eq!(followed.steps_over_limit(), problem.background_overloads().count());
}

#[derive(Debug, Arbitrary)]
struct Step {
    now: Number,
    step: Number,
    headroom: Number,
    stays: Vec<Stay>,
}

/// Any cars, any values: nobody gets more than it needs, and together they take all of the headroom they can use.
pub(crate) fn allocate_step(data: &[u8]) {
    let Ok(input) = Step::arbitrary(&mut Unstructured::new(data)) else { return };
    let (now, step) = (Seconds::from_raw(input.now.value()), Seconds::from_raw(input.step.value()));
    let headroom = Watts::from_raw(input.headroom.value());
    let room = headroom.raw().max(0).saturating_mul(step.raw().max(0));
    for policy in Policy::ALL {
        let mut cars: Vec<Car> =
            (0..).zip(&input.stays).map(|(tag, stay)| Car::new(&stay.session(), tag)).collect();
        allocate(policy, now, step, headroom, &mut cars);
        let need = |car: &Car| car.need(now, step).raw();
        let wanted: i128 = cars.iter().map(|car| i128::from(need(car))).sum();
        let granted: i128 = cars.iter().map(|car| i128::from(car.granted.raw())).sum();
        assert!(cars.iter().all(|car| (0..=need(car)).contains(&car.granted.raw())));
        let most = if policy == Policy::Uncontrolled { wanted } else { i128::from(room) };
        assert_eq!(granted, wanted.min(most));
    }
}

#[derive(Debug, Arbitrary)]
struct Extras {
    node: u8,
    price: Number,
    loss: Option<u32>,
    least: Number,
    phases: u8,
    ceiling: Option<Number>,
    taper: Option<(Number, Number)>,
    battery: Option<(Number, Number, Number, Number)>,
}

#[derive(Debug, Arbitrary)]
struct WholeSite {
    site: Site,
    extras: Vec<Extras>,
    nodes: Vec<(u8, Number, Option<Number>, Option<Number>)>,
    sun: Vec<Number>,
    export: Option<(Number, Number)>,
    demand: Option<(Number, Number)>,
    orders: Vec<(u8, u8, Number, Option<Number>)>,
    storage: Option<(Number, Number, Number)>,
    least_powers: bool,
    step: u16,
}

impl WholeSite {
    fn sessions(&self) -> Vec<Session> {
        let stays = self.site.stays.iter().take(12).zip(&self.extras);
        let sessions = stays.map(|(stay, extras)| {
            let most = stay.power.amount();
            let arrive = stay.arrive.amount() % 50_000;
            let mut session = Session::new(
                SessionId::from_raw(u64::from(stay.id)),
                Seconds::from_raw(arrive),
                Seconds::from_raw(arrive + stay.stay.amount() % 50_000),
                Joules::from_raw(stay.energy.amount()),
                Watts::from_raw(most),
            )
            .with_unserved_price(MicroPerKwh::from_raw(extras.price.amount()))
            .with_min_power(Watts::from_raw(extras.least.amount().min(most)));
            if usize::from(extras.node) < self.nodes.len() {
                session = session.with_node(NodeId::from_raw(extras.node.into()));
            }
            let ppb = extras.loss.map(|loss| 500_000_000 + loss % 500_000_001);
            if let Some(efficiency) = ppb.and_then(Efficiency::from_ppb) {
                session = session.with_efficiency(efficiency);
            }
            if let Some(ceiling) = extras.ceiling {
                session = session.with_price_ceiling(MicroPerKwh::from_raw(ceiling.value()));
            }
            if let Some(phases) =
                [Phases::L1, Phases::L2, Phases::L3].get(usize::from(extras.phases))
            {
                session = session.with_phases(*phases);
            }
            if let Some((power, initial, min, max)) = extras.battery {
                session = session.with_v2g(V2g {
                    max_discharge: Watts::from_raw(power.amount()),
                    efficiency: Efficiency::ONE,
                    wear: MicroPerKwh::ZERO,
                    initial: Joules::from_raw(min.amount().saturating_add(initial.amount())),
                    min: Joules::from_raw(min.amount()),
                    max: Joules::from_raw(
                        min.amount().saturating_add(initial.amount()).saturating_add(max.amount()),
                    ),
                    max_discharged: None,
                });
            }
            session
        });
        sessions.collect()
    }

    fn problem(&self) -> Option<Problem> {
        let slots = u32::from(self.site.slots % 16) + 1;
        let start = Seconds::from_raw(self.site.start.amount() % 10_000);
        let length = Seconds::from_raw(self.site.slot_length.amount() % 4_000 + 1);
        let grid = Grid::new(start, length, slots).ok()?;
        let series = |numbers: &[Number]| -> Vec<i64> {
            let filled = numbers.iter().copied().chain(core::iter::repeat(Number::Byte(9)));
            filled.take(slots as usize).map(Number::amount).collect()
        };
        let watts = |numbers: &[Number]| -> Vec<Watts> {
            series(numbers).into_iter().map(Watts::from_raw).collect()
        };
        let prices: Vec<_> =
            series(&self.site.prices).into_iter().map(MicroPerKwh::from_raw).collect();
        let nodes =
            (0u64..).zip(self.nodes.iter().take(8)).map(|(id, (parent, limit, phase, u))| {
                let mut node = Node::new(NodeId::from_raw(id), Watts::from_raw(limit.amount()));
                if u64::from(*parent) < id {
                    node = node.under(NodeId::from_raw((*parent).into()));
                }
                if let Some(limit) = phase {
                    node = node.with_phase_limit(Watts::from_raw(limit.amount()));
                }
                if let Some(unbalance) = u {
                    node = node.with_unbalance(Watts::from_raw(unbalance.amount()));
                }
                node
            });
        let mut builder = Problem::builder(grid)
            .background(watts(&self.site.background))
            .pv(watts(&self.sun))
            .price(prices)
            .nodes(nodes.collect())
            .sessions(self.sessions());
        if let Some(limits) = &self.site.limits {
            builder = builder.limit(watts(limits));
        }
        if let Some((limit, price)) = self.export {
            let limit = Watts::from_raw(limit.amount()).into();
            let least = series(&self.site.prices).into_iter().min().unwrap_or(0);
            let price = MicroPerKwh::from_raw(least.saturating_sub(price.amount())).into();
            builder = builder.export(Export { limit, price });
        }
        if let Some((price, so_far)) = self.demand {
            builder = builder.demand_charge(DemandCharge {
                price: MicroPerKw::from_raw(price.amount()),
                peak_so_far: Watts::from_raw(so_far.amount()),
            });
        }
        let orders = self.orders.iter().take(4).map(|(from, to, cap, price)| DemandResponse {
            from: (u32::from(*from) % slots).min(u32::from(*to) % slots),
            to: (u32::from(*from) % slots).max(u32::from(*to) % slots) + 1,
            cap: Watts::from_raw(cap.amount()),
            price: price.map(|price| MicroPerKwh::from_raw(price.amount())),
        });
        builder = builder.events(orders.collect());
        if let Some((content, power, end)) = self.storage {
            builder = builder.storages(vec![Storage {
                max: Joules::from_raw(content.amount()),
                min: Joules::ZERO,
                initial: Joules::ZERO,
                final_min: Joules::from_raw(end.amount().min(content.amount())),
                max_charge: Watts::from_raw(power.amount()),
                max_discharge: Watts::from_raw(power.amount()),
                charge_efficiency: Efficiency::ONE,
                discharge_efficiency: Efficiency::ONE,
                wear: MicroPerKwh::ZERO,
            }]);
        }
        let sessions = self.site.stays.len().min(12).min(self.extras.len());
        for (session, extras) in (0u32..).zip(self.extras.iter().take(sessions)) {
            if let Some((intercept, slope)) = extras.taper {
                let intercept = Watts::from_raw(intercept.amount());
                builder = builder.taper(session, TaperLine { intercept, slope: slope.amount() });
            }
        }
        if self.least_powers {
            builder = builder.minimum_power();
        }
        builder.build().ok()
    }
}

/// A standing plan of the problem after each car has left and come again, and each slot's limit been cut by half for a while.
fn after_changes(problem: &Problem) -> Option<StandingPlan> {
    let mut plan = StandingPlan::new(problem.clone()).ok()?;
    for session in problem.sessions() {
        plan.set_energy(session.id, Joules::ZERO).expect("less is always possible");
        plan.remove(session.id).expect("it is there");
        let limits = (0..problem.grid().slots()).filter_map(|s| Some((s, problem.limit(s)?)));
        for (slot, limit) in limits {
            plan.set_limit(slot, Watts::from_raw(limit.raw() / 2)).expect("a lower limit");
            plan.set_limit(slot, limit).expect("the limit it had");
        }
        plan.add(*session).expect("it was there before");
        plan.plan().expect("a plan that keeps the limits");
    }
    Some(plan)
}

/// Any site with everything: a typed refusal, or plans that keep every limit, proved optimal where they are flows.
pub(crate) fn whole_site(data: &[u8]) {
    let Ok(input) = WholeSite::arbitrary(&mut Unstructured::new(data)) else { return };
    let Some(problem) = input.problem() else { return };
    match optimise(&problem, &[]) {
        Ok(found) => verify(&problem, &found.plan).expect("every plan keeps the limits"),
        Err(OptimiseError::NoPlan(_) | OptimiseError::Solve(SolveError::OutOfRange)) => {}
        Err(error) => panic!("{error}"),
    }
    if problem.coupling().is_some() {
        return;
    }
    if let Ok(found) = cheapest(&problem) {
        let gap = found.certificate.gap(&problem, &found.account).map_or(0, |gap| gap.raw());
        // An efficiency leaves a joule of every session open and 10⁻⁹ of a currency unit per kWh, a peak a joule of a slot.
        let prices = (0..problem.grid().slots()).map(|slot| problem.price(slot).raw().abs());
        let refusals = problem.sessions().iter().map(|s| s.unserved_price.raw());
        let dearest = i128::from(prices.chain(refusals).max().unwrap_or(0));
        let energy: i128 =
            problem.sessions().iter().map(|s| i128::from(s.energy_at_meter().raw())).sum();
        let peak = i128::from(problem.demand_charge().price.raw()) * 3_600 + dearest;
        let open = 40 * dearest
            + energy / 500
            + 4 * peak
            + found.account.total().raw().abs() / 1_000_000_000;
        assert!(gap.abs() <= open, "the certificate leaves {gap} of {open}");
        let plain = problem.clone().without_minimum_power();
        let stepped = quantise(&plain, &found.plan, |_| Watts::from_raw(input.step.into()));
        verify(&plain, &stepped).expect("steps keep the limits");
        let nothing = quantise(&plain, &evse_load_scheduler::Plan::default(), |_| Watts::ZERO);
        let idle = Account::of(&plain, &nothing).total();
        assert!(found.account.total().raw() <= idle.raw() + open);
        if let Some(changed) = after_changes(&problem) {
            let apart = changed.account().total().raw() - found.account.total().raw();
            assert!(apart.abs() <= open, "after changes {apart} of {open} from the optimum");
        }
    }
    if let Ok(found) = min_peak(&problem) {
        assert!(found.bound <= found.peak);
    }
    if let Ok(plan) = flattest(&problem) {
        verify(&problem.clone().without_minimum_power(), &plan).expect("flat within the limits");
    }
    if let Ok(plan) = fairest(&problem) {
        verify(&problem.clone().without_minimum_power(), &plan).expect("fair within the limits");
    }
    if let Ok(found) = with_minimum_power(&problem, 30) {
        verify(&problem, &found.plan).expect("least powers within the limits");
    }
    if let Some(first) = problem.sessions().first() {
        let mut newcomer = *first;
        newcomer.id = SessionId::from_raw(1_000);
        let _ = admit(&problem, newcomer);
    }
    let mut controller = Controller::new(&problem, Rules::default());
    for (session, minute) in problem.sessions().iter().zip(0i64..) {
        let now = Seconds::from_raw(problem.grid().start().raw().saturating_add(minute * 60));
        controller.handle_plug_in(now, *session);
        controller.handle_timeout(now);
        let granted: i128 = problem
            .sessions()
            .iter()
            .filter_map(|session| controller.granted(session.id))
            .map(|watts| i128::from(watts.raw()))
            .sum();
        let slot = u32::try_from(minute * 60 / problem.grid().slot_length().raw()).unwrap_or(0);
        let slot = slot.min(problem.grid().slots() - 1);
        if let Some(headroom) = problem.headroom(slot) {
            assert!(granted <= i128::from(headroom.raw()));
        }
        while controller.poll_grant().is_some() {}
    }
}
