//! Estimators of constant memory, for whoever builds an indicator of his own.
//!
//! Each takes one value at a time and counts what is not a finite number instead of taking it in: a NaN from a broken sensor
//! must not stay in a running mean for ever. None alarms by itself; on charger data plain z-scores alarm tens of times a
//! charger-year, because seasons, customers and cleaning make the residuals drift. [`crate::degradation`] says what works.

mod change;
mod quantile;
mod regression;
mod smooth;

pub use change::{Cusum, Direction, PageHinkley};
pub use quantile::Quantile;
pub use regression::{Rls, TheilSen};
pub use smooth::{Ewma, Holt, Kalman, Spread};
