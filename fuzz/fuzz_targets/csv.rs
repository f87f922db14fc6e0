//! Any bytes as a table of text: csv, tsv and gzip, in any encoding.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| youju_fuzz::any_bytes::table(bytes));
