//! Names of units, taken apart: place, what tells the unit from others (字号), trade, legal form, branch, ordinals.

use std::sync::OnceLock;

use crate::hash;
use crate::place::{self, Place};
use crate::similar::one_change;
use crate::text::{folded, is_blank, with_figures};
use crate::words::{ASIDES, ENDS, Form, HEADS, PARTS, trades};

/// A name in its parts, each made uniform.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// The deepest area that the name speaks of, or 0.
    pub place: Place,
    /// 字号: what is left when place, trade and form are taken away.
    pub core: String,
    /// What the unit does, if the name ends with it.
    pub trade: String,
    /// The kind of body.
    pub form: Form,
    /// What stands after the legal form: 城西支行, 第2分公司.
    pub branch: String,
    /// The numbers that count something in the name (第二, 九部), as a hash; 0 for none.
    pub ordinals: u32,
}

/// Numbers before these count units of one kind; 五金 and 万里 count nothing.
const COUNTED: &[char] =
    &['部', '店', '厂', '分', '支', '门', '组', '队', '所', '站', '号', '期', '中', '小', '营', '车'];

const CORE_MIN: usize = 2; // characters; a shorter 字号 would be shared by thousands

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        let long_first = |words: &[(&str, Form)]| {
            let mut words: Vec<(Vec<char>, Form)> =
                words.iter().map(|(word, form)| (word.chars().collect(), *form)).collect();
            words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
            words
        };
        let mut known = hash::Set::default();
        let mut longest = 0;
        for word in trades() {
            let word: Vec<char> = word.chars().collect();
            longest = longest.max(word.len());
            known.insert(hash::of_chars(&word));
        }
        Lists {
            heads: long_first(HEADS),
            ends: long_first(&[HEADS, ENDS].concat()),
            asides: long_first(ASIDES),
            trades: known,
            longest,
        }
    })
}

struct Lists {
    heads: Vec<(Vec<char>, Form)>,
    ends: Vec<(Vec<char>, Form)>,
    asides: Vec<(Vec<char>, Form)>,
    trades: hash::Set,
    longest: usize,
}

/// Takes a name apart.
///
/// ```
/// let name = youju_linkage::name("義烏市红发（針織內衣）厂");
/// assert_eq!((name.core.as_str(), name.trade.as_str()), ("红发", "针织内衣"));
/// ```
pub fn name(text: &str) -> Name {
    let mut name = Name::default();
    let whole = folded(text);
    if is_blank(&whole) {
        return name;
    }
    let whole = without_asides(&whole, &mut name);
    let whole = with_mended_form(with_figures(&whole, COUNTED));
    let (head, form, branch) = at_the_form(&whole);
    name.form = if form == Form::None { name.form } else { form };
    let inner = place::read(head, CORE_MIN, false);
    name.place = deeper(name.place, inner.place);
    let head = head.get(inner.length..).unwrap_or_default();
    let outer = place::read(branch, 1, false);
    name.place = deeper(name.place, outer.place);
    let branch = branch.get(outer.length..).unwrap_or_default();
    let (head, form) = without_end(head, branch.is_empty() && form == Form::None);
    name.form = if name.form == Form::None { form } else { name.form };
    let (core, trade) = at_the_trade(head);
    name.ordinals = ordinals(&whole);
    name.core = core.iter().collect();
    name.trade = trade.iter().collect();
    name.branch = branch.iter().collect();
    name
}

/// The more exact of two areas when one lies in the other; otherwise the first that is known.
pub(crate) fn deeper(a: Place, b: Place) -> Place {
    if a == 0 || place::within(b, a) { b } else { a }
}

/// Letters and characters without brackets, without what in brackets says nothing, and with places in brackets noted.
fn without_asides(whole: &[char], name: &mut Name) -> Vec<char> {
    let mut out = Vec::with_capacity(whole.len());
    let mut rest = whole;
    while let Some(first) = rest.first() {
        let end = if *first == '(' { rest.iter().position(|c| *c == ')') } else { None };
        let Some(end) = end.filter(|end| *end > 1) else {
            if first.is_alphanumeric() {
                out.push(*first);
            }
            rest = rest.get(1..).unwrap_or_default();
            continue;
        };
        let inside: Vec<char> =
            rest.get(1..end).unwrap_or_default().iter().copied().filter(|c| c.is_alphanumeric()).collect();
        let aside = lists().asides.iter().find(|(word, _)| *word == inside);
        let area = place::read(&inside, 0, false);
        if let Some((_, form)) = aside {
            name.form = *form;
        } else if area.length > 0 && area.length == inside.len() && !out.is_empty() {
            name.place = deeper(name.place, area.place);
        } else {
            out.extend(inside);
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    out
}

/// A form at the end that is one character off (限有公司, 有公司, 有洪责任公司) is that form: nothing else ends so.
fn with_mended_form(mut whole: Vec<char>) -> Vec<char> {
    const FORMS: [&[char]; 2] = [&['有', '限', '责', '任', '公', '司'], &['有', '限', '公', '司']];
    if FORMS.iter().any(|form| whole.ends_with(form)) {
        return whole;
    }
    for form in FORMS {
        for length in [form.len(), form.len() - 1] {
            let start = whole.len().saturating_sub(length);
            if start >= CORE_MIN && whole.get(start..).is_some_and(|end| one_change(end, form)) {
                whole.truncate(start);
                whole.extend_from_slice(form);
                return whole;
            }
        }
    }
    whole
}

/// Where the first legal form stands: what is before it, which it is, and the branch after it.
fn at_the_form(whole: &[char]) -> (&[char], Form, &[char]) {
    for at in CORE_MIN..whole.len() {
        let (before, rest) = whole.split_at(at);
        for (word, form) in &lists().heads {
            let part = before.last().is_some_and(|c| PARTS.contains(c));
            if rest.starts_with(word) && !part {
                let (_, after) = rest.split_at(word.len());
                let (before, _) = without_end(before, false);
                return (before, *form, after);
            }
        }
    }
    if let Some(at) =
        whole.windows(2).position(|pair| pair == ['银', '行']).filter(|at| *at > 0 && at + 2 < whole.len())
    {
        let (before, after) = whole.split_at(at + 2);
        return (before, Form::Company, after);
    }
    (whole, Form::None, &[])
}

/// Takes 集团 away before a form, or any form at the end.
fn without_end(head: &[char], any: bool) -> (&[char], Form) {
    let allowed = |word: &[char]| any || word == ['集', '团'];
    for (word, form) in &lists().ends {
        if allowed(word) && head.ends_with(word) && head.len() >= word.len() + CORE_MIN {
            let (before, _) = head.split_at(head.len() - word.len());
            return (before, *form);
        }
    }
    (head, Form::None)
}

/// Trades at the end, one after the other, as long as something is left that tells the unit from others.
fn at_the_trade(head: &[char]) -> (&[char], &[char]) {
    let lists = lists();
    let mut core = head;
    loop {
        let room = core.len().saturating_sub(CORE_MIN).min(lists.longest);
        let found = (2..=room).rev().find(|length| {
            let (_, end) = core.split_at(core.len() - length);
            lists.trades.contains(&hash::of_chars(end))
        });
        let Some(length) = found else { break };
        core = core.get(..core.len() - length).unwrap_or_default();
    }
    head.split_at(core.len())
}

/// The numbers in a name: what tells 综合八部 from 综合九部.
fn ordinals(whole: &[char]) -> u32 {
    let figures: Vec<char> = whole
        .iter()
        .map(|c| if c.is_ascii_digit() { *c } else { ' ' })
        .collect::<String>()
        .split_whitespace()
        .flat_map(|run| run.chars().chain([' ']))
        .collect();
    if figures.is_empty() { 0 } else { hash::short(hash::of_chars(&figures)) }
}
