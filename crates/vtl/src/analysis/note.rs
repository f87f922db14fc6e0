//! What the analysis has to say.

use crate::ast::DatapointRuleset;
use crate::error::{Error, Span};

/// Kinds of notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// A component of the signature that no rule uses 未用到的变量.
    UnusedComponent,
    /// An alias that hides a component 重名.
    ShadowedName,
    /// Both sides of a comparison are the same 两边相同.
    SameSides,
    /// A comparison without any component 只有常数.
    OnlyConstants,
    /// A comparison with null, which never gives a result 与空比较.
    NullCompared,
    /// A constant that reads like the name of a component 疑为变量的常数.
    SuspectConstant,
    /// A code that the component never has 取值范围以外的代码.
    UnknownCode,
    /// A set with none of the codes that the component may have 空集合.
    EmptySet,
    /// A branch or an alternative that is never taken 走不到的分支.
    DeadBranch,
    /// A rule that says what an earlier one says 重复的规则.
    SameRule,
    /// The condition after `when` never holds 从不适用.
    NeverApplies,
    /// The rule never fails 永远通过.
    NeverFails,
    /// The rule never passes where it applies 永远不通过.
    NeverPasses,
    /// The rule gives no result on any record 永远无法检验.
    NeverDecided,
    /// Rules that cannot all pass where all apply 相互矛盾.
    Contradiction,
    /// Whenever the rule fails, another one fails too 多余的规则.
    Redundant,
    /// As redundant, provided that some components are filled 有条件地多余.
    RedundantIfFilled,
}

/// Note 提示 — one finding about rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What kind of finding.
    pub kind: NoteKind,
    /// The places of the rules in the ruleset, from 0: the rule in question first, then those that bear on it.
    pub rules: Vec<usize>,
    /// The piece of text in question.
    pub span: Span,
    /// A sentence in Chinese with the way out, without the place.
    pub says: String,
}

impl Note {
    /// The sentence with place, line and caret.
    pub fn render(&self, source: &str) -> String {
        Error { span: self.span, message: self.says.clone() }.render(source)
    }
}

/// “Z1”, or `第 3 条` for a rule without a name.
pub(super) fn name(ruleset: &DatapointRuleset, rule: usize) -> String {
    let named = ruleset.rules.get(rule).and_then(|item| item.name.as_ref());
    named.map_or_else(|| format!("第 {} 条", rule + 1), |name| format!("“{name}”"))
}

/// “A”、“B”和“C”
pub(super) fn names(ruleset: &DatapointRuleset, rules: &[usize]) -> String {
    listed(rules.iter().map(|rule| name(ruleset, *rule)).collect())
}

/// `a、b和c`
pub(super) fn listed(mut items: Vec<String>) -> String {
    match items.pop() {
        Some(last) if !items.is_empty() => format!("{}和{last}", items.join("、")),
        Some(only) => only,
        None => String::new(),
    }
}

/// Where a rule says what must hold.
pub(super) fn place(ruleset: &DatapointRuleset, rule: usize) -> Span {
    ruleset.rules.get(rule).map(|item| item.then.span).unwrap_or_default()
}
