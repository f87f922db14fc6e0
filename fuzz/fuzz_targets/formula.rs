//! Any text as 审核公式: printed, exported, compiled, judged.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| youju_fuzz::any_text::formulas(&String::from_utf8_lossy(bytes)));
