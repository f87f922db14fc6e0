//! Any text as one expression: what the lexer makes of it, and the places of mistakes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| youju_fuzz::any_text::expression(&String::from_utf8_lossy(bytes)));
