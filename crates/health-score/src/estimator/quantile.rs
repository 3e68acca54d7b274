//! A running quantile with five markers.

/// The P-square algorithm (Jain and Chlamtac 1985): one quantile of a stream from five markers, whatever its length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    share: f64,
    heights: [f64; 5],
    /// Positions of the markers, from 1.
    positions: [f64; 5],
    count: u32,
}

impl Quantile {
    /// The quantile `share`, taken as the nearer end outside 0 to 1.
    #[must_use]
    pub fn new(share: f64) -> Self {
        let share = if share.is_nan() { 0.5 } else { share.clamp(0.0, 1.0) };
        Self { share, heights: [0.0; 5], positions: [1.0, 2.0, 3.0, 4.0, 5.0], count: 0 }
    }

    /// Takes in a value.
    pub fn update(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        if let Some(slot) = self.heights.get_mut(self.count as usize) {
            *slot = value;
            self.count += 1;
            if self.count == 5 {
                self.heights.sort_unstable_by(f64::total_cmp);
            }
            return;
        }
        self.count = self.count.saturating_add(1);
        self.place(value);
        self.adjust();
    }

    /// Widens the outer markers if need be and shifts those above the value.
    fn place(&mut self, value: f64) {
        let [lowest, .., highest] = &mut self.heights;
        *lowest = lowest.min(value);
        *highest = highest.max(value);
        for (height, position) in self.heights.iter().zip(&mut self.positions).skip(1) {
            *position += f64::from(u8::from(*height > value));
        }
        // The highest marker stands at the count, also when the value is the highest.
        let [.., last] = &mut self.positions;
        *last = f64::from(self.count);
    }

    /// Moves the three inner markers towards where they should be.
    fn adjust(&mut self) {
        let last = f64::from(self.count) - 1.0;
        let shares = [0.5 * self.share, self.share, 0.5 + 0.5 * self.share];
        for (inner, share) in shares.into_iter().enumerate() {
            let heights: [f64; 3] = triple(&self.heights, inner);
            let positions: [f64; 3] = triple(&self.positions, inner);
            let [below, at, above] = positions;
            let wanted = 1.0 + last * share - at;
            let step = if wanted >= 1.0 && above - at > 1.0 {
                1.0
            } else if wanted <= -1.0 && below - at < -1.0 {
                -1.0
            } else {
                continue;
            };
            let moved = parabolic(heights, positions, step);
            if let (Some(height), Some(position)) =
                (self.heights.get_mut(inner + 1), self.positions.get_mut(inner + 1))
            {
                *height = moved;
                *position += step;
            }
        }
    }

    /// The quantile, `None` before the first value.
    #[must_use]
    pub fn get(&self) -> Option<f64> {
        match self.count {
            0 => None,
            1..5 => {
                let mut first = self.heights;
                let known = first.get_mut(..self.count as usize)?;
                known.sort_unstable_by(f64::total_cmp);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a share of at most four"
                )]
                let at = (self.share * f64::from(self.count - 1) + 0.5) as usize;
                known.get(at).copied()
            }
            _ => self.heights.get(2).copied(),
        }
    }
}

fn triple(list: &[f64; 5], from: usize) -> [f64; 3] {
    core::array::from_fn(|offset| list.get(from + offset).copied().unwrap_or(0.0))
}

/// The marker's new height by a parabola, or by a line where that would leave the order.
fn parabolic([low, at, high]: [f64; 3], [below, here, above]: [f64; 3], step: f64) -> f64 {
    let up = (here - below + step) * (high - at) / (above - here);
    let down = (above - here - step) * (at - low) / (here - below);
    let curved = at + step / (above - below) * (up + down);
    if low < curved && curved < high {
        return curved;
    }
    let (other, there) = if step > 0.0 { (high, above) } else { (low, below) };
    at + step * (other - at) / (there - here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_shuffled_ramp() {
        for share in [0.05, 0.5, 0.9, 0.99] {
            let mut quantile = Quantile::new(share);
            // 7919 is prime to 10,000: every number once, in no order.
            for index in 0..10_000u32 {
                quantile.update(f64::from(index * 7_919 % 10_000));
                quantile.update(f64::NAN);
            }
            let found = quantile.get().unwrap();
            assert!((found - 10_000.0 * share).abs() < 60.0, "{share}: {found}");
        }
    }

    #[test]
    fn of_few_values() {
        let mut quantile = Quantile::new(0.5);
        assert_eq!(quantile.get(), None);
        quantile.update(3.0);
        assert_eq!(quantile.get(), Some(3.0));
        quantile.update(1.0);
        quantile.update(2.0);
        assert_eq!(quantile.get(), Some(2.0));
    }
}
