//! Any text as a script: printed, formatted, compiled, judged.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| youju_fuzz::any_text::script(&String::from_utf8_lossy(bytes)));
