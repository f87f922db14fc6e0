//! The check language: rules of the Validation and Transformation Language (VTL 2.2, SDMX), from text to verdict.
//!
//! Here live the parser and printer, names and types, the compiler that shares sub-expressions between rules, the
//! evaluation over Arrow columns (one record or ten million, the same engine), the explanation of a verdict in a
//! sentence, hierarchical rulesets, the typing of whole scripts over datasets, and what can be said about rules before
//! there is any data (`analyse`). Datasets themselves are computed elsewhere: this crate gives the plan.
//!
//! [`formula`] reads and prints 审核公式, the notation of statisticians, over the same tree; its caller says which forms exist.
//!
//! What never will: files, databases, clocks; forms, enterprises, severities — this crate knows nothing of statistics
//! offices. Threads only for the time of one call ([`Program::evaluate_on`], [`Stream`]). Rounded numbers: every number is
//! a whole one with a decimal scale, in an `f64` as long as that holds it exactly and in an `i128` beyond, or an exact
//! fraction of two. Only `exp`, `ln`, `log`, irrational `sqrt` and `power` are rounded, to 15 significant digits and the
//! same everywhere: a comparison with one of them decides on that value.
//!
//! Three values: a rule passes, fails, or cannot be tested — because a value is null, or because of a division by zero,
//! more than 38 digits, or a value that cannot be converted. Whatever cannot be computed is never a pass.
//!
//! ```
//! use youju_vtl::{Language, Program, Record, Scalar, Schema, Type, Verdict, parse};
//!
//! let script = parse(
//!     r#"define datapoint ruleset B203 (variable c323, c325, c326, c327) is
//!          Z7: abs(c327 - (c323 + c325 - c326)) <= 2 errorcode "利润总额" errorlevel "A"
//!        end datapoint ruleset;"#,
//! )?;
//! let schema = Schema::new(["c323", "c325", "c326", "c327"].map(|name| (name, Type::Number)));
//! let program = Program::compile(script.rulesets().next().unwrap(), &schema)?;
//!
//! let cells = [("c327", 1200), ("c323", 1000), ("c325", 100), ("c326", 0)];
//! let record: Record = cells.map(|(name, value)| (name.to_owned(), Scalar::Integer(value))).into();
//! assert_eq!(program.evaluate_record(&record)?.verdict(0, 0), Some(Verdict::Fail));
//!
//! let labels = |name: &str| Some(format!("第 {} 行", name.strip_prefix('c')?));
//! let explanation = program.explain_record(0, &record, &labels, Language::Chinese)?;
//! assert_eq!(explanation.sentence, "第 327 行 1,200 ≠ 第 323 行 1,000 + 第 325 行 100 − 第 326 行 0,差 100(允许 ±2)");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod analysis;
mod ast;
mod check;
mod column;
pub mod dataset;
mod engine;
mod error;
mod exact;
mod explain;
mod expression;
mod format;
pub mod formula;
mod graph;
mod hierarchy;
mod intake;
mod keyword;
mod lexer;
pub mod limits;
mod machine;
mod nearest;
mod parser;
mod plan;
mod print;
mod program;
mod register;
mod routine;
mod scalar;
mod stream;
pub mod time;
mod verdict;

pub use analysis::{Note, NoteKind, Range, Ranges, analyse, contradictions};
pub use ast::{
    Aggregate, Analytic, AnalyticFunction, Assigned, Assignment, BinaryOp, Clause, CodeItem, Comparison, ComponentRef,
    Conversion, DatapointRuleset, DatasetOp, Expr, ExprKind, Function, Given, Grouping, HierarchicalRule,
    HierarchicalRuleset, HierarchyOutput, Join, JoinKind, JoinOperand, Mode, OperandKind, OperatorParameter, OrderItem,
    Output, Parameter, Partition, Retain, Role, RuleInput, RuleItem, ScalarKind, Script, SetOp, Signature, Statement,
    TimeOp, TypeName, UnaryOp, UserOperator, ViralBody, ViralClause, ViralPropagation, Window, WindowBound, WindowUnit,
};
pub use column::EvalError;
pub use error::{Error, Errors, Span};
pub use explain::{Explanation, Labels, Language};
pub use expression::{Expression, Values};
pub use format::format;
pub use hierarchy::{
    Checked, CodeId, Computed, Group, GroupError, HierarchyCheck, HierarchyProgram, HierarchyRule, HierarchySum,
    HierarchyTables, Point, TruthRow, Truths,
};
pub use intake::{IntakeError, exact_batch, readable, type_of};
pub use parser::{parse, parse_expression};
pub use program::{Program, Rule};
pub use scalar::{Record, Scalar, Schema, Type};
pub use stream::Stream;
pub use verdict::{Counts, Verdict, Verdicts, Why};
