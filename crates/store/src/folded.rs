//! The cells of a report as their column holds them. Most cells of a report were written by one person in one go, so people and
//! instants stand once, under `#`, and a cell names them by their place:
//!
//! ```json
//! {"#": {"by": ["0190…"], "at": ["2026-03-02T01:00:00Z"]}, "c301": {"value": {"number": "12"}, "by": 0, "at": 0}}
//! ```
//!
//! A cell without a state is 填报. Documents from before, with person and instant in every cell, are read as well.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use youju_domain::Instant;
use youju_domain::id::PersonId;
use youju_domain::report::{Cell, CellId, Cells, Derivation, Value, ValueState};

use crate::db::{Document, Row};
use crate::document::to_text;
use crate::error::Result;

/// The key of people and instants; no cell has it.
const LEGEND: &str = "#";

/// The document of cells for a column.
pub(crate) fn write(column: &'static str, cells: &Cells) -> Result<Box<RawValue>> {
    to_text(column, &Folded(cells))
}

/// The cells of a column.
pub(crate) fn read(row: &Row, column: &str) -> Result<Cells> {
    Ok(row.get::<Document<Unfolded>>(column)?.0.0)
}

/// The cells of a column that may be null.
pub(crate) fn maybe(row: &Row, column: &str) -> Result<Option<Cells>> {
    Ok(row.get::<Option<Document<Unfolded>>>(column)?.map(|document| document.0.0))
}

struct Folded<'a>(&'a Cells);

struct Unfolded(Cells);

#[derive(Serialize)]
struct Legend {
    by: Vec<PersonId>,
    at: Vec<Instant>,
}

#[derive(Serialize)]
struct FoldedCell<'a> {
    value: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<ValueState>,
    by: usize,
    at: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    derivation: Option<&'a Derivation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    generated: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// The places of different values, in the order of their first use.
struct Places<T>(BTreeMap<T, usize>);

impl<T: Ord + Copy> Places<T> {
    fn of(values: impl Iterator<Item = T>) -> Places<T> {
        let mut places = BTreeMap::new();
        for value in values {
            let next = places.len();
            places.entry(value).or_insert(next);
        }
        Places(places)
    }

    fn place(&self, value: T) -> usize {
        self.0.get(&value).copied().unwrap_or_default()
    }

    fn in_order(&self) -> Vec<T> {
        let mut values: Vec<(usize, T)> = self.0.iter().map(|(value, place)| (*place, *value)).collect();
        values.sort_unstable_by_key(|(place, _)| *place);
        values.into_iter().map(|(_, value)| value).collect()
    }
}

impl Serialize for Folded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let (people, instants) = (Places::of(self.0.values().map(|c| c.by)), Places::of(self.0.values().map(|c| c.at)));
        let mut map = serializer.serialize_map(None)?;
        if !self.0.is_empty() {
            map.serialize_entry(LEGEND, &Legend { by: people.in_order(), at: instants.in_order() })?;
        }
        for (id, cell) in self.0 {
            let folded = FoldedCell {
                value: &cell.value,
                state: Some(cell.state).filter(|state| *state != ValueState::Collected),
                by: people.place(cell.by),
                at: instants.place(cell.at),
                derivation: cell.derivation.as_deref(),
                generated: cell.generated.as_ref(),
                reason: cell.reason.as_deref(),
            };
            map.serialize_entry(id, &folded)?;
        }
        map.end()
    }
}

/// A value, or its place in the legend.
enum Named<T> {
    Place(usize),
    Itself(T),
}

impl<T: Copy> Named<T> {
    fn among(&self, legend: &[T]) -> Option<T> {
        match self {
            Named::Place(place) => legend.get(*place).copied(),
            Named::Itself(value) => Some(*value),
        }
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<T: FromStr> Visitor<'_> for Either<T> {
            type Value = Named<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or its place")
            }
            fn visit_u64<E: serde::de::Error>(self, place: u64) -> std::result::Result<Named<T>, E> {
                usize::try_from(place).map(Named::Place).map_err(E::custom)
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> std::result::Result<Named<T>, E> {
                text.parse().map(Named::Itself).map_err(|_| E::custom(format!("{text:?} is not one")))
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}

#[derive(Deserialize, Default)]
struct ReadLegend {
    by: Vec<PersonId>,
    at: Vec<Instant>,
}

#[derive(Deserialize)]
struct ReadCell {
    value: Value,
    #[serde(default = "collected")]
    state: ValueState,
    by: Named<PersonId>,
    at: Named<Instant>,
    derivation: Option<Box<Derivation>>,
    generated: Option<Value>,
    reason: Option<String>,
}

fn collected() -> ValueState {
    ValueState::Collected
}

impl<'de> Deserialize<'de> for Unfolded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Document;
        impl<'de> Visitor<'de> for Document {
            type Value = Unfolded;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the cells of a report")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Unfolded, A::Error> {
                let (mut legend, mut cells) = (ReadLegend::default(), Vec::new());
                // A data base may keep the keys in an order of its own.
                while let Some(id) = map.next_key::<CellId>()? {
                    if id.as_str() == LEGEND {
                        legend = map.next_value()?;
                    } else {
                        cells.push((id, map.next_value::<ReadCell>()?));
                    }
                }
                let unfold = |(id, cell): (CellId, ReadCell)| {
                    let (by, at) = (cell.by.among(&legend.by), cell.at.among(&legend.at));
                    let (Some(by), Some(at)) = (by, at) else {
                        return Err(A::Error::custom(format!("cell {id} names a place that is not in the legend")));
                    };
                    let ReadCell { value, state, derivation, generated, reason, .. } = cell;
                    Ok((id, Cell { value, state, by, at, derivation, generated, reason }))
                };
                cells.into_iter().map(unfold).collect::<std::result::Result<Cells, _>>().map(Unfolded)
            }
        }
        deserializer.deserialize_map(Document)
    }
}
