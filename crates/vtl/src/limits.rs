//! Every limit of the language, with its unit. A script beyond one of them is refused with a message that names the limit.

/// The longest script, in bytes.
pub const SCRIPT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most rules in one ruleset.
pub const RULES_MAX: usize = 10_000;
/// The deepest expression, in levels. A chain `a + b + c` is as deep as it is long.
pub const DEPTH_MAX: u32 = 400;
/// The deepest nesting of parentheses, calls and branches: what the parser itself recurses over.
pub const NESTING_MAX: u32 = 200;
/// The longest name of a component, rule or ruleset, in characters.
pub const NAME_CHARS_MAX: usize = 200;
/// The most errors that one run reports; more would not be read.
pub const ERRORS_MAX: usize = 100;
/// The largest constant exponent of `power`, up or down, that becomes multiplications of whole numbers; an eighth of it
/// for other numbers. Any other exponent is computed row by row.
pub const EXPONENT_MAX: u64 = 32;
/// The most digits that `round` and `trunc` keep or drop.
pub const ROUND_DIGITS_MAX: i64 = 18;
/// The most decimal places of a number (the most that an `i128` can hold).
pub const SCALE_MAX: u8 = 38;
/// Products with more decimal places than this go on as fractions, so that `i128` is not used up by zeros.
pub(crate) const PRODUCT_SCALE_MAX: u8 = 24;
/// Decimal places of a quotient that is handed out as a number. Verdicts never see this rounding.
pub const QUOTIENT_DIGITS: u8 = 10;
/// The most compiled bytes of one pattern of `match_characters`.
pub const PATTERN_BYTES_MAX: usize = 256 * 1024;
/// The longest text whose distance to another is counted, in characters; beyond it the row is not testable.
pub const DISTANCE_CHARS_MAX: usize = 1_000;
/// The longest text that a string operator may produce in one row, in bytes.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Rows that are evaluated together; a multiple of 64.
pub(crate) const BLOCK_ROWS: usize = 1024;
/// Words of 64 rows in a block.
pub(crate) const BLOCK_WORDS: usize = BLOCK_ROWS / 64;
/// The most expressions of one statement after user-defined operators have been expanded.
pub const TYPED_NODES_MAX: u32 = 100_000;
/// The deepest nesting of user-defined operators.
pub const OPERATORS_MAX: usize = 32;
/// A floating-point value is taken as the shortest decimal with at most so many places.
pub const FLOAT_SCALE_MAX: u8 = 6;
/// The digits of such a decimal stay below this number: 15 digits, which `f64` tells apart.
pub(crate) const FLOAT_DIGITS_MAX: u64 = 1_000_000_000_000_000;
/// Plans that a program keeps, for the sets of rules and shapes of columns that it saw last.
pub(crate) const PLANS_KEPT: usize = 256;
/// The most blocks that one thread takes at a time.
pub(crate) const PART_BLOCKS_MAX: usize = 32;
/// The numbers of a record have at least so many decimal places, so that records with and without them share a plan.
pub(crate) const CELL_SCALE: u8 = 4;
