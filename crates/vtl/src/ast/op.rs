//! Operators and scalar functions, with their signs, names and binding.

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
    /// `exp(x)`
    Exp,
    /// `ln(x)`
    Ln,
    /// `log(x, base)`
    Log,
    /// `sqrt(x)`
    Sqrt,
    /// `random(seed, index)`
    Random,
    /// `string_distance(levenshtein, s, t)`
    Levenshtein,
    /// `string_distance(damerau_levenshtein, s, t)`
    DamerauLevenshtein,
    /// `string_distance(hamming, s, t)`
    Hamming,
    /// `string_distance(jaro_winkler, s, t)`
    JaroWinkler,
    /// `dateadd(t, n, "M")`
    DateAdd,
    /// `datediff(from, to)`
    DateDiff,
    /// `getyear(t)`, in 2.1 `year(t)`
    Year,
    /// `getmonth(t)`, in 2.1 `month(t)`
    Month,
    /// `dayofmonth(t)`
    DayOfMonth,
    /// `dayofyear(t)`
    DayOfYear,
    /// `daytoyear(n)`
    DayToYear,
    /// `daytomonth(n)`
    DayToMonth,
    /// `yeartoday(d)`
    YearToDay,
    /// `monthtoday(d)`
    MonthToDay,
}

impl Function {
    /// Name, function, fewest and most arguments.
    const ALL: [(&'static str, Function, usize, usize); 39] = [
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
        ("exp", Function::Exp, 1, 1),
        ("ln", Function::Ln, 1, 1),
        ("log", Function::Log, 2, 2),
        ("sqrt", Function::Sqrt, 1, 1),
        ("random", Function::Random, 2, 2),
        ("levenshtein", Function::Levenshtein, 2, 2),
        ("damerau_levenshtein", Function::DamerauLevenshtein, 2, 2),
        ("hamming", Function::Hamming, 2, 2),
        ("jaro_winkler", Function::JaroWinkler, 2, 2),
        ("dateadd", Function::DateAdd, 3, 3),
        ("datediff", Function::DateDiff, 2, 2),
        ("getyear", Function::Year, 1, 1),
        ("getmonth", Function::Month, 1, 1),
        ("dayofmonth", Function::DayOfMonth, 1, 1),
        ("dayofyear", Function::DayOfYear, 1, 1),
        ("daytoyear", Function::DayToYear, 1, 1),
        ("daytomonth", Function::DayToMonth, 1, 1),
        ("yeartoday", Function::YearToDay, 1, 1),
        ("monthtoday", Function::MonthToDay, 1, 1),
    ];

    /// The function of this name.
    pub fn named(name: &str) -> Option<Function> {
        Self::ALL.iter().find(|(known, ..)| *known == name).map(|(_, function, ..)| *function)
    }

    /// As written.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, function, ..)| *function == self).map_or("", |(name, ..)| name)
    }

    /// The methods of `string_distance` are written as its first argument: `string_distance(hamming, s, t)`.
    pub(crate) fn is_distance(self) -> bool {
        matches!(self, Function::Levenshtein | Function::DamerauLevenshtein | Function::Hamming | Function::JaroWinkler)
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
