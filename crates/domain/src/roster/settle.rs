//! What follows from pairs that were found and from what people decide about them.

use serde::{Deserialize, Serialize};

use super::Coverage;
use crate::id::UnitId;

/// What an entry of a run is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// A unit of the register and a row of the list.
    Pair,
    /// A row of the list by itself.
    Row,
    /// A unit of the register by itself.
    Unit,
    /// Two units of the register.
    Double,
}

/// How certain a pair is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Held for one unit without a look.
    Accepted,
    /// A person has to look.
    Review,
    /// Probable, but the row or the unit belongs to somebody else.
    Taken,
    /// An entry that is no pair.
    None,
}

/// What follows from an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 应纳入: in the list, not in the register.
    Enrol,
    /// 应变更: in both, and they differ.
    Amend,
    /// 应退出: cancelled, or a list of all units does not name it.
    Withdraw,
    /// 疑似重复: twice in the register.
    Double,
    /// 待复核.
    Review,
    /// 一致.
    Agreed,
    /// 无需办理.
    Nothing,
    /// It follows from a pair that nobody has decided yet.
    Waiting,
}

macro_rules! keyed {
    ($kind:ident { $($one:ident => $key:literal),* $(,)? }) => {
        impl $kind {
            /// All.
            pub const ALL: &[$kind] = &[$($kind::$one),*];

            /// The name in storage and addresses.
            pub fn key(self) -> &'static str {
                match self { $($kind::$one => $key),* }
            }

            /// Reads the name.
            pub fn from_key(key: &str) -> Option<$kind> {
                match key { $($key => Some($kind::$one),)* _ => None }
            }
        }
    };
}

keyed!(Sort { Pair => "pair", Row => "row", Unit => "unit", Double => "double" });
keyed!(Band { Accepted => "accepted", Review => "review", Taken => "taken", None => "none" });
keyed!(Verdict {
    Enrol => "enrol", Amend => "amend", Withdraw => "withdraw", Double => "double", Review => "review", Agreed => "agreed",
    Nothing => "nothing", Waiting => "waiting",
});
keyed!(Choice { Same => "same", Different => "different", Undone => "undone" });

impl Verdict {
    /// The lists that somebody works through, in their order.
    pub const LISTS: [Verdict; 5] =
        [Verdict::Enrol, Verdict::Amend, Verdict::Withdraw, Verdict::Double, Verdict::Agreed];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Enrol => "应纳入",
            Verdict::Amend => "应变更",
            Verdict::Withdraw => "应退出",
            Verdict::Double => "疑似重复",
            Verdict::Review => "待复核",
            Verdict::Agreed => "一致",
            Verdict::Nothing => "无需办理",
            Verdict::Waiting => "待复核后确定",
        }
    }
}

/// What a person says about a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// 是同一单位.
    Same,
    /// 不是同一单位.
    Different,
    /// 撤销: as if nobody had decided.
    Undone,
}

impl Choice {
    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Choice::Same => "是同一单位",
            Choice::Different => "不是同一单位",
            Choice::Undone => "撤销判断",
        }
    }
}

/// An entry of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Its number in the run.
    pub number: i64,
    /// What it is about.
    pub sort: Sort,
    /// The unit, if it has one.
    pub unit: Option<UnitId>,
    /// The other unit of two.
    pub other: Option<UnitId>,
    /// The row of the list, if it has one.
    pub row: Option<i64>,
    /// How certain it is.
    pub band: Band,
    /// What follows if it is one unit; for a row by itself, if nobody is it; for a unit by itself, if no row is it.
    pub then: Verdict,
    /// What a person has decided last.
    pub choice: Option<Choice>,
    /// What follows now.
    pub verdict: Verdict,
}

impl Pair {
    /// True when both are held for one unit; none where nobody knows.
    pub fn is_one(&self) -> Option<bool> {
        match (self.choice, self.band) {
            (Some(Choice::Different), _) => Some(false),
            (Some(Choice::Same), _) | (_, Band::Accepted) => Some(true),
            _ => None,
        }
    }
}

/// What is refused about an answer, or nothing. A row of a list is one unit at most; a unit may stand in a list twice.
pub fn answer(all: &[Pair], number: i64, choice: Choice) -> Result<(), String> {
    let Some(pair) = all.iter().find(|pair| pair.number == number) else {
        return Err("没有这一对。".to_owned());
    };
    match choice {
        Choice::Undone if pair.choice.is_none_or(|choice| choice == Choice::Undone) => {
            Err("这一对还没有人判断,不用撤销。".to_owned())
        }
        Choice::Same if pair.sort == Sort::Pair => {
            let same_row = |other: &&Pair| {
                other.number != number
                    && other.sort == Sort::Pair
                    && other.row == pair.row
                    && other.is_one() == Some(true)
            };
            match all.iter().find(same_row) {
                Some(other) => Err(format!(
                    "名单中的这一行已与另一单位认定为同一单位(第 {} 对)。请先把那一对判为不是同一单位。",
                    other.number
                )),
                None => Ok(()),
            }
        }
        _ if matches!(pair.sort, Sort::Pair | Sort::Double) => Ok(()),
        _ => Err("这一条不是一对,没有可以判断的。".to_owned()),
    }
}

/// What follows from each entry, given all entries that share a row or a unit with one that was decided. Nothing else is looked at, so a
/// decision about one pair touches its row and its unit alone.
pub fn settle(all: &[Pair], coverage: Coverage) -> Vec<(i64, Verdict)> {
    let pairs = || all.iter().filter(|pair| pair.sort == Sort::Pair);
    let follows = |pair: &Pair| match pair.sort {
        Sort::Pair | Sort::Double => match pair.is_one() {
            Some(true) => pair.then,
            Some(false) => Verdict::Nothing,
            None => Verdict::Review,
        },
        Sort::Row => alone(pairs().filter(|other| other.row == pair.row), pair.then),
        Sort::Unit => {
            let then = if coverage == Coverage::Whole { pair.then } else { Verdict::Nothing };
            alone(pairs().filter(|other| other.unit == pair.unit), then)
        }
    };
    all.iter().map(|pair| (pair.number, follows(pair))).collect()
}

/// What follows from a row or unit by itself: nothing if it is in some pair, `then` if it is in none.
fn alone<'p>(pairs: impl Iterator<Item = &'p Pair>, then: Verdict) -> Verdict {
    let mut verdict = then;
    for pair in pairs {
        match pair.is_one() {
            Some(true) => return Verdict::Nothing,
            None => verdict = Verdict::Waiting,
            Some(false) => {}
        }
    }
    verdict
}
