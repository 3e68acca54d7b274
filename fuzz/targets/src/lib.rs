//! The fuzz targets. Each takes any bytes, must return, and asserts what its crate promises about them.
//!
//! Two drivers run them: libFuzzer (`fuzz/fuzz_targets`, see `fuzz/README.md`) and, on any toolchain,
//! `cargo test -p evse-fuzz-targets`, which replays `fuzz/corpus` and a fixed number of generated inputs.
#![allow(clippy::panic, clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing)]

mod gbt27930;
mod load_scheduler;
mod ocpp;
mod tariff;

/// A target: its name (also that of its corpus folder and its libFuzzer binary) and its body.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const ALL: &[Target] = &[
    ("gbt27930_candump", gbt27930::candump),
    ("gbt27930_codec", gbt27930::codec),
    ("gbt27930_engines", gbt27930::engines),
    ("gbt27930_transport", gbt27930::transport),
    ("load_scheduler_allocate", load_scheduler::allocate_step),
    ("load_scheduler_site", load_scheduler::whole_site),
    ("load_scheduler_solve", load_scheduler::solve),
    ("ocpp_decode", ocpp::decode),
    ("ocpp_endpoint", ocpp::endpoint),
    ("ocpp_profile", ocpp::profile),
    ("tariff_decimal_text", tariff::decimal_text),
    ("tariff_session", tariff::session),
];

/// Runs the target of that name; what the libFuzzer drivers call.
///
/// # Panics
/// There is no target of that name, or the target found a defect.
pub fn run(name: &str, data: &[u8]) {
    let (_, target) = ALL.iter().find(|(known, _)| *known == name).expect("a target of that name");
    target(data);
}
