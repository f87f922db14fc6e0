//! What a case type has told before a decision: contradictions, rounds, and facts of the register that its fields say.

use std::collections::BTreeSet;

use youju_domain::case::{Contradiction, Must, Round, Than};
use youju_domain::register::Fact;

use super::{chosen, raw};
use crate::load::error::Source;
use crate::load::raw::Text;
use crate::load::{read_key, text};

/// A fact by its key.
pub(super) fn fact(source: &mut Source<'_>, key: &Text) -> Option<Fact> {
    let known: Vec<&str> = Fact::ALL.iter().map(|fact| fact.key()).collect();
    chosen(source, key, "登记事项", Fact::from_key, &known)
}

/// Contradictions; what cannot be read is told and left out.
pub(super) fn contradictions(source: &mut Source<'_>, raw: Vec<raw::Contradiction>) -> Vec<Contradiction> {
    let mut keys = BTreeSet::new();
    raw.into_iter().filter_map(|raw| contradiction(source, raw, &mut keys)).collect()
}

fn contradiction(
    source: &mut Source<'_>,
    raw: raw::Contradiction,
    keys: &mut BTreeSet<String>,
) -> Option<Contradiction> {
    let key = read_key(source, &raw.key, keys, "矛盾提示代号");
    let must = chosen(source, &raw.must, "比较方式", Must::from_key, &Must::ALL.map(|(name, _)| name))?;
    let than = match (raw.field, raw.fact, raw.value) {
        (Some(field), None, None) => Than::Field(field),
        (None, Some(name), None) => Than::Fact(fact(source, &name)?),
        (None, None, Some(value)) => Than::Value(value),
        _ => {
            source.error(&raw.key.span(), "矛盾提示与什么比较,应在 field、fact、value 中写一个。");
            return None;
        }
    };
    Some(Contradiction { key, of: raw.of, must, than, says: text(source, raw.says, "提示(says)") })
}

/// A round.
pub(super) fn round(source: &mut Source<'_>, raw: raw::Round) -> Round {
    Round {
        label: text(source, raw.label, "批次名称(label)"),
        only: raw.only,
        state: raw.state,
        until: raw.until,
        except: raw.except,
    }
}
