//! Operators that only datasets know.

use super::{Expr, TypeName};
use crate::scalar::Scalar;

/// A constant, or the name of a parameter that stands for one inside a user-defined operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given<T> {
    /// Written here.
    Value(T),
    /// Given when the operator is called.
    Parameter(String),
}

impl<T> Given<T> {
    /// The constant, if one is written here.
    pub fn value(&self) -> Option<&T> {
        match self {
            Given::Value(value) => Some(value),
            Given::Parameter(_) => None,
        }
    }
}

/// A component, perhaps of a named dataset: `Me_1` or `ds#Me_1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ComponentRef {
    /// The dataset or alias before `#`.
    pub dataset: Option<String>,
    /// The component.
    pub name: String,
}

/// Role 角色 of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// 标识
    Identifier,
    /// 度量
    Measure,
    /// 属性
    Attribute,
    /// 传播属性
    ViralAttribute,
}

/// `role name := expr` inside `calc` and `aggr`.
#[derive(Debug, Clone, PartialEq)]
pub struct Assigned {
    /// The role written before the name.
    pub role: Option<Role>,
    /// The component.
    pub component: ComponentRef,
    /// What it is.
    pub expr: Expr,
}

/// What stands in square brackets behind a dataset, or inside a join.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// `filter condition`
    Filter(Expr),
    /// `calc role a := …, b := …`
    Calc(Vec<Assigned>),
    /// `apply expr`, in joins only.
    Apply(Expr),
    /// `aggr a := sum(…) group by … having …`
    Aggr(Vec<Assigned>, Option<Grouping>, Option<Expr>),
    /// `keep a, b`
    Keep(Vec<ComponentRef>),
    /// `drop a, b`
    Drop(Vec<ComponentRef>),
    /// `rename a to b`
    Rename(Vec<(ComponentRef, ComponentRef)>),
    /// `pivot identifier, measure`
    Pivot(ComponentRef, ComponentRef),
    /// `unpivot identifier, measure`
    Unpivot(ComponentRef, ComponentRef),
    /// `sub a = 1, b = "x"`
    Sub(Vec<(ComponentRef, Expr)>),
}

/// How rows are grouped.
#[derive(Debug, Clone, PartialEq)]
pub enum Grouping {
    /// `group by a, b`
    By(Vec<ComponentRef>, Option<Conversion>),
    /// `group except a, b`
    Except(Vec<ComponentRef>, Option<Conversion>),
    /// `group all`, `group all time_agg(…)`
    All(Option<Conversion>),
}

/// `time_agg` as a conversion of the time identifier while grouping; also an operator of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversion {
    /// The duration of the result, `"A"`, `"Q"` …
    pub to: Given<String>,
    /// The duration that is converted, if named.
    pub from: Option<String>,
    /// What is converted; the time identifier if left out.
    pub operand: Option<Expr>,
    /// `last` takes the end of an interval, `first` its beginning.
    pub takes_last: Option<bool>,
}

/// The aggregate functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// `sum`
    Sum,
    /// `avg`
    Avg,
    /// `count`
    Count,
    /// `min`
    Min,
    /// `max`
    Max,
    /// `median`
    Median,
    /// `stddev_pop`
    StddevPop,
    /// `stddev_samp`
    StddevSamp,
    /// `var_pop`
    VarPop,
    /// `var_samp`
    VarSamp,
}

/// The functions that only windows know, beside every [`Aggregate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnalyticFunction {
    /// An aggregate over a window.
    Aggregate(Aggregate),
    /// `first_value`
    FirstValue,
    /// `last_value`
    LastValue,
    /// `lag`
    Lag,
    /// `lead`
    Lead,
    /// `rank`
    Rank,
    /// `ratio_to_report`
    RatioToReport,
}

/// A function over a window: `lag(Me_1, 1, 0 over (partition by … order by … …))`.
#[derive(Debug, Clone, PartialEq)]
pub struct Analytic {
    /// Which.
    pub function: AnalyticFunction,
    /// What it looks at; `rank` has none inside a clause.
    pub operand: Option<Expr>,
    /// Offset of `lag` and `lead`.
    pub offset: Option<Given<i64>>,
    /// What `lag` and `lead` give where there is no row: a constant, or a constant cast.
    pub default: Option<Expr>,
    /// `partition by`, `partition except`
    pub partition: Option<Partition>,
    /// `order by`
    pub order: Vec<OrderItem>,
    /// The window; by default from the beginning of the partition to the current row.
    pub window: Option<Window>,
}

/// What divides the rows of a window function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Partition {
    /// `partition by a, b`
    By(Vec<ComponentRef>),
    /// `partition except a, b`: by every other identifier.
    Except(Vec<ComponentRef>),
    /// `partition except all`: one partition.
    ExceptAll,
}

/// One item of `order by`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderItem {
    /// By which component.
    pub component: ComponentRef,
    /// `desc`
    pub is_descending: bool,
}

/// `data points between … and …` or `range between … and …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// What the bounds count.
    pub unit: WindowUnit,
    /// The first row.
    pub from: WindowBound,
    /// The last row.
    pub to: WindowBound,
}

/// What the bounds of a window count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowUnit {
    /// `data points`
    Points,
    /// `range`
    Range,
}

/// A bound of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WindowBound {
    /// `unbounded preceding`
    UnboundedPreceding,
    /// `n preceding`
    Preceding(Given<u64>),
    /// `current data point`
    Current,
    /// `n following`
    Following(Given<u64>),
    /// `unbounded following`
    UnboundedFollowing,
}

/// Join 连接.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// Which.
    pub kind: JoinKind,
    /// What is joined, in order.
    pub operands: Vec<JoinOperand>,
    /// The components after `using`.
    pub using: Vec<ComponentRef>,
    /// `nvl(component, constant)` after them: what stands for a null in a left or full join.
    pub nvl: Vec<(ComponentRef, Scalar)>,
    /// The clauses inside, in order.
    pub clauses: Vec<Clause>,
}

/// An operand of a join with its alias.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinOperand {
    /// The dataset.
    pub expr: Expr,
    /// `as alias`
    pub alias: Option<String>,
}

/// The four joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JoinKind {
    /// `inner_join`
    Inner,
    /// `left_join`
    Left,
    /// `full_join`
    Full,
    /// `cross_join`
    Cross,
}

/// The set operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SetOp {
    /// `union`
    Union,
    /// `intersect`
    Intersect,
    /// `setdiff`
    SetDiff,
    /// `symdiff`
    SymDiff,
}

/// The operators over time series.
#[derive(Debug, Clone, PartialEq)]
pub enum TimeOp {
    /// `fill_time_series(ds, single | all)`; true for `all`, the default.
    Fill(Expr, bool),
    /// `flow_to_stock(ds)`
    FlowToStock(Expr),
    /// `stock_to_flow(ds)`
    StockToFlow(Expr),
    /// `timeshift(ds, n)`
    Shift(Expr, Given<i64>),
    /// `time_agg("A", …)` as an operator.
    Agg(Conversion),
    /// `period_indicator(x)`; of the time identifier when left out.
    PeriodIndicator(Option<Expr>),
    /// `current_date()`
    CurrentDate,
}

/// What a validation gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Output {
    /// `invalid`: the failing points.
    Invalid,
    /// `all`
    All,
    /// `all_measures`
    AllMeasures,
}

/// The same for `hierarchy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HierarchyOutput {
    /// `computed`: the computed points.
    Computed,
    /// `all`: the operand with the computed points.
    All,
}

/// What counts for a code that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `non_null`
    NonNull,
    /// `non_zero`
    NonZero,
    /// `partial_null`
    PartialNull,
    /// `partial_zero`
    PartialZero,
    /// `always_null`
    AlwaysNull,
    /// `always_zero`
    AlwaysZero,
}

/// Which points a hierarchical rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleInput {
    /// `dataset`
    Dataset,
    /// `dataset_priority`
    DatasetPriority,
    /// `rule`
    Rule,
    /// `rule_priority`
    RulePriority,
}

/// What `exists_in` keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Retain {
    /// `all`
    All,
    /// `true`
    True,
    /// `false`
    False,
}

/// An operation on datasets.
#[derive(Debug, Clone, PartialEq)]
pub enum DatasetOp {
    /// `ds#component`
    Member(Expr, String),
    /// `ds[clause]`
    Clause(Expr, Clause),
    /// `inner_join(…)` …
    Join(Join),
    /// `sum(x group by … having …)`; `count()` has no operand.
    Aggregate(Aggregate, Option<Expr>, Option<Grouping>, Option<Expr>),
    /// `lag(x over (…))` …
    Analytic(Analytic),
    /// `union(…)` …
    Set(SetOp, Vec<Expr>),
    /// Over time series.
    Time(TimeOp),
    /// `exists_in(a, b, retain)`
    ExistsIn(Expr, Expr, Option<Retain>),
    /// `check_datapoint(ds, ruleset components … output)`
    CheckDatapoint {
        /// What is checked.
        operand: Expr,
        /// The ruleset.
        ruleset: String,
        /// Components that stand for the value domains of its signature.
        components: Vec<ComponentRef>,
        /// What it gives; `invalid` by default.
        output: Option<Output>,
    },
    /// `check_hierarchy(ds, ruleset condition … rule … mode input output)`
    CheckHierarchy {
        /// What is checked.
        operand: Expr,
        /// The ruleset.
        ruleset: String,
        /// Components that stand for the conditions.
        conditions: Vec<ComponentRef>,
        /// The component of the codes.
        rule: Option<ComponentRef>,
        /// What counts for a missing code; `non_null` by default.
        mode: Option<Mode>,
        /// Which points are read; `dataset` by default.
        input: Option<RuleInput>,
        /// What it gives; `invalid` by default.
        output: Option<Output>,
    },
    /// `hierarchy(ds, ruleset condition … rule … mode input output)`
    Hierarchy {
        /// What is added up.
        operand: Expr,
        /// The ruleset.
        ruleset: String,
        /// Components that stand for the conditions.
        conditions: Vec<ComponentRef>,
        /// The component of the codes.
        rule: Option<ComponentRef>,
        /// What counts for a missing code; `non_null` by default.
        mode: Option<Mode>,
        /// Which points are read; `rule` by default.
        input: Option<RuleInput>,
        /// What it gives; `computed` by default.
        output: Option<HierarchyOutput>,
    },
    /// `check(ds errorcode … errorlevel … imbalance … output)`
    Check {
        /// A dataset with one truth measure.
        operand: Expr,
        /// Constant after `errorcode`.
        error_code: Option<Scalar>,
        /// Constant after `errorlevel`.
        error_level: Option<Scalar>,
        /// The difference to show.
        imbalance: Option<Expr>,
        /// What it gives; `all` by default.
        output: Option<Output>,
    },
    /// `cast(x, type, "mask")`
    Cast(Expr, TypeName, Option<String>),
    /// `x in ValueDomain`, where the domain is only named; the flag is `not_in`.
    InDomain(Expr, bool, String),
    /// A user-defined operator and its arguments.
    UserCall(String, Vec<Expr>),
    /// `eval(routine(…) language … returns …)`, what stands in the parentheses as written: read, and refused when it is run.
    Eval(String),
}
