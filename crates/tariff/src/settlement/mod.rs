//! Settlement: sharing, clearing, checking and recording amounts so that nothing is lost.
//!
//! Amounts are whole minor units (fen, cents) in `i64`; sums that could outgrow them are `i128`.

#[cfg(feature = "alloc")]
mod invoice;
#[cfg(feature = "digest")]
pub mod ledger;
#[cfg(feature = "alloc")]
mod netting;
#[cfg(feature = "alloc")]
mod posting;
#[cfg(feature = "std")]
mod reconcile;
mod split;
mod waterfall;

#[cfg(feature = "alloc")]
pub use invoice::{DraftLine, InvoiceLine, TaxPolicy, apportion, draft, invoice};
#[cfg(feature = "alloc")]
pub use netting::{NettingOverflow, Obligation, bilateral, payments, positions};
#[cfg(feature = "alloc")]
pub use posting::{CorrectionError, Outcome, PostingKey, PostingKind, Postings};
#[cfg(feature = "std")]
pub use reconcile::{CarryOver, Class, Finding, Order, Reconciliation, Side, Tolerance, reconcile};
pub use split::{SplitError, refund, split};
pub use waterfall::{PartsPerMillion, Take, WaterfallError, waterfall};
