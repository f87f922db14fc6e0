//! Any bytes inside a workbook: the container itself, the records of an old one, the parts of a new one.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| youju_fuzz::any_bytes::workbook(bytes));
