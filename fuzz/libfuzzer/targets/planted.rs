#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = funfair_fuzz::planted(bytes);
});
