//! The built-in tables against the fault map that they were made from.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::float_cmp,
    clippy::print_stderr,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "test helpers: a failed unwrap is the failed assertion, and the tool's readers are used as they are"
)]

mod common;

use evse_health_score::Item;
use evse_health_score::fault::{List, Party, Remote, Skill, causes, lists, remote_share};

const LISTS: [(&str, List); 7] = [
    ("ocpp1.6", List::Ocpp16),
    ("chargex-mrec", List::ChargeX),
    ("sgcc-stop", List::SgccStop),
    ("sgcc-dc", List::SgccDc),
    ("sgcc-ac", List::SgccAc),
    ("everest-power_supply_DC", List::EverestPowerSupply),
    ("everest-evse_board_support", List::EverestBoard),
];

fn party(party: Party) -> &'static str {
    match party {
        Party::Station => "station",
        Party::Vehicle => "vehicle",
        Party::User => "user",
        Party::Grid => "grid",
        Party::Site => "site",
        Party::Platform => "platform",
        Party::Unknown => "unknown",
    }
}

fn remote(remote: Remote) -> &'static str {
    match remote {
        Remote::NotNeeded => "none",
        Remote::SelfClearing => "self",
        Remote::Retry => "retry",
        Remote::Reset => "reset",
        Remote::Configure => "config",
        Remote::OnSite => "no",
    }
}

fn skill(skill: Skill) -> &'static str {
    match skill {
        Skill::None => "none",
        Skill::Anyone => "any",
        Skill::Remote => "remote",
        Skill::Cleaner => "cleaner",
        Skill::Electrician => "electrician",
        Skill::DcTechnician => "dc-technician",
        Skill::Metering => "metering",
    }
}

#[test]
fn every_row_is_there_and_no_other() {
    let Some(path) = common::shared("fault_map.csv") else { return };
    let mut rows = 0;
    for row in csv::Reader::from_path(path).unwrap().records() {
        let row = row.unwrap();
        rows += 1;
        let list = LISTS.iter().find(|(name, _)| *name == &row[0]).unwrap().1;
        let code = list.find(&row[1]).unwrap_or_else(|| panic!("{row:?}"));
        let cause = code.cause;
        let item = cause.item.map_or("-", Item::id);
        let spare = if cause.spare.is_empty() { "none" } else { cause.spare };
        let ours = [
            code.code,
            code.name,
            cause.key,
            item,
            &cause.severity.number().to_string(),
            &cause.cap.to_string(),
            party(cause.party),
            remote(cause.remote),
            cause.action,
            spare,
            skill(cause.skill),
        ];
        let theirs: Vec<&str> = row.iter().skip(1).take(11).collect();
        assert_eq!(ours.as_slice(), theirs);
        assert_eq!(code.verified, row[12].is_empty());
    }
    let ours: usize = LISTS.iter().map(|(_, list)| list.codes().len()).sum();
    assert_eq!(ours, rows);
}

/// The share of codes that need nobody to go there: not a forecast, which needs the codes that occur.
#[test]
fn remote_share_of_the_lists() {
    let occurred = lists::ALL.iter().flat_map(|(_, codes)| codes.iter().map(|code| code.cause));
    let share = remote_share(occurred).unwrap();
    assert!((0.6..0.8).contains(&share), "{share}");
    assert!(causes::ALL.len() >= 55);
}
