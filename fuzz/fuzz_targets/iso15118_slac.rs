#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| evse_fuzz_targets::run("iso15118_slac", data));
