//! Bytes through the compiler: errors or a valid module, never a panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    kukri_tests::fuzz::compile_any(bytes);
});
