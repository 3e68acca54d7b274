//! Fault knowledge: from a code to its root cause, who is responsible, what helps, and in which order to go there.

pub mod causes;
mod dispatch;
pub mod lists;
mod rules;

pub use dispatch::{SpareDemand, priority};
pub use rules::{Blame, Clearing, Flapping, SiteWide};

use crate::anomaly::Severity;
use crate::item::Item;

/// Who must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Party {
    /// The operator of the charger.
    Station,
    /// The vehicle's owner or maker.
    Vehicle,
    /// The user.
    User,
    /// The grid's operator.
    Grid,
    /// The owner of the site.
    Site,
    /// The platform.
    Platform,
    /// Not known before somebody looks.
    Unknown,
}

/// Whether it can be helped from afar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Remote {
    /// Nothing needs to be done.
    NotNeeded,
    /// It clears by itself.
    SelfClearing,
    /// Trying again may help.
    Retry,
    /// A reset may help.
    Reset,
    /// Configuration helps.
    Configure,
    /// Somebody must go there.
    OnSite,
}

impl Remote {
    /// Whether nobody needs to go there.
    #[must_use]
    pub const fn is_recoverable(self) -> bool {
        !matches!(self, Self::OnSite)
    }
}

/// What somebody who goes there must be able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Skill {
    /// Nobody goes.
    None,
    /// Anyone.
    Anyone,
    /// Somebody at a desk.
    Remote,
    /// Cleaning.
    Cleaner,
    /// Electrician.
    Electrician,
    /// Technician for DC equipment.
    DcTechnician,
    /// Metering.
    Metering,
}

/// A root cause and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cause {
    /// Short name, stable over versions.
    pub key: &'static str,
    /// The item of the score that it shows in.
    pub item: Option<Item>,
    /// How grave.
    pub severity: Severity,
    /// Highest score while it is active, points.
    pub cap: u8,
    /// Who must act.
    pub party: Party,
    /// Whether it can be helped from afar.
    pub remote: Remote,
    /// What to do.
    pub action: &'static str,
    /// Spare part to bring, empty for none.
    pub spare: &'static str,
    /// Who to send.
    pub skill: Skill,
}

impl Cause {
    /// The veto that it puts on the score; `None` where it does not cap.
    #[must_use]
    pub fn veto(&self) -> Option<crate::Veto> {
        (self.cap < 100).then(|| crate::Veto { cap: f64::from(self.cap), reason: self.key })
    }
}

/// A code of a list. Users make their own for lists that are not built in, with their own causes or built-in ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Code<'a> {
    /// As it is sent.
    pub code: &'a str,
    /// What it means.
    pub name: &'a str,
    /// Its root cause.
    pub cause: &'a Cause,
    /// Whether the name could be held against a source; `false`: from memory.
    pub verified: bool,
}

/// A built-in code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// OCPP 1.6 `ChargePointErrorCode`.
    Ocpp16,
    /// ChargeX minimum required error codes.
    ChargeX,
    /// State Grid stop reasons.
    SgccStop,
    /// State Grid DC fault numbers.
    SgccDc,
    /// State Grid AC fault numbers.
    SgccAc,
    /// EVerest `power_supply_DC`.
    EverestPowerSupply,
    /// EVerest `evse_board_support`.
    EverestBoard,
    /// OCPP 2.x component and variable.
    Ocpp2,
    /// GB/T 27930 BST, CST, BEM, CEM.
    Gbt27930,
}

impl List {
    /// Its codes.
    #[must_use]
    pub fn codes(self) -> &'static [Code<'static>] {
        lists::ALL.iter().find(|(list, _)| *list == self).map_or(&[], |(_, codes)| codes)
    }

    /// The code's row. State Grid numbers also match without leading zeros.
    #[must_use]
    pub fn find(self, code: &str) -> Option<&'static Code<'static>> {
        find(self.codes(), code)
    }
}

/// The row of a code in a list, the caller's or a built-in one.
#[must_use]
pub fn find<'a>(codes: &'a [Code<'a>], code: &str) -> Option<&'a Code<'a>> {
    let short = |text: &str| text.parse::<u32>().ok();
    codes.iter().find(|row| row.code == code).or_else(|| {
        codes.iter().find(|row| short(row.code).is_some() && short(row.code) == short(code))
    })
}

/// Share of causes, one entry a fault that occurred, that were helped or could be helped without going there; `None` for none.
/// The aim in the white paper is 0.9.
#[must_use]
pub fn remote_share<'a>(occurred: impl IntoIterator<Item = &'a Cause>) -> Option<f64> {
    let (mut remote, mut all) = (0u32, 0u32);
    for cause in occurred {
        all += 1;
        remote += u32::from(cause.remote.is_recoverable());
    }
    (all > 0).then(|| f64::from(remote) / f64::from(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_and_unique() {
        for (list, codes) in lists::ALL {
            for row in *codes {
                assert_eq!(list.find(row.code), Some(row));
                assert_eq!(
                    codes.iter().filter(|other| other.code == row.code).count(),
                    1,
                    "{}",
                    row.code
                );
            }
        }
        let keys = || causes::ALL.iter().map(|cause| cause.key);
        assert!(keys().all(|key| keys().filter(|other| *other == key).count() == 1));
        assert_eq!(List::SgccDc.find("07").map(|row| row.cause.key), Some("meter"));
        assert_eq!(List::Ocpp16.find("NoSuchCode"), None);
        let share = remote_share([&causes::METER, &causes::SMOKE]).unwrap();
        assert!((share - 0.5).abs() < 1e-12 && remote_share([]).is_none());
    }

    #[test]
    fn a_user_adds_a_list() {
        let own = [Code {
            code: "E42",
            name: "pump dry",
            cause: &causes::GUN_TEMP_DERATE,
            verified: true,
        }];
        assert_eq!(
            find(&own, "E42").map(|row| row.cause.item),
            Some(Some(Item::CabinetTemperature))
        );
    }
}
