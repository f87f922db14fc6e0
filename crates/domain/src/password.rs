//! Password 密码: what may be one. How it is hashed stands in `app::crypto`; that it is none of the last ones is asked there, because
//! only hashes are kept.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::access::Role;
use crate::account::AccountProblem;
use crate::problem::Problem;

/// Fewest characters of a respondent's password.
pub const RESPONDENT_CHARS_MIN: usize = 8;
/// Fewest characters of the password of anybody else: it opens the figures of many units.
pub const OFFICE_CHARS_MIN: usize = 10;
/// Most characters: what is longer was not typed by anybody.
pub const CHARS_MAX: usize = 128;
/// Of capital letters, small letters, digits and everything else, so many kinds stand in a password.
pub const KINDS_MIN: usize = 3;
/// A new password is none of the last so many.
pub const REMEMBERED: usize = 5;
/// Fewest pieces that do not follow from the one before, by alphabet, keyboard or repetition: `Qwer1234!` has three.
const PIECES_MIN: usize = 5;
/// Shortest login or name that is looked for inside a password.
const OWN_CHARS_MIN: usize = 2;

/// Well-known passwords and the words that they are made of, one a line; `#` begins a remark.
const WEAK: &str = include_str!("password/weak.txt");

static WEAK_FOLDED: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let lines = WEAK.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(fold).collect()
});

/// Whose password it is to be.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// What they sign in with.
    pub login: &'a str,
    /// Their name.
    pub name: &'a str,
    /// Their role.
    pub role: Role,
}

/// Refuses a password that is too easily guessed; everything that is wrong is told at once.
pub fn judge(password: &str, whose: Whose<'_>) -> Result<(), Problem> {
    let reasons: Vec<String> = [
        length(password, whose.role),
        kinds(password),
        own(password, whose),
        is_weak(password).then(|| "不应是常见的弱密码,包括只换了几个字符或加了数字的".to_owned()),
        (pieces(password) < PIECES_MIN).then(|| "不应由连续的键盘位置、字母、数字或重复的字符组成".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if reasons.is_empty() { Ok(()) } else { Err(AccountProblem::WeakPassword { reasons }.into()) }
}

/// What a password of this role must be, for the page on which it is typed.
pub fn rules(role: Role) -> String {
    format!(
        "不少于 {} 个字符,大写字母、小写字母、数字、其他字符中至少 {KINDS_MIN} 种;不含账号和姓名,不是常见的弱密码,不与最近 {REMEMBERED} 次用过的相同。",
        chars_min(role)
    )
}

fn chars_min(role: Role) -> usize {
    if role.is_respondent() { RESPONDENT_CHARS_MIN } else { OFFICE_CHARS_MIN }
}

fn length(password: &str, role: Role) -> Option<String> {
    let count = password.chars().count();
    let (least, most) = (chars_min(role), CHARS_MAX);
    (count < least || count > most).then(|| format!("应在 {least} 到 {most} 个字符之间,现为 {count} 个"))
}

fn kinds(password: &str) -> Option<String> {
    let has = |kind: fn(char) -> bool| usize::from(password.chars().any(kind));
    let others = |c: char| !c.is_ascii_alphanumeric();
    let found =
        has(|c| c.is_ascii_uppercase()) + has(|c| c.is_ascii_lowercase()) + has(|c| c.is_ascii_digit()) + has(others);
    (found < KINDS_MIN).then(|| format!("大写字母、小写字母、数字、其他字符中应有 {KINDS_MIN} 种以上,现有 {found} 种"))
}

fn own(password: &str, whose: Whose<'_>) -> Option<String> {
    let password = password.to_lowercase();
    let holds = |own: &str| own.chars().count() >= OWN_CHARS_MIN && password.contains(&own.to_lowercase());
    (holds(whose.login) || holds(whose.name)).then(|| "不应含有账号或姓名".to_owned())
}

/// True for a listed password, also when digits and signs were put around it or characters were replaced as people do.
fn is_weak(password: &str) -> bool {
    let trimmed = |c: char| !c.is_alphabetic();
    let forms = [password, password.trim_end_matches(trimmed), password.trim_matches(trimmed)];
    forms.into_iter().filter(|form| form.chars().count() > 1).any(|form| WEAK_FOLDED.contains(&fold(form)))
}

/// Characters that people take for each other become one.
fn fold(text: &str) -> String {
    let one = |c| match c {
        '@' | '4' => 'a',
        '8' => 'b',
        '3' => 'e',
        '6' | '9' => 'g',
        '1' | '!' | '|' | 'l' => 'i',
        '0' => 'o',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '2' => 'z',
        c => c,
    };
    text.to_lowercase().chars().map(one).collect()
}

/// Rows and columns of the keyboard, the alphabet and the digits: whoever follows one of them has chosen once.
const WALKS: [&str; 16] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik",
    "0okm",
    "9ijn",
    "8uhb",
];

/// Pieces of a password in which no character follows from the one before.
fn pieces(password: &str) -> usize {
    let keys: Vec<char> = password.to_lowercase().chars().map(key).collect();
    let mut count = usize::from(!keys.is_empty());
    for pair in keys.windows(2) {
        if let [before, after] = pair {
            count += usize::from(!follows(*before, *after));
        }
    }
    count
}

/// The key on which a sign stands: `!@#` is as easy as `123`.
fn key(sign: char) -> char {
    let shifted = [
        ('!', '1'),
        ('@', '2'),
        ('#', '3'),
        ('$', '4'),
        ('%', '5'),
        ('^', '6'),
        ('&', '7'),
        ('*', '8'),
        ('(', '9'),
        (')', '0'),
    ];
    shifted.into_iter().find(|(from, _)| *from == sign).map_or(sign, |(_, to)| to)
}

fn follows(before: char, after: char) -> bool {
    let stands = |walk: &&str, one: char, other: char| {
        walk.chars().zip(walk.chars().skip(1)).any(|pair| pair == (one, other) || pair == (other, one))
    };
    before == after || WALKS.iter().any(|walk| stands(walk, before, after))
}
