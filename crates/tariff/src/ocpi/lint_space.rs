//! Lint over the space of moments: gaps, overlaps and what can never win.

use alloc::vec;
use alloc::vec::Vec;

use super::lint::{FindingKind, Lint, Place};
use super::tariff::{Element, PriceComponent, charge_of};
use crate::rules::{Charge, Conditions};

/// Cells that are looked at, at most.
const MOST_CELLS: usize = 2_000_000;

/// A coordinate of the space of moments: its cuts, and the stretches in which each element holds.
struct Coordinate {
    /// First value of each stretch.
    begins: Vec<i64>,
    /// Whether each element holds in a stretch: element by element.
    holds: Vec<bool>,
}

impl Lint<'_> {
    /// Walks every cell of the space that conditions cut out: who wins, who could, and whether nobody does.
    pub(super) fn of_space(&mut self) {
        let coordinates = self.coordinates();
        let cells =
            coordinates.iter().try_fold(1usize, |cells, c| cells.checked_mul(c.begins.len()));
        let work = cells.and_then(|cells| cells.checked_mul(self.tariff.elements.len().max(1)));
        let Some(cells) = cells.filter(|_| work.is_some_and(|work| work <= MOST_CELLS)) else {
            self.note(Place::Tariff, FindingKind::TooComplex);
            return;
        };
        let elements = self.tariff.elements.len();
        let mut wins: Vec<Vec<bool>> = self
            .tariff
            .elements
            .iter()
            .map(|element| vec![false; element.components.len()])
            .collect();
        let (mut gaps, mut priced) = ([false; 8], [false; 8]);
        let mut overlaps = Vec::new();
        let mut cell = vec![0usize; coordinates.len()];
        for _ in 0..cells {
            let active: Vec<usize> = (0..elements)
                .filter(|element| {
                    coordinates.iter().zip(&cell).all(|(coordinate, stretch)| {
                        let at = element * coordinate.begins.len() + stretch;
                        coordinate.holds.get(at).copied().unwrap_or(false)
                    })
                })
                .collect();
            for charge in Charge::ALL {
                self.of_cell(charge, &active, &mut wins, &mut overlaps, &mut gaps, &mut priced);
            }
            step(&mut cell, &coordinates);
        }
        for charge in [Charge::Energy, Charge::Time, Charge::Parking] {
            let flags = (priced.get(charge.index()), gaps.get(charge.index()));
            self.note_if(
                flags == (Some(&true), Some(&true)),
                Place::Dimension(charge),
                FindingKind::Gap,
            );
        }
        for (first, second) in overlaps {
            self.note(Place::Elements(first, second), FindingKind::Overlap);
        }
        self.of_wins(&wins);
    }

    fn of_cell(
        &self,
        charge: Charge,
        active: &[usize],
        wins: &mut [Vec<bool>],
        overlaps: &mut Vec<(usize, usize)>,
        gaps: &mut [bool; 8],
        priced: &mut [bool; 8],
    ) {
        let mut winner = None::<(usize, Option<&PriceComponent>)>;
        for at in active.iter().copied() {
            let Some(element) = self.tariff.elements.get(at) else { continue };
            let reservation = element.restrictions.and_then(|found| found.reservation);
            let position = element
                .components
                .iter()
                .position(|c| c.charge.and_then(|c| charge_of(c, reservation)) == Some(charge));
            let Some(position) = position else { continue };
            let price = element.components.get(position);
            match winner {
                None => {
                    winner = Some((at, price));
                    if let Some(won) = wins.get_mut(at).and_then(|of| of.get_mut(position)) {
                        *won = true;
                    }
                }
                // Two restricted elements at once; an unrestricted one after them is the usual fallback.
                Some((first, won)) if self.is_restricted(first) && self.is_restricted(at) => {
                    if won != price && !overlaps.contains(&(first, at)) {
                        overlaps.push((first, at));
                    }
                }
                Some(_) => {}
            }
        }
        if let (Some(gap), Some(priced)) =
            (gaps.get_mut(charge.index()), priced.get_mut(charge.index()))
        {
            *gap |= winner.is_none();
            *priced |= winner.is_some();
        }
    }

    fn is_restricted(&self, at: usize) -> bool {
        let element = self.tariff.elements.get(at);
        element
            .and_then(|element| element.restrictions)
            .is_some_and(|r| r.conditions != Conditions::default())
    }

    /// Elements and components that never win.
    fn of_wins(&mut self, wins: &[Vec<bool>]) {
        let tariff = self.tariff;
        for (at, (element, wins)) in tariff.elements.iter().zip(wins).enumerate() {
            let reservation = element.restrictions.and_then(|found| found.reservation);
            let can_price = |position: usize| {
                let charge =
                    element.components.get(position).and_then(|component| component.charge);
                let duplicate =
                    element.components.iter().take(position).any(|other| other.charge == charge);
                !duplicate && charge.and_then(|charge| charge_of(charge, reservation)).is_some()
            };
            let candidates: Vec<usize> =
                (0..wins.len()).filter(|position| can_price(*position)).collect();
            let lost = |position: &&usize| wins.get(**position) == Some(&false);
            let losers: Vec<usize> = candidates.iter().filter(lost).copied().collect();
            if !candidates.is_empty() && losers.len() == candidates.len() {
                self.note(Place::Element(at), FindingKind::UnreachableElement);
            } else {
                for position in losers {
                    self.note(Place::Component(at, position), FindingKind::UnreachableComponent);
                }
            }
        }
    }

    /// The coordinates that any element restricts.
    fn coordinates(&self) -> Vec<Coordinate> {
        let of_element = |element: &Element| {
            element.restrictions.map_or_else(Conditions::default, |found| found.conditions)
        };
        let conditions: Vec<Conditions> = self.tariff.elements.iter().map(of_element).collect();
        // Quantities begin at 0; times are those of one day and one week.
        let ranges: [(i64, i64); AXES] = [
            (0, 1_440),
            (0, 7),
            (i64::MIN, i64::MAX),
            (0, i64::MAX),
            (0, i64::MAX),
            (i64::MIN, i64::MAX),
            (0, i64::MAX),
        ];
        let mut coordinates = Vec::new();
        for (kind, (from, to)) in ranges.into_iter().enumerate() {
            let mut begins = vec![from];
            for stretch in conditions.iter().filter_map(|c| stretches(c, kind)).flatten() {
                begins
                    .extend([stretch.0, stretch.1].into_iter().filter(|at| *at > from && *at < to));
            }
            begins.sort_unstable();
            begins.dedup();
            if begins.len() == 1 && conditions.iter().all(|c| stretches(c, kind).is_none()) {
                continue;
            }
            let holds = conditions
                .iter()
                .flat_map(|c| {
                    let found = stretches(c, kind);
                    let hold = move |begin: &i64| {
                        found.as_ref().is_none_or(|found| {
                            found.iter().any(|(from, to)| from <= begin && begin < to)
                        })
                    };
                    begins.iter().map(hold).collect::<Vec<_>>()
                })
                .collect();
            coordinates.push(Coordinate { begins, holds });
        }
        coordinates
    }
}

/// Coordinates of the space: those of [`stretches`].
const AXES: usize = 7;

/// Where a condition holds on a coordinate; `None`: everywhere. Power and current are one coordinate each.
fn stretches(conditions: &Conditions, kind: usize) -> Option<Vec<(i64, i64)>> {
    let bounds = |min: Option<i64>, max: Option<i64>| {
        (min.is_some() || max.is_some())
            .then(|| vec![(min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX))])
    };
    match kind {
        0 => crate::rules::window(conditions).map(|found| found.to_vec()),
        1 => crate::rules::weekdays(conditions).map(|found| found.to_vec()),
        2 => bounds(
            conditions.dates.min.map(|d| d.unix_days()),
            conditions.dates.max.map(|d| d.unix_days()),
        ),
        3 => bounds(conditions.energy.min.map(|e| e.raw()), conditions.energy.max.map(|e| e.raw())),
        4 => bounds(conditions.elapsed.min, conditions.elapsed.max),
        5 => bounds(conditions.power.min.map(|p| p.raw()), conditions.power.max.map(|p| p.raw())),
        _ => {
            bounds(conditions.current.min.map(|c| c.raw()), conditions.current.max.map(|c| c.raw()))
        }
    }
}

/// The next cell, the first coordinate fastest.
fn step(cell: &mut [usize], coordinates: &[Coordinate]) {
    for (stretch, coordinate) in cell.iter_mut().zip(coordinates) {
        *stretch += 1;
        if *stretch < coordinate.begins.len() {
            return;
        }
        *stretch = 0;
    }
}
