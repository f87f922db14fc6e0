//! Hierarchical rulesets computed over rows: `check_hierarchy` and `hierarchy`.
//!
//! [`HierarchyProgram::compile`] reads a ruleset once; [`HierarchyProgram::truths`] evaluates its conditions over whole
//! batches. The caller cuts its data into groups, the points that share the values of all other identifiers, and hands one
//! [`Group`] after the other to a [`HierarchyCheck`] or a [`HierarchySum`], with one [`HierarchyTables`]. A point that is not there
//! is not the same as a point whose value is null; the mode says what counts for the former.
//!
//! The meaning follows the reference manual of VTL 2.2, “define hierarchical ruleset”, “check_hierarchy” and “hierarchy”.
//! Where it leaves a choice:
//!
//! * a condition is true, or the rule (or code) is left out: false and null are alike;
//! * `when` is judged at the left point in a check, at every right point in a sum; where there is no such point, at the
//!   identifiers of the group alone (a condition over identifiers, the usual one, is the same everywhere in a group);
//! * a right side of which no code takes part counts like a missing point;
//! * in `non_zero` a null is not zero, and a check looks at each point, so that two points that cancel out are checked;
//! * in the `always` modes a rule gives a result in every group, even where none of its points is there;
//! * a point that the mode does not give is not there for other rules either;
//! * several rules for one code add up in a sum, as the manual says; if one of them has no condition, that is a double
//!   count for certain and refused;
//! * `A = A` is passed over in a check and hands the point through in a sum.

mod check;
mod order;
mod program;
mod side;
mod sum;
mod truth;
mod work;

use crate::ast::Mode;
use crate::scalar::Scalar;

pub use check::{Checked, HierarchyCheck};
pub use program::{HierarchyProgram, HierarchyRule};
pub use sum::{Computed, HierarchySum};
pub use truth::{TruthRow, Truths};
pub use work::HierarchyTables;

/// Code 代码 — the number of a code in a [`HierarchyProgram`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CodeId(pub(crate) usize);

/// Point 数据点 — one row of a group whose code some rule names.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its code, from [`HierarchyProgram::code`]. Rows with codes that no rule names are left out.
    pub code: CodeId,
    /// A number or null.
    pub value: Scalar,
    /// Its row in the [`Truths`] of the group.
    pub row: usize,
}

/// Group 组 — the points that share the values of all other identifiers. It may be empty: the modes `always_null` and
/// `always_zero` then still have something to say.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a> {
    /// At most one for each code.
    pub points: &'a [Point],
    /// Which conditions hold at the points; empty for a ruleset without conditions.
    pub truths: &'a Truths,
    /// Which conditions hold where there is no point: at the identifiers of the group, everything else null.
    pub absent: TruthRow<'a>,
}

impl<'a> Group<'a> {
    /// A group under a ruleset without conditions.
    pub fn unconditional(points: &'a [Point]) -> Group<'a> {
        Group { points, truths: &truth::NO_TRUTHS, absent: truth::NO_TRUTHS.row(0) }
    }
}

/// Why a group cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    /// Two points of one group have the same code.
    #[error(
        "同一组数据里代码“{code}”出现了两次。其余标识相同时每个代码只能有一个数据点,请先去重或补上区分它们的标识。"
    )]
    Repeated {
        /// The code.
        code: String,
    },
    /// The ruleset has conditions, and the group does not say which of them hold. Nothing would apply, silently.
    #[error("规则集带有条件,但没有给出这组数据的条件变量,无法判断哪些规则适用。请在 condition 后指明条件变量。")]
    NoTruths,
    /// A value that is not a number.
    #[error("代码“{code}”的值“{value}”不是数值。汇总关系规则只能用于数值度量。")]
    NotANumber {
        /// The code.
        code: String,
        /// The value.
        value: String,
    },
}

/// Does a missing point count as zero?
fn fills_zero(mode: Mode) -> bool {
    matches!(mode, Mode::NonZero | Mode::PartialZero | Mode::AlwaysZero)
}

/// Does every rule give a result, even where no point is found?
fn is_always(mode: Mode) -> bool {
    matches!(mode, Mode::AlwaysNull | Mode::AlwaysZero)
}
