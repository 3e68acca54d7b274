//! The fuzz targets. Each takes any bytes, must return, and asserts what its crate promises about them.
//!
//! Two drivers run them: libFuzzer (`fuzz/fuzz_targets`, see `fuzz/README.md`) and, on any toolchain,
//! `cargo test -p evse-fuzz-targets`, which replays `fuzz/corpus` and a fixed number of generated inputs.
#![allow(clippy::panic, clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing)]

mod gbt27930;
mod health_score;
mod iso15118;
#[path = "../../../crates/iso15118/examples/v2g/devices.rs"]
mod iso15118_devices;
mod iso15118_sessions;
mod load_scheduler;
mod ocpp;
mod ocpp_made;
mod tariff;
mod tariff_ocpi;

/// A target: its name (also that of its corpus folder and its libFuzzer binary) and its body.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const ALL: &[Target] = &[
    ("gbt27930_candump", gbt27930::candump),
    ("gbt27930_codec", gbt27930::codec),
    ("gbt27930_engines", gbt27930::engines),
    ("gbt27930_transport", gbt27930::transport),
    ("health_score_parameters", health_score::parameters),
    ("health_score_samples", health_score::samples),
    ("health_score_snapshot", health_score::snapshot),
    ("iso15118_app_protocol", iso15118::app_protocol),
    ("iso15118_certificates", iso15118_sessions::certificates),
    ("iso15118_din70121", iso15118::din70121),
    ("iso15118_iso2", iso15118::iso2),
    ("iso15118_iso20", iso15118::iso20),
    ("iso15118_iso20_ac", iso15118::iso20_ac),
    ("iso15118_iso20_acdp", iso15118::iso20_acdp),
    ("iso15118_iso20_dc", iso15118::iso20_dc),
    ("iso15118_iso20_wpt", iso15118::iso20_wpt),
    ("iso15118_sessions", iso15118_sessions::sessions),
    ("iso15118_slac", iso15118_sessions::slac),
    ("iso15118_v2gtp", iso15118::v2gtp),
    ("iso15118_xmldsig", iso15118::xmldsig),
    ("load_scheduler_allocate", load_scheduler::allocate_step),
    ("load_scheduler_site", load_scheduler::whole_site),
    ("load_scheduler_solve", load_scheduler::solve),
    ("ocpp_compose", ocpp_made::compose_any),
    ("ocpp_decode", ocpp::decode),
    ("ocpp_encode", ocpp_made::encode),
    ("ocpp_endpoint", ocpp::endpoint),
    ("ocpp_json", ocpp::json),
    ("ocpp_profile", ocpp::profile),
    ("tariff_decimal_text", tariff::decimal_text),
    ("tariff_json", tariff_ocpi::json),
    ("tariff_meter", tariff_ocpi::meter),
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
