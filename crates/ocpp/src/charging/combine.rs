//! What the profiles in force come to together (step 4): the lowest limit of all, phase by phase where one of them has
//! rates for each phase, in the unit asked for.
//!
//! All arithmetic is exact: values are integers over one common denominator, and the only division is the last step.
//!
//! Where 2.1 leaves room: on one phase the lowest of the phases' rates counts; a limit over all phases is shared equally
//! by them where another profile limits them one by one.

use super::compose::{CompositePeriod, CompositeRequest};
use super::profile::{Micro, Period, Profile, RateUnit, Rates};

/// A period in force and the profile it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Source<'p> {
    pub(super) profile: &'p Profile<'p>,
    pub(super) period: &'p Period,
    /// Whether no period of the profile states more than a limit over all phases, as is nearly always so.
    pub(super) is_plain: bool,
}

/// Whether no period of the profile states more than a limit over all phases.
pub(super) fn is_plain(profile: &Profile<'_>) -> bool {
    let has_more = |period: &Period| {
        period.discharge_limit.is_some() || period.setpoint.is_some() || period.is_split()
    };
    profile.limit_at_soc.is_none() && !profile.periods.iter().any(has_more)
}

impl Source<'_> {
    /// The limit, if that is all there is.
    fn plain(&self, n: i128, scale: &Scale) -> Option<i128> {
        Some(scale.of(self.period.limit?, self.profile.unit, n, false, false))
    }

    /// The rates of each phase; what phase 2 or 3 does not state is that of phase 1.
    fn phases(&self) -> [Rates; 3] {
        let l1 = self.period.l1();
        let or_l1 = |rates: Rates| Rates {
            limit: rates.limit.or(l1.limit),
            discharge_limit: rates.discharge_limit.or(l1.discharge_limit),
            setpoint: rates.setpoint.or(l1.setpoint),
        };
        [l1, or_l1(self.period.l2), or_l1(self.period.l3)]
    }
}

/// The sources of a period: the transaction's purpose, the station's maximum, external constraints.
pub(super) type Sources<'p> = [Option<Source<'p>>; 3];

/// What one EVSE or all of them may draw together, in units of [`Scale`]; in amperes, on each phase.
#[derive(Clone, Copy, Default)]
pub(super) struct Total {
    /// `None`: there is no limit.
    pub(super) limit: Option<i128>,
    pub(super) phases: Option<u8>,
}

impl Total {
    /// What the sources come to over all phases; the station's default limit where they set none.
    pub(super) fn of(sources: &Sources<'_>, scale: &Scale) -> Self {
        let (phases, n) = fewest_phases(sources, None, scale);
        let limit = match sources.iter().flatten().all(|source| source.is_plain) {
            true => least_plain(sources, n, scale),
            false => Joint::of(sources, Self::default(), scale).over_all_phases(scale),
        };
        Self { limit: limit.or(scale.default_limit), phases }
    }
}

/// The period that the sources, the sum over the EVSEs and local generation come to.
pub(super) fn combine(
    sources: &Sources<'_>,
    sum: Total,
    generation: Option<Source<'_>>,
    scale: &Scale,
) -> CompositePeriod {
    if sources.iter().flatten().chain(&generation).all(|source| source.is_plain) {
        let (phases, n) = fewest_phases(sources, sum.phases, scale);
        let mut limit = least(sum.limit, least_plain(sources, n, scale));
        if let (Some(sum), Some(added)) = (&mut limit, &generation)
            && let Some(added) = added.plain(n, scale)
        {
            *sum += added;
        }
        let limit = limit.or(scale.default_limit).map(|limit| scale.floor(limit));
        return CompositePeriod { limit, phases, ..CompositePeriod::default() };
    }
    let mut joint = Joint::of(sources, sum, scale);
    if let Some(generation) = generation {
        joint.add(&generation, scale);
    }
    joint.finish(scale)
}

fn fewest_phases(sources: &Sources<'_>, sum: Option<u8>, scale: &Scale) -> (Option<u8>, i128) {
    let stated = sources.iter().flatten().filter_map(|source| source.period.phases);
    let phases = stated.chain(sum).min();
    (phases, phases.map_or(scale.default_phases, i128::from))
}

fn least_plain(sources: &Sources<'_>, n: i128, scale: &Scale) -> Option<i128> {
    sources.iter().flatten().filter_map(|source| source.plain(n, scale)).min()
}

/// What sources come to of which one states more than a limit.
struct Joint {
    l1: Exact,
    /// Phases 2 and 3, where the phases are limited one by one.
    others: Option<[Exact; 2]>,
    /// The fewest phases that a source states.
    phases: Option<u8>,
    /// These, or how many there are by default.
    n: i128,
}

impl Joint {
    fn of(sources: &Sources<'_>, sum: Total, scale: &Scale) -> Self {
        let (phases, n) = fewest_phases(sources, sum.phases, scale);
        let l1 = Exact { limit: sum.limit, ..Exact::default() };
        let mut joint = Self { l1, others: None, phases, n };
        if n > 1 && sources.iter().flatten().any(|source| source.period.is_split()) {
            joint.l1.limit = sum.limit.map(|sum| scale.share(sum, n));
            joint.others = Some([joint.l1; 2]);
        }
        for source in sources.iter().flatten() {
            joint.restrict(source, scale);
        }
        joint
    }

    fn restrict(&mut self, source: &Source<'_>, scale: &Scale) {
        let Source { profile, period, .. } = source;
        let (n, by_phase, is_split) = (self.n, self.others.is_some(), period.is_split());
        let value = |micro| scale.of(micro, profile.unit, n, is_split, by_phase);
        match &mut self.others {
            None if is_split => source.phases().iter().for_each(|p| self.l1.restrict(p, value)),
            None => self.l1.restrict(&period.l1(), value),
            Some([l2, l3]) => {
                for (exact, rates) in [&mut self.l1, l2, l3].into_iter().zip(source.phases()) {
                    exact.restrict(&rates, value);
                }
            }
        }
        if let Some(cap) = profile.limit_at_soc.filter(|cap| scale.soc >= Some(cap.soc)) {
            let cap = scale.of(cap.limit, profile.unit, n, false, by_phase);
            for exact in self.each_mut() {
                exact.limit = least(exact.limit, Some(cap));
            }
        }
    }

    /// Local generation adds to what is limited; to no limit it adds nothing.
    fn add(&mut self, extra: &Source<'_>, scale: &Scale) {
        let is_split = extra.period.is_split();
        let (n, by_phase) = (self.n, self.others.is_some());
        let mut limits = extra.phases().map(|rates| rates.limit);
        if is_split && !by_phase {
            limits = [limits.iter().flatten().min().copied(); 3];
        }
        for (exact, limit) in self.each_mut().zip(limits) {
            if let (Some(sum), Some(limit)) = (&mut exact.limit, limit) {
                *sum += scale.of(limit, extra.profile.unit, n, is_split, by_phase);
            }
        }
    }

    fn each_mut(&mut self) -> impl Iterator<Item = &mut Exact> {
        core::iter::once(&mut self.l1).chain(self.others.iter_mut().flatten())
    }

    fn over_all_phases(&self, scale: &Scale) -> Option<i128> {
        match (&self.others, scale.unit) {
            (None, _) => self.l1.limit,
            (Some([l2, l3]), RateUnit::Amperes) => least(self.l1.limit, least(l2.limit, l3.limit)),
            (Some([l2, _]), RateUnit::Watts) if self.n == 2 => sum(self.l1.limit, l2.limit),
            (Some([l2, l3]), RateUnit::Watts) => sum(self.l1.limit, sum(l2.limit, l3.limit)),
        }
    }

    /// Rounded towards zero: neither what is drawn nor what is fed back may grow.
    fn finish(&self, scale: &Scale) -> CompositePeriod {
        let default = scale.default_limit.map(|limit| match self.others {
            None => limit,
            Some(_) => scale.share(limit, self.n),
        });
        let Rates { limit, discharge_limit, setpoint } = self.l1.finish(default, scale);
        let [l2, l3] = self
            .others
            .map_or([Rates::NONE; 2], |others| others.map(|exact| exact.finish(default, scale)));
        let phases = self.phases;
        CompositePeriod { start: 0, limit, discharge_limit, setpoint, l2, l3, phases }
    }
}

/// Rates in units of [`Scale`].
#[derive(Clone, Copy, Default)]
struct Exact {
    limit: Option<i128>,
    discharge: Option<i128>,
    setpoint: Option<i128>,
}

impl Exact {
    /// The stricter of both.
    fn restrict(&mut self, rates: &Rates, value: impl Fn(Micro) -> i128) {
        self.limit = least(self.limit, rates.limit.map(&value));
        if let Some(limit) = rates.discharge_limit {
            // Not positive: the one nearest to zero binds.
            self.discharge = self.discharge.max(Some(value(limit)));
        }
        if let Some(setpoint) = rates.setpoint.map(value) {
            self.setpoint = Some(match self.setpoint {
                Some(other) if other < 0 && setpoint < 0 => other.max(setpoint),
                Some(other) => other.min(setpoint),
                None => setpoint,
            });
        }
    }

    /// The set-point is held between the discharge limit and the limit (V2X.03, V2X.04).
    fn finish(&self, default: Option<i128>, scale: &Scale) -> Rates {
        let limit = self.limit.or(default);
        let setpoint = self.setpoint.map(|setpoint| match (limit, self.discharge) {
            (Some(limit), _) if setpoint > 0 => setpoint.min(limit),
            (_, Some(limit)) if setpoint < 0 => setpoint.max(limit),
            _ => setpoint,
        });
        Rates {
            limit: limit.map(|limit| scale.floor(limit)),
            discharge_limit: self.discharge.map(|limit| scale.towards_zero(limit)),
            setpoint: setpoint.map(|setpoint| scale.towards_zero(setpoint)),
        }
    }
}

fn least(a: Option<i128>, b: Option<i128>) -> Option<i128> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn sum(a: Option<i128>, b: Option<i128>) -> Option<i128> {
    Some(a? + b?)
}

/// Exact conversion to the unit asked for. The common denominator makes every product with millivolts and every
/// quotient by millivolts and 1, 2 or 3 phases whole. Within i128: 63 bits of a rate, 27 of the voltage, 13 of the
/// figures, and a sum over EVSEs.
pub(super) struct Scale {
    unit: RateUnit,
    millivolts: i128,
    /// Values count `1 / denominator` of a millionth.
    denominator: i128,
    default_phases: i128,
    default_limit: Option<i128>,
    soc: Option<i64>,
}

impl Scale {
    pub(super) fn new(request: &CompositeRequest<'_>) -> Self {
        let millivolts = i128::from(request.millivolts);
        let denominator = match request.unit {
            RateUnit::Amperes => 6 * millivolts,
            RateUnit::Watts => 6000,
        };
        Self {
            unit: request.unit,
            millivolts,
            denominator,
            default_phases: i128::from(request.default_phases),
            default_limit: request.default_limit.map(|rate| i128::from(rate.raw()) * denominator),
            soc: request.soc,
        }
    }

    /// A rate on `n` phases by W = A x V x n. Amperes always count for one phase; watts do if the period `is_split`,
    /// and in the result `by_phase`.
    fn of(&self, rate: Micro, unit: RateUnit, n: i128, is_split: bool, by_phase: bool) -> i128 {
        let raw = i128::from(rate.raw());
        match (unit, self.unit) {
            (RateUnit::Amperes, RateUnit::Amperes) => raw * self.denominator,
            (RateUnit::Amperes, RateUnit::Watts) if by_phase => raw * self.millivolts * 6,
            (RateUnit::Amperes, RateUnit::Watts) => raw * self.millivolts * 6 * n,
            (RateUnit::Watts, RateUnit::Amperes) if is_split => raw * 6000,
            (RateUnit::Watts, RateUnit::Amperes) => raw * sixth(n) * 1000,
            (RateUnit::Watts, RateUnit::Watts) if is_split == by_phase => raw * self.denominator,
            (RateUnit::Watts, RateUnit::Watts) if is_split => raw * self.denominator * n,
            (RateUnit::Watts, RateUnit::Watts) => raw * sixth(n) * 1000,
        }
    }

    /// What is left for one phase of a value over `n`.
    fn share(&self, value: i128, n: i128) -> i128 {
        match self.unit {
            RateUnit::Amperes => value,
            RateUnit::Watts => value.checked_div_euclid(n).unwrap_or(value),
        }
    }

    fn floor(&self, value: i128) -> Micro {
        // Ordinary values divide in 64 bits, which is much faster.
        if let (Ok(value), Ok(denominator)) =
            (u64::try_from(value), u64::try_from(self.denominator))
        {
            let quotient = value.checked_div(denominator).unwrap_or(0);
            return Micro::from_raw(i64::try_from(quotient).unwrap_or(i64::MAX));
        }
        Micro::saturating(value.checked_div_euclid(self.denominator).unwrap_or(0))
    }

    fn towards_zero(&self, value: i128) -> Micro {
        Micro::saturating(value.checked_div(self.denominator).unwrap_or(0))
    }
}

/// Six divided by a number of phases.
const fn sixth(n: i128) -> i128 {
    match n {
        2 => 3,
        3 => 2,
        _ => 6,
    }
}
