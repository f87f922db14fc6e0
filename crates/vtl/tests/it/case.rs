//! The format of the case files, and batches for tests.

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use std::path::PathBuf;
use std::sync::Arc;
use youju_vtl::{Record, Scalar, Schema, Type};

/// All files of a folder of cases, in order.
pub fn files(folder: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| (path.display().to_string(), std::fs::read_to_string(&path).unwrap());
    let files: Vec<_> = paths.into_iter().map(read).collect();
    assert!(!files.is_empty(), "no cases in {}", folder.display());
    files
}

/// The text after the line `=== name`, up to the next such line.
pub fn section<'a>(text: &'a str, name: &str) -> &'a str {
    let head = format!("=== {name}\n");
    let Some(start) = text.find(&head) else { return "" };
    let rest = &text[start + head.len()..];
    rest.find("\n=== ").map_or(rest, |end| &rest[..=end])
}

/// `name:type` pairs, separated by commas.
pub fn schema(line: &str) -> Schema {
    Schema::new(line.split(',').map(|pair| {
        let (name, kind) = pair.trim().rsplit_once(':').unwrap();
        let kind = match kind.trim() {
            "integer" => Type::Integer,
            "number" => Type::Number,
            "boolean" => Type::Boolean,
            "string" => Type::String,
            "date" => Type::Date,
            "time_period" => Type::TimePeriod,
            "time" => Type::Time,
            "duration" => Type::Duration,
            other => panic!("unknown type {other}"),
        };
        (name.trim().to_owned(), kind)
    }))
}

/// A value as written in a case: nothing is null, `""` the empty text.
pub fn scalar(text: &str, kind: Type) -> Scalar {
    let text = text.trim();
    match kind {
        _ if text.is_empty() => Scalar::Null,
        Type::Boolean => Scalar::Boolean(text == "true"),
        Type::String => Scalar::text(text.trim_matches('"')),
        _ => Scalar::parse(text, kind).unwrap_or_else(|| panic!("not a {kind:?}: {text}")),
    }
}

/// One record from cells in the order of the schema.
pub fn record(schema: &Schema, line: &str) -> Record {
    let cells: Vec<&str> = line.split(',').collect();
    assert_eq!(cells.len(), schema.components().len(), "cells in {line:?}");
    schema.components().iter().zip(cells).map(|((name, kind), cell)| (name.clone(), scalar(cell, *kind))).collect()
}

/// Columns for records: numbers become Decimal128 with the given scale, or as many places as needed.
pub fn batch(schema: &Schema, records: &[Record], scale: u8) -> RecordBatch {
    let columns = schema.components().iter().map(|(name, kind)| {
        let values = records.iter().map(|record| record.get(name).cloned().unwrap_or_default());
        (name.clone(), column(*kind, &values.collect::<Vec<_>>(), scale), true)
    });
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

fn column(kind: Type, values: &[Scalar], scale: u8) -> ArrayRef {
    match kind {
        Type::Integer => {
            Arc::new(values.iter().map(|v| v.decimal().map(|(d, _)| i64::try_from(d).unwrap())).collect::<Int64Array>())
        }
        Type::Number => {
            let needed = values.iter().filter_map(Scalar::decimal).map(|(_, scale)| scale).max().unwrap_or(0);
            let scale = scale.max(needed);
            let digits = values.iter().map(|v| v.decimal().map(|(d, s)| d * 10_i128.pow(u32::from(scale - s))));
            let array = digits.collect::<Decimal128Array>();
            Arc::new(array.with_precision_and_scale(38, i8::try_from(scale).unwrap()).unwrap())
        }
        Type::Boolean => Arc::new(
            values.iter().map(|v| if let Scalar::Boolean(b) = v { Some(*b) } else { None }).collect::<BooleanArray>(),
        ),
        Type::String => Arc::new(
            values
                .iter()
                .map(|v| if let Scalar::Text(t) = v { Some(t.as_str()) } else { None })
                .collect::<StringArray>(),
        ),
        Type::TimePeriod | Type::Time | Type::Duration => {
            Arc::new(values.iter().map(|v| v.kind().map(|_| v.to_string())).collect::<StringArray>())
        }
        Type::Date => Arc::new(
            values.iter().map(|v| if let Scalar::Date(d) = v { Some(*d) } else { None }).collect::<Date32Array>(),
        ),
    }
}
