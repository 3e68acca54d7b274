//! Replays every fuzz target on its stored corpus and on a fixed number of generated inputs.

use std::path::Path;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Inputs generated for each target, besides its corpus, unless `EVSE_FUZZ_CASES` says otherwise. The generator is seeded
/// with a constant. `EVSE_FUZZ_TARGET` picks the targets whose names begin so.
const GENERATED: u32 = 2_000;
const LONGEST: usize = 1_024;

#[test]
fn every_target_survives_its_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    for (name, target) in evse_fuzz_targets::ALL {
        let folder = corpus.join(name);
        let mut files: Vec<_> = std::fs::read_dir(&folder)
            .unwrap_or_else(|e| panic!("{}: every target has a corpus: {e}", folder.display()))
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        assert!(!files.is_empty(), "{} is empty", folder.display());
        for file in files {
            target(&std::fs::read(&file).unwrap());
        }
    }
}

#[test]
fn every_target_survives_generated_inputs() {
    let cases = std::env::var("EVSE_FUZZ_CASES").ok().and_then(|n| n.parse().ok());
    let cases = cases.unwrap_or(GENERATED);
    let begins = std::env::var("EVSE_FUZZ_TARGET").unwrap_or_default();
    for (name, target) in evse_fuzz_targets::ALL.iter().filter(|(n, _)| n.starts_with(&begins)) {
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let mut runner =
            TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let inputs = proptest::collection::vec(proptest::num::u8::ANY, 0..LONGEST);
        runner
            .run(&inputs, |data| {
                target(&data);
                Ok(())
            })
            .unwrap_or_else(|e| panic!("{name}: {e}"));
    }
}

#[test]
fn every_target_has_a_libfuzzer_driver() {
    let drivers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz_targets");
    let mut found: Vec<_> = std::fs::read_dir(drivers)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    found.sort();
    let mut expected: Vec<_> =
        evse_fuzz_targets::ALL.iter().map(|(name, _)| (*name).to_string()).collect();
    expected.sort();
    assert_eq!(found, expected);
}
