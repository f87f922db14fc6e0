//! What the fuzz targets ask of any text and any bytes. It is written once, beside the tests that ask the same.

#[path = "../../crates/sheet/tests/it/any_bytes.rs"]
pub mod any_bytes;
#[path = "../../crates/vtl/tests/it/any_text.rs"]
pub mod any_text;
#[path = "../../crates/vtl/tests/it/form.rs"]
pub mod form;
#[path = "../../crates/sheet/tests/it/make.rs"]
pub mod make;
