//! Device-model reports, which come in parts.
//!
//! Source: 2.0.1 and 2.1 use cases B06 to B08: `NotifyReport` and its kin carry `requestId`, `seqNo` from 0, and `tbc`
//! while more follows.

use crate::message::Text;

/// Names of components, variables and their instances ignore the case of ASCII letters.
#[must_use]
pub fn same_name(a: Text<'_>, b: Text<'_>) -> bool {
    a.eq_ignore_case(&b)
}

/// Which parts of one report have come. The parts themselves stay with the caller, who keeps them by `seqNo`.
#[derive(Debug, Clone)]
pub struct ReportParts<const N: usize> {
    request: i64,
    seen: [bool; N],
    last: Option<usize>,
}

/// What a part was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartOutcome {
    /// New, and more are to come.
    Kept,
    /// New, and the report is whole: read the parts in order of `seqNo`.
    Complete,
    /// It came before.
    Duplicate,
    /// It belongs to another request.
    OtherRequest,
    /// Its number is negative, beyond `N` or beyond the last part.
    OutOfRange,
}

impl<const N: usize> ReportParts<N> {
    /// Waits for the report of this request.
    #[must_use]
    pub const fn new(request: i64) -> Self {
        Self { request, seen: [false; N], last: None }
    }

    /// Takes a part, in whatever order; `tbc` (to be continued) is false in the last one.
    pub fn take(&mut self, request: i64, seq_no: i64, tbc: bool) -> PartOutcome {
        if request != self.request {
            return PartOutcome::OtherRequest;
        }
        let Ok(index) = usize::try_from(seq_no) else {
            return PartOutcome::OutOfRange;
        };
        let highest = self.seen.iter().rposition(|seen| *seen);
        let beyond = self.last.is_some_and(|last| index > last);
        let early_end = !tbc && highest.is_some_and(|highest| highest > index);
        let Some(seen) = self.seen.get_mut(index).filter(|_| !beyond && !early_end) else {
            return PartOutcome::OutOfRange;
        };
        if *seen {
            return PartOutcome::Duplicate;
        }
        *seen = true;
        if !tbc {
            self.last = Some(index);
        }
        let whole = self.last.is_some_and(|last| self.seen.iter().take(last + 1).all(|seen| *seen));
        if whole { PartOutcome::Complete } else { PartOutcome::Kept }
    }
}
