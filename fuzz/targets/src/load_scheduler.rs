//! Targets of `evse-load-scheduler`.

use arbitrary::{Arbitrary, Unstructured};
use evse_load_scheduler::{
    Car, Grid, Joules, MicroPerKwh, Policy, Priority, Problem, Replay, Seconds, Session, SessionId,
    SolveError, Watts, allocate, bottleneck, max_served, min_cost, min_peak, verify,
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
