//! What a script says, as a tree with places. Two trees are equal if they say the same, wherever it stands.

use crate::error::Span;
use crate::scalar::Scalar;

/// Script 脚本 — a text with definitions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Script {
    /// The datapoint rulesets in the order of the text.
    pub rulesets: Vec<DatapointRuleset>,
}

impl Script {
    /// The ruleset of this name.
    pub fn ruleset(&self, name: &str) -> Option<&DatapointRuleset> {
        self.rulesets.iter().find(|ruleset| ruleset.name == name)
    }
}

/// Datapoint ruleset 审核规则集 — rules that look at one row at a time.
#[derive(Debug, Clone)]
pub struct DatapointRuleset {
    /// Its name.
    pub name: String,
    /// Are the parameters components (`variable`) or the domains of their values (`valuedomain`)?
    pub signature: Signature,
    /// What the rules may name.
    pub parameters: Vec<Parameter>,
    /// The rules in order.
    pub rules: Vec<RuleItem>,
    /// Where the definition stands.
    pub span: Span,
}

impl PartialEq for DatapointRuleset {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.signature, &self.parameters, &self.rules)
            == (&other.name, other.signature, &other.parameters, &other.rules)
    }
}

/// What the parameters of a ruleset stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// `variable`: names of components.
    Variable,
    /// `valuedomain`: names of value domains; whoever applies the ruleset says which component stands for each.
    ValueDomain,
}

/// One name of a signature, `name as alias`.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The component (or value domain).
    pub name: String,
    /// The name that the rules use instead.
    pub alias: Option<String>,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Parameter {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.alias) == (&other.name, &other.alias)
    }
}

/// One rule as written: `name: when … then … errorcode … errorlevel …`.
#[derive(Debug, Clone)]
pub struct RuleItem {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The condition under which the rule applies.
    pub when: Option<Expr>,
    /// What must hold.
    pub then: Expr,
    /// Constant after `errorcode`.
    pub error_code: Option<Scalar>,
    /// Constant after `errorlevel`.
    pub error_level: Option<Scalar>,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for RuleItem {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.when, &self.then, &self.error_code, &self.error_level)
            == (&other.name, &other.when, &other.then, &other.error_code, &other.error_level)
    }
}

/// Expression 表达式 with its place.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it says.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
    depth: u32,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Expr {
    /// An expression that knows its depth, so that nothing ever recurses too deep over it.
    pub fn new(kind: ExprKind, span: Span) -> Expr {
        let below = kind.children().iter().map(|child| child.depth).max().unwrap_or(0);
        Expr { kind, span, depth: below + 1 }
    }

    /// Levels from here to the deepest leaf.
    pub fn depth(&self) -> u32 {
        self.depth
    }
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A constant; never negative where an operator could stand (`-5` is the negation of 5), but signed inside a set.
    Constant(Scalar),
    /// The name of a component.
    Component(String),
    /// `_`: an optional argument left out.
    Omitted,
    /// An operator before its operand.
    Unary(UnaryOp, Box<Expr>),
    /// An operator between two operands.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `operand in {…}` or `operand not_in {…}`; the items are constants.
    In {
        /// What is looked for.
        operand: Box<Expr>,
        /// `not_in`.
        negated: bool,
        /// The constants.
        set: Vec<Expr>,
    },
    /// `if … then … else …`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `case when … then … else …`.
    Case(Vec<(Expr, Expr)>, Box<Expr>),
    /// A function and its arguments.
    Call(Function, Vec<Expr>),
}

impl ExprKind {
    /// The expressions directly below.
    pub fn children(&self) -> Vec<&Expr> {
        match self {
            ExprKind::Constant(_) | ExprKind::Component(_) | ExprKind::Omitted => Vec::new(),
            ExprKind::Unary(_, operand) => vec![operand],
            ExprKind::Binary(_, left, right) => vec![left, right],
            ExprKind::In { operand, set, .. } => std::iter::once(&**operand).chain(set).collect(),
            ExprKind::If(condition, then, otherwise) => vec![condition, then, otherwise],
            ExprKind::Case(branches, otherwise) => {
                branches.iter().flat_map(|(when, then)| [when, then]).chain([&**otherwise]).collect()
            }
            ExprKind::Call(_, arguments) => arguments.iter().collect(),
        }
    }
}

/// Operators before their operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `not`
    Not,
}

/// Operators between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `||`
    Concat,
    /// `=` `<>` `<` `<=` `>` `>=`
    Compare(Comparison),
    /// `and`
    And,
    /// `or`
    Or,
    /// `xor`
    Xor,
}

/// The six comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl BinaryOp {
    /// Every operator with its sign.
    pub(crate) const ALL: [(&'static str, BinaryOp); 14] = [
        ("+", BinaryOp::Add),
        ("-", BinaryOp::Subtract),
        ("*", BinaryOp::Multiply),
        ("/", BinaryOp::Divide),
        ("||", BinaryOp::Concat),
        ("=", BinaryOp::Compare(Comparison::Equal)),
        ("<>", BinaryOp::Compare(Comparison::NotEqual)),
        ("<", BinaryOp::Compare(Comparison::Less)),
        ("<=", BinaryOp::Compare(Comparison::LessOrEqual)),
        (">", BinaryOp::Compare(Comparison::Greater)),
        (">=", BinaryOp::Compare(Comparison::GreaterOrEqual)),
        ("and", BinaryOp::And),
        ("or", BinaryOp::Or),
        ("xor", BinaryOp::Xor),
    ];

    /// As written.
    pub fn sign(self) -> &'static str {
        Self::ALL.iter().find(|(_, op)| *op == self).map_or("", |(sign, _)| sign)
    }

    /// How tightly it binds, as the grammar of VTL 2.2 orders its alternatives. All are left-associative.
    pub(crate) fn binding(self) -> u8 {
        match self {
            BinaryOp::Multiply | BinaryOp::Divide => 70,
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Concat => 60,
            BinaryOp::Compare(_) => 50,
            BinaryOp::And => 30,
            BinaryOp::Or | BinaryOp::Xor => 20,
        }
    }
}

/// `in` and `not_in` bind weaker than comparisons and stronger than `and`.
pub(crate) const IN_BINDING: u8 = 40;
/// `+`, `-` and `not` before an operand bind strongest: `not a = b` means `(not a) = b`.
pub(crate) const UNARY_BINDING: u8 = 80;
/// `if` and `case` swallow everything to their right.
pub(crate) const BRANCH_BINDING: u8 = 10;

/// The functions of this part of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// `isnull(x)`
    IsNull,
    /// `nvl(x, y)`
    Nvl,
    /// `abs(x)`
    Abs,
    /// `round(x, n)`
    Round,
    /// `trunc(x, n)`
    Trunc,
    /// `ceil(x)`
    Ceil,
    /// `floor(x)`
    Floor,
    /// `mod(x, y)`
    Mod,
    /// `power(x, n)`
    Power,
    /// `between(x, from, to)`
    Between,
    /// `match_characters(s, pattern)`
    MatchCharacters,
    /// `length(s)`
    Length,
    /// `substr(s, start, length)`
    Substr,
    /// `upper(s)`
    Upper,
    /// `lower(s)`
    Lower,
    /// `trim(s)`
    Trim,
    /// `ltrim(s)`
    Ltrim,
    /// `rtrim(s)`
    Rtrim,
    /// `instr(s, pattern, start, occurrence)`
    Instr,
    /// `replace(s, pattern, by)`
    Replace,
}

impl Function {
    /// Name, function, fewest and most arguments.
    const ALL: [(&'static str, Function, usize, usize); 20] = [
        ("isnull", Function::IsNull, 1, 1),
        ("nvl", Function::Nvl, 2, 2),
        ("abs", Function::Abs, 1, 1),
        ("round", Function::Round, 1, 2),
        ("trunc", Function::Trunc, 1, 2),
        ("ceil", Function::Ceil, 1, 1),
        ("floor", Function::Floor, 1, 1),
        ("mod", Function::Mod, 2, 2),
        ("power", Function::Power, 2, 2),
        ("between", Function::Between, 3, 3),
        ("match_characters", Function::MatchCharacters, 2, 2),
        ("length", Function::Length, 1, 1),
        ("substr", Function::Substr, 1, 3),
        ("upper", Function::Upper, 1, 1),
        ("lower", Function::Lower, 1, 1),
        ("trim", Function::Trim, 1, 1),
        ("ltrim", Function::Ltrim, 1, 1),
        ("rtrim", Function::Rtrim, 1, 1),
        ("instr", Function::Instr, 2, 4),
        ("replace", Function::Replace, 2, 3),
    ];

    /// The function of this name.
    pub fn named(name: &str) -> Option<Function> {
        Self::ALL.iter().find(|(known, ..)| *known == name).map(|(_, function, ..)| *function)
    }

    /// As written.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, function, ..)| *function == self).map_or("", |(name, ..)| name)
    }

    /// Fewest and most arguments.
    pub(crate) fn arity(self) -> (usize, usize) {
        Self::ALL
            .iter()
            .find(|(_, function, ..)| *function == self)
            .map_or((0, 0), |(_, _, least, most)| (*least, *most))
    }

    /// May an argument at this place be `_`?
    pub(crate) fn may_omit(self, at: usize) -> bool {
        at >= 1 && at >= self.arity().0 && !matches!(self, Function::Ceil | Function::Floor)
    }
}
