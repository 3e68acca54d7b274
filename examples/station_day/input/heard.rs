//! What a log tells of a charge point beside its sessions: how long it was cut off, what it reported broken, and which
//! sessions it broke off.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

/// An event that nothing follows for longer than this was kept back.
const KEPT_BACK: TimeDelta = TimeDelta::seconds(60);

/// One charge point's day as its messages show it.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// Own time stamp and arrival of every message that has both.
    messages: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// `ChargePointErrorCode`s but `NoError`, and how often each was reported.
    pub faults: BTreeMap<String, u32>,
    /// By connector, the newest state: when, and what is wrong if anything is.
    states: BTreeMap<i64, (Option<DateTime<Utc>>, Option<String>)>,
    /// Transactions that the charge point ended for a fault of its own or of its supply.
    pub broken_off: u32,
}

impl Heard {
    /// A message of an event at `at` arrived.
    pub fn arrived(&mut self, at: DateTime<Utc>, received: DateTime<Utc>) {
        self.messages.push((at, received));
    }

    /// A connector (0: the charge point itself) reported an error code.
    pub fn reported(&mut self, connector: i64, at: Option<DateTime<Utc>>, code: &str) {
        let fault = (code != "NoError").then(|| code.to_owned());
        if fault.is_some() {
            *self.faults.entry(code.to_owned()).or_default() += 1;
        }
        let state = self.states.entry(connector).or_default();
        // What comes late says nothing of now.
        if at >= state.0 {
            *state = (at, fault);
        }
    }

    /// What is wrong at the end of the day.
    pub fn still_wrong(&self) -> impl Iterator<Item = &str> {
        self.states.values().filter_map(|(_, fault)| fault.as_deref())
    }

    /// Time in which events waited for a connection: from each to the next arrival of anything, overlaps once. The
    /// least delay of all is taken for the error of the charge point's clock.
    pub fn cut_off(&self) -> TimeDelta {
        let Some(clock) = self.messages.iter().map(|(at, received)| *received - *at).min() else {
            return TimeDelta::zero();
        };
        let mut arrivals: Vec<_> = self.messages.iter().map(|(_, received)| *received).collect();
        arrivals.sort_unstable();
        let mut events: Vec<_> = self.messages.iter().map(|(at, _)| *at + clock).collect();
        events.sort_unstable();
        let mut until = DateTime::<Utc>::MIN_UTC;
        let mut sum = TimeDelta::zero();
        for at in events {
            let next = arrivals.partition_point(|arrival| *arrival < at);
            let Some(heard) = arrivals.get(next).filter(|heard| **heard - at > KEPT_BACK) else {
                continue;
            };
            sum += (*heard - at.max(until)).max(TimeDelta::zero());
            until = *heard;
        }
        sum
    }

    /// From the first arrival to the last.
    pub fn span(&self) -> TimeDelta {
        let arrivals = || self.messages.iter().map(|(_, received)| *received);
        match (arrivals().min(), arrivals().max()) {
            (Some(first), Some(last)) => last - first,
            _ => TimeDelta::zero(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(from: &[(i64, i64)]) -> Heard {
        let at = |minute| DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        let mut heard = Heard::default();
        from.iter().for_each(|(event, arrival)| heard.arrived(at(*event), at(*arrival)));
        heard
    }

    #[test]
    fn an_outage_lasts_until_anything_arrives() {
        let day = minutes(&[(0, 0), (10, 40), (20, 40), (30, 49), (50, 50)]);
        assert_eq!((day.cut_off(), day.span()), (TimeDelta::minutes(30), TimeDelta::minutes(50)));
    }

    #[test]
    fn a_fault_lasts_until_its_connector_says_otherwise() {
        let at = |minute| Some(DateTime::UNIX_EPOCH + TimeDelta::minutes(minute));
        let mut heard = Heard::default();
        heard.reported(1, at(5), "HighTemperature");
        heard.reported(2, at(6), "NoError");
        heard.reported(1, at(4), "NoError");
        assert_eq!(heard.still_wrong().collect::<Vec<_>>(), ["HighTemperature"]);
        heard.reported(1, at(9), "NoError");
        assert_eq!(heard.still_wrong().count(), 0);
        assert_eq!(heard.faults["HighTemperature"], 1);
    }

    #[test]
    fn two_outages_add_up() {
        assert_eq!(
            minutes(&[(0, 0), (10, 15), (60, 80), (70, 80)]).cut_off(),
            TimeDelta::minutes(25)
        );
    }

    #[test]
    fn a_clock_that_is_wrong_is_no_outage() {
        for error in [-7, 7] {
            assert_eq!(
                minutes(&[(error, 0), (10 + error, 10), (20 + error, 20)]).cut_off(),
                TimeDelta::zero()
            );
        }
        assert_eq!(Heard::default().cut_off(), TimeDelta::zero());
    }
}
