//! The reserved words of the choices in the tree.

use super::{Aggregate, AnalyticFunction, HierarchyOutput, JoinKind, Mode, Output, Retain, Role, RuleInput, SetOp};

fn find<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == word).map(|(_, choice)| *choice)
}

fn word_of<T: PartialEq>(table: &[(&'static str, T)], choice: &T) -> &'static str {
    table.iter().find(|(_, known)| known == choice).map_or("", |(word, _)| word)
}

impl Aggregate {
    const WORDS: [(&'static str, Aggregate); 10] = [
        ("sum", Aggregate::Sum),
        ("avg", Aggregate::Avg),
        ("count", Aggregate::Count),
        ("min", Aggregate::Min),
        ("max", Aggregate::Max),
        ("median", Aggregate::Median),
        ("stddev_pop", Aggregate::StddevPop),
        ("stddev_samp", Aggregate::StddevSamp),
        ("var_pop", Aggregate::VarPop),
        ("var_samp", Aggregate::VarSamp),
    ];

    /// What this word stands for.
    pub(crate) fn named(word: &str) -> Option<Aggregate> {
        find(&Self::WORDS, word)
    }

    /// As written.
    pub fn name(self) -> &'static str {
        word_of(&Self::WORDS, &self)
    }
}

impl JoinKind {
    const WORDS: [(&'static str, JoinKind); 4] = [
        ("inner_join", JoinKind::Inner),
        ("left_join", JoinKind::Left),
        ("full_join", JoinKind::Full),
        ("cross_join", JoinKind::Cross),
    ];

    /// What this word stands for.
    pub(crate) fn named(word: &str) -> Option<JoinKind> {
        find(&Self::WORDS, word)
    }

    /// As written.
    pub fn name(self) -> &'static str {
        word_of(&Self::WORDS, &self)
    }
}

impl SetOp {
    const WORDS: [(&'static str, SetOp); 4] = [
        ("union", SetOp::Union),
        ("intersect", SetOp::Intersect),
        ("setdiff", SetOp::SetDiff),
        ("symdiff", SetOp::SymDiff),
    ];

    /// What this word stands for.
    pub(crate) fn named(word: &str) -> Option<SetOp> {
        find(&Self::WORDS, word)
    }

    /// As written.
    pub fn name(self) -> &'static str {
        word_of(&Self::WORDS, &self)
    }
}

impl Output {
    const WORDS: [(&'static str, Output); 3] =
        [("invalid", Output::Invalid), ("all", Output::All), ("all_measures", Output::AllMeasures)];

    /// What this word stands for.
    pub(crate) fn named(word: &str) -> Option<Output> {
        find(&Self::WORDS, word)
    }

    /// As written.
    pub fn name(self) -> &'static str {
        word_of(&Self::WORDS, &self)
    }
}

impl HierarchyOutput {
    const WORDS: [(&'static str, HierarchyOutput); 2] =
        [("computed", HierarchyOutput::Computed), ("all", HierarchyOutput::All)];

    /// What this word stands for.
    pub(crate) fn named(word: &str) -> Option<HierarchyOutput> {
        find(&Self::WORDS, word)
    }

    /// As written.
    pub fn name(self) -> &'static str {
        word_of(&Self::WORDS, &self)
    }
}

impl Mode {
    const WORDS: [(&'static str, Mode); 6] = [
        ("non_null", Mode::NonNull),
        ("non_zero", Mode::NonZero),
        ("partial_null", Mode::PartialNull),
        ("partial_zero", Mode::PartialZero),
        ("always_null", Mode::AlwaysNull),
        ("always_zero", Mode::AlwaysZero),
    ];

    /// What this word stands for.
    pub(crate) fn named(word: &str) -> Option<Mode> {
        find(&Self::WORDS, word)
    }

    /// As written.
    pub fn name(self) -> &'static str {
        word_of(&Self::WORDS, &self)
    }
}

impl RuleInput {
    const WORDS: [(&'static str, RuleInput); 4] = [
        ("dataset", RuleInput::Dataset),
        ("dataset_priority", RuleInput::DatasetPriority),
        ("rule", RuleInput::Rule),
        ("rule_priority", RuleInput::RulePriority),
    ];

    /// What this word stands for.
    pub(crate) fn named(word: &str) -> Option<RuleInput> {
        find(&Self::WORDS, word)
    }

    /// As written.
    pub fn name(self) -> &'static str {
        word_of(&Self::WORDS, &self)
    }
}

impl Retain {
    const WORDS: [(&'static str, Retain); 3] = [("all", Retain::All), ("true", Retain::True), ("false", Retain::False)];

    /// What this word stands for.
    pub(crate) fn named(word: &str) -> Option<Retain> {
        find(&Self::WORDS, word)
    }

    /// As written.
    pub fn name(self) -> &'static str {
        word_of(&Self::WORDS, &self)
    }
}

impl AnalyticFunction {
    const WORDS: [(&'static str, AnalyticFunction); 6] = [
        ("first_value", AnalyticFunction::FirstValue),
        ("last_value", AnalyticFunction::LastValue),
        ("lag", AnalyticFunction::Lag),
        ("lead", AnalyticFunction::Lead),
        ("rank", AnalyticFunction::Rank),
        ("ratio_to_report", AnalyticFunction::RatioToReport),
    ];

    /// The function that only windows know of this name.
    pub(crate) fn named(word: &str) -> Option<AnalyticFunction> {
        find(&Self::WORDS, word)
    }

    /// As written.
    pub fn name(self) -> &'static str {
        match self {
            AnalyticFunction::Aggregate(function) => function.name(),
            other => word_of(&Self::WORDS, &other),
        }
    }
}

impl Role {
    /// As written before the name of a component.
    pub fn name(self) -> &'static str {
        match self {
            Role::Identifier => "identifier",
            Role::Measure => "measure",
            Role::Attribute => "attribute",
            Role::ViralAttribute => "viral attribute",
        }
    }
}
