//! Why two rows are held for one unit, or not: every field with what both sides say, how far they agree, what that weighs, and how often
//! others have the same.

use crate::compare::compare;
use crate::field::Field;
use crate::lexicon::{Lexicon, Side};
use crate::model::{Model, probability};
use crate::outcome::says;
use crate::unit::{Lists, Unit};
use crate::value::day;

/// What one field says about a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The field.
    pub field: Field,
    /// Its level, 0 for missing.
    pub level: usize,
    /// What it weighs, in bits.
    pub bits: f64,
    /// The same as a full sentence.
    pub says: String,
}

/// Why two rows are held for one unit, or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Field by field.
    pub lines: Vec<Line>,
    /// What any pair begins with, in bits.
    pub prior: f64,
    /// The sum.
    pub bits: f64,
    /// The probability that both are one unit.
    pub probability: f64,
    /// Sum and probability as a full sentence.
    pub says: String,
}

/// Explains a pair: a row of each side, or two rows of one.
pub fn explain(lists: &Lists, model: &Model, left: (Side, u32), right: (Side, u32)) -> Explanation {
    let (a, b) = (lists.unit(left.0, left.1), lists.unit(right.0, right.1));
    let pattern = compare(lists, &a, &b);
    let line = |(field, level): (Field, usize)| {
        let bits = if level == 0 { 0.0 } else { model.weight(lists, &a, &b, field, level) };
        Line { field, level, bits, says: sentence(lists, field, level, bits, &a, &b) }
    };
    let lines: Vec<Line> = pattern.levels().map(line).collect();
    let bits = model.score(lists, &a, &b, pattern);
    let probability = probability(bits);
    let says = format!(
        "起点 {:+.1} 比特(任取一对恰为同一单位的机会),各项合计 {:+.1} 比特,总计 {:+.1} 比特,是同一单位的概率约 {}。",
        model.prior,
        bits - model.prior,
        bits,
        share(probability)
    );
    Explanation { lines, prior: model.prior, bits, probability, says }
}

fn share(probability: f64) -> String {
    match probability {
        p if p > 0.999_9 => "99.99% 以上".to_owned(),
        p if p < 0.000_1 => "0.01% 以下".to_owned(),
        p => format!("{:.2}%", p * 100.0),
    }
}

fn sentence(lists: &Lists, field: Field, level: usize, bits: f64, a: &Unit, b: &Unit) -> String {
    let label = field.label();
    if level == 0 {
        return match (says(a, field), says(b, field)) {
            (false, false) => format!("{label}:两方都没有,不计。"),
            (true, false) => format!("{label}:前者为“{}”,后者没有,不计。", value(lists, field, a)),
            (false, true) => format!("{label}:前者没有,后者为“{}”,不计。", value(lists, field, b)),
            (true, true) => format!(
                "{label}:两方的“{}”“{}”种类不同,无从比较,不计。",
                value(lists, field, a),
                value(lists, field, b)
            ),
        };
    }
    let how = field.levels().get(level - 1).copied().unwrap_or_default();
    let (x, y) = (value(lists, field, a), value(lists, field, b));
    let values = match (x.is_empty() && y.is_empty(), x == y) {
        (true, _) => String::new(),
        (_, true) => format!("“{x}”"),
        _ => format!("“{x}”与“{y}”"),
    };
    let common = common(lists, field, level, a)
        .map(|(ours, theirs)| format!("(这样的值前一方有 {ours} 个、后一方有 {theirs} 个)"));
    format!("{label}:{values}{how}{},{bits:+.1} 比特。", common.unwrap_or_default())
}

fn common(lists: &Lists, field: Field, level: usize, unit: &Unit) -> Option<(u32, u32)> {
    let is_same = field.is_by_frequency() && (level == 1 || field == Field::Address && level == 2);
    if !is_same {
        return None;
    }
    let (lexicon, id) = lists.text_of(unit, field);
    let [ours, theirs] = lexicon.counts(id);
    Some((ours, theirs))
}

/// What a row says in a field, as it was compared.
fn value(lists: &Lists, field: Field, unit: &Unit) -> String {
    let text = |lexicon: &Lexicon, id: u32| lexicon.text(id).iter().collect::<String>();
    match field {
        Field::Code => unit.code.as_str().to_owned(),
        Field::Name => text(&lists.cores, unit.core),
        Field::Trade => text(&lists.trades, unit.trade),
        Field::Form => unit.form.label().to_owned(),
        Field::Rank => String::new(),
        Field::Branch => text(&lists.branches, unit.branch),
        Field::Place => place_text(unit.place),
        Field::Address => text(&lists.doors, unit.door),
        Field::Phone => {
            if unit.phone == 0 {
                String::new()
            } else {
                unit.phone.to_string()
            }
        }
        Field::Person => text(&lists.persons, unit.person),
        Field::Industry => {
            if unit.industry == 0 {
                String::new()
            } else {
                format!("{:04}", unit.industry)
            }
        }
        Field::Date => day(unit.date).map(|day| day.to_string()).unwrap_or_default(),
    }
}

fn place_text(place: u32) -> String {
    if place == 0 {
        return String::new();
    }
    let digits = format!("{place:0<9}");
    youju_codes::AreaCode::parse(&digits).map_or(digits, |code| youju_codes::area::path(&code))
}
