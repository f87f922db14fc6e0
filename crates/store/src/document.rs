//! Documents in JSON columns. A document that cannot be read is a fault that names its column.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_json::value::{RawValue, to_raw_value};

use crate::error::{Result, StoreError};

pub(crate) fn to_document<T: Serialize>(column: &'static str, value: &T) -> Result<Json> {
    serde_json::to_value(value).map_err(|error| StoreError::fault(format!("写入 {column}"), error))
}

/// A large document, written without a tree of values in between.
pub(crate) fn to_text<T: Serialize + ?Sized>(column: &'static str, value: &T) -> Result<Box<RawValue>> {
    to_raw_value(value).map_err(|error| StoreError::fault(format!("写入 {column}"), error))
}

pub(crate) fn from_document<T: DeserializeOwned>(column: &'static str, document: Json) -> Result<T> {
    serde_json::from_value(document).map_err(|error| StoreError::fault(format!("读取 {column}"), error))
}
