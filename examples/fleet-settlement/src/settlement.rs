//! What a run gives: totals by tariff, the ledger and the refusals; the same bytes whoever worked it out.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use evse_tariff::settlement::ledger::Ledger;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::contract::{Bill, PARTIES};

/// Sums over settled sessions. Money in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Totals {
    pub(crate) sessions: u64,
    /// Unit µWh.
    pub(crate) energy_uwh: i128,
    pub(crate) net: i128,
    pub(crate) tax: i128,
    /// In the order of [`PARTIES`].
    pub(crate) shares: [i128; PARTIES.len()],
}

impl Totals {
    /// Of one session.
    pub(crate) fn of(energy_uwh: i64, bill: &Bill) -> Self {
        Self {
            sessions: 1,
            energy_uwh: energy_uwh.into(),
            net: bill.net.into(),
            tax: bill.tax.into(),
            shares: bill.shares.map(i128::from),
        }
    }

    /// Adds others; as many 64-bit amounts as there can be sessions fit into 128 bits.
    pub(crate) fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.energy_uwh += other.energy_uwh;
        self.net += other.net;
        self.tax += other.tax;
        for (share, more) in self.shares.iter_mut().zip(other.shares) {
            *share += more;
        }
    }

    const fn gross(&self) -> i128 {
        self.net + self.tax
    }

    fn to_json(self) -> Value {
        let shares = PARTIES.iter().zip(self.shares);
        json!({
            "sessions": self.sessions,
            // µWh is 10⁻⁹ kWh.
            "energy_kwh": Decimal(self.energy_uwh, 9).to_string(),
            "net": Decimal(self.net, 2).to_string(),
            "tax": Decimal(self.tax, 2).to_string(),
            "gross": Decimal(self.gross(), 2).to_string(),
            "shares": shares
                .map(|(party, share)| (*party, Decimal(share, 2).to_string()))
                .collect::<Value>(),
        })
    }
}

/// An integer of so many decimals.
pub(crate) struct Decimal(pub(crate) i128, pub(crate) usize);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value, places) = self;
        let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
        let (whole, decimals) = digits.split_at(digits.len() - places);
        f.pad_integral(*value >= 0, "", &format!("{whole}.{decimals}"))
    }
}

/// A record that was not settled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refused {
    pub(crate) session_id: Option<String>,
    pub(crate) reason: String,
}

/// The ledger being written: one entry a settled session, by session id.
pub(crate) struct Book {
    ledger: Ledger<Sha256>,
    currency: String,
    last: Option<String>,
    refused: Vec<Refused>,
}

impl Book {
    pub(crate) fn new(currency: &str) -> Self {
        Self {
            ledger: Ledger::new(),
            currency: currency.to_owned(),
            last: None,
            refused: Vec::new(),
        }
    }

    /// Charges a session whose id comes after all before.
    pub(crate) fn charge(&mut self, session_id: &str, net: i64, tax: i64) -> Result<()> {
        let last = self.last.get_or_insert_default();
        ensure!(
            self.ledger.next_sequence() == 0 || last.as_str() < session_id,
            "session {session_id} after {last}: the ledger is in the order of the ids"
        );
        last.clear();
        last.push_str(session_id);
        let gross = net.checked_add(tax).context("amount out of range")?;
        self.ledger.append("charge", session_id, gross, &self.currency)?;
        Ok(())
    }

    pub(crate) fn refuse(&mut self, session_id: Option<&str>, reason: String) {
        self.refused.push(Refused { session_id: session_id.map(str::to_owned), reason });
    }

    /// Closes the book against totals that were worked out apart from it.
    ///
    /// `rows` is how many records came; those that are neither settled nor refused are repetitions.
    pub(crate) fn close(
        mut self,
        rows: u64,
        by_tariff: BTreeMap<String, Totals>,
    ) -> Result<Settlement> {
        let mut total = Totals::default();
        by_tariff.values().for_each(|totals| total.add(totals));
        let entries = self.ledger.next_sequence();
        ensure!(
            total.sessions == entries && total.gross() == self.ledger.balance(),
            "totals of {} sessions and {}, but a ledger of {entries} and {}",
            total.sessions,
            total.gross(),
            self.ledger.balance()
        );
        let shared: i128 = total.shares.iter().sum();
        ensure!(shared == total.net, "shares of {shared} in {}", total.net);
        self.refused.sort();
        let refused = u64::try_from(self.refused.len())?;
        let repeated = rows.checked_sub(entries).and_then(|left| left.checked_sub(refused));
        Ok(Settlement {
            repeated: repeated.context("more sessions came out than went in")?,
            currency: self.currency,
            total,
            by_tariff,
            head: self.ledger.head().iter().map(|byte| format!("{byte:02x}")).collect(),
            refused: self.refused,
        })
    }
}

/// A fleet's sessions, settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settlement {
    currency: String,
    total: Totals,
    by_tariff: BTreeMap<String, Totals>,
    /// Records that came again, word for word.
    repeated: u64,
    refused: Vec<Refused>,
    /// Hash of the ledger's last entry, in hexadecimal.
    head: String,
}

impl Settlement {
    /// In the order of the ids.
    pub(crate) fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// Without anything of how it came about.
    pub(crate) fn to_json(&self) -> Value {
        let by_tariff = self.by_tariff.iter();
        json!({
            "currency": self.currency,
            "repeated": self.repeated,
            "refused": self.refused.len(),
            "total": self.total.to_json(),
            "by_tariff": by_tariff.map(|(id, totals)| (id.as_str(), totals.to_json())).collect::<Value>(),
            "ledger": {
                "entries": self.total.sessions,
                "balance": Decimal(self.total.gross(), 2).to_string(),
                "head": self.head,
            },
        })
    }
}

/// For people.
impl fmt::Display for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<12} {:>10} {:>16} {:>14} {:>14}", "tariff", "sessions", "kWh", "net", "tax")?;
        for party in PARTIES {
            write!(f, " {party:>14}")?;
        }
        let all = self.by_tariff.iter().map(|(id, totals)| (id.as_str(), totals));
        for (id, totals) in all.chain([("all", &self.total)]) {
            let (energy, net, tax) =
                (Decimal(totals.energy_uwh, 9), Decimal(totals.net, 2), Decimal(totals.tax, 2));
            // Whole watt-hours are enough for the eye.
            let energy = energy.to_string();
            let energy = energy.get(..energy.len() - 6).unwrap_or_default();
            write!(f, "\n{id:<12} {:>10} {energy:>16} {net:>14} {tax:>14}", totals.sessions)?;
            for share in totals.shares {
                write!(f, " {:>14}", Decimal(share, 2))?;
            }
        }
        let (entries, gross) = (self.total.sessions, Decimal(self.total.gross(), 2));
        write!(f, "\nledger: {entries} entries, {gross} {}, head {}", self.currency, self.head)?;
        write!(f, "\n{} repeated, {} refused", self.repeated, self.refused.len())
    }
}

/// A settlement and how long its two parts took.
#[derive(Debug)]
pub(crate) struct Timed {
    pub(crate) settlement: Settlement,
    pub(crate) totals_took: Duration,
    pub(crate) ledger_took: Duration,
}

/// How long it took, and where.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Measured {
    pub(crate) engine: &'static str,
    pub(crate) partitions: usize,
    pub(crate) sessions: u64,
    /// Until the engine was ready; not counted in the rate.
    pub(crate) start_up_ms: u64,
    pub(crate) totals_ms: u64,
    pub(crate) ledger_ms: u64,
    pub(crate) sessions_per_second: u64,
    /// Records that each executor settled, both statements together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) executors: Vec<u64>,
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { engine, partitions, sessions_per_second, totals_ms, ledger_ms, .. } = self;
        write!(f, "{engine}, {partitions} partitions: {sessions_per_second} sessions/s")?;
        write!(f, " ({totals_ms} ms for the totals, {ledger_ms} ms for the ledger)")?;
        if !self.executors.is_empty() {
            write!(f, "; records settled by each executor: {:?}", self.executors)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(sessions: &[(&str, i64)]) -> Book {
        let mut book = Book::new("EUR");
        for (id, net) in sessions {
            book.charge(id, *net, 0).unwrap();
        }
        book
    }

    /// Totals of that net, all of it the operator's.
    fn totals(sessions: u64, net: i128) -> BTreeMap<String, Totals> {
        let totals = Totals { sessions, net, shares: [net, 0, 0], ..Totals::default() };
        BTreeMap::from([("T".to_owned(), totals)])
    }

    #[test]
    fn decimals_are_exact() {
        for (value, places, text) in [
            (0, 2, "0.00"),
            (-5, 2, "-0.05"),
            (123_456, 2, "1234.56"),
            (1, 9, "0.000000001"),
            (i128::MIN, 2, "-1701411834604692317316873037158841057.28"),
        ] {
            assert_eq!(Decimal(value, places).to_string(), text);
        }
        assert_eq!(format!("{:>8}", Decimal(-5, 2)), "   -0.05");
    }

    #[test]
    fn a_ledger_out_of_order_is_not_written() {
        for second in ["b", "a"] {
            assert!(book(&[("b", 1)]).charge(second, 1, 0).is_err());
        }
        assert!(book(&[("", 1)]).charge("a", 1, 0).is_ok());
        assert!(book(&[("", 1)]).charge("", 1, 0).is_err());
    }

    #[test]
    fn totals_that_contradict_the_ledger_are_found() {
        let closed = |rows, totals| book(&[("a", 7), ("b", 3)]).close(rows, totals);
        assert_eq!(closed(3, totals(2, 10)).unwrap().repeated, 1);
        assert!(closed(2, totals(2, 11)).is_err());
        assert!(closed(2, totals(1, 10)).is_err());
        assert!(closed(1, totals(2, 10)).is_err(), "more than came");
        let mut shared_wrongly = totals(2, 10);
        shared_wrongly.get_mut("T").unwrap().shares = [9, 0, 0];
        assert!(closed(2, shared_wrongly).is_err());
    }
}
