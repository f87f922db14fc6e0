//! The arithmetic of a trial balance. A table that fails it was cut, edited or misread, and is refused.
//!
//! Amounts in 元 must agree to the last 分. In 万元 and the like every amount is rounded on its own: a sum may differ by half
//! a unit of the last printed place for each of its terms, and by no more.

use rust_decimal::Decimal;
use youju_codes::format_number;

use super::columns::{Balance, Layout};
use super::{Line, Place};
use crate::error::CellError;

/// What is verified.
pub(super) struct Table<'a> {
    pub place: &'a Place<'a>,
    pub layout: &'a Layout,
    pub lines: &'a [Line],
    /// For each line the index of its parent.
    pub parents: &'a [Option<usize>],
    /// Whether the amounts are rounded to a larger unit than 元.
    pub is_rounded: bool,
}

/// A figure of a line, and how to read it; nothing when it is not printed.
struct Figure {
    name: &'static str,
    column: usize,
    of: fn(&Line) -> Option<Decimal>,
    /// A balance counts as debit minus credit.
    is_net: bool,
}

fn value(amount: Option<Decimal>) -> Decimal {
    amount.unwrap_or(Decimal::ZERO)
}

fn opening(line: &Line) -> Decimal {
    value(net(line.opening_debit, line.opening_credit))
}

fn closing(line: &Line) -> Decimal {
    value(net(line.closing_debit, line.closing_credit))
}

/// All findings, located.
pub(super) fn verify(table: &Table<'_>, total: Option<&Line>) -> Vec<CellError> {
    let tolerance = Tolerance::of(table);
    let mut errors = verify_lines(table, &tolerance);
    errors.extend(verify_roll_up(table, &tolerance));
    errors.extend(verify_balance(table, &tolerance));
    if let Some(total) = total {
        errors.extend(verify_total(table, total, &tolerance));
    }
    errors
}

/// How far a sum of rounded terms may be off.
struct Tolerance {
    per_term: Decimal,
}

impl Tolerance {
    fn of(table: &Table<'_>) -> Tolerance {
        if !table.is_rounded {
            return Tolerance { per_term: Decimal::ZERO };
        }
        let places = table.lines.iter().flat_map(amounts).map(|amount| amount.normalize().scale()).max().unwrap_or(0);
        Tolerance { per_term: Decimal::new(5, (places + 1).min(28)) }
    }

    fn allows(&self, difference: Decimal, terms: usize) -> bool {
        difference.abs() <= self.per_term * Decimal::from(terms)
    }
}

fn amounts(line: &Line) -> impl Iterator<Item = Decimal> {
    let opening = [line.opening_debit, line.opening_credit, line.period_debit, line.period_credit];
    let closing = [line.ytd_debit, line.ytd_credit, line.closing_debit, line.closing_credit];
    opening.into_iter().chain(closing).flatten()
}

fn net(debit: Option<Decimal>, credit: Option<Decimal>) -> Option<Decimal> {
    (debit.is_some() || credit.is_some()).then(|| value(debit) - value(credit))
}

/// The movements of a line, side by side.
fn flows(layout: &Layout) -> Vec<Figure> {
    let mut figures = Vec::new();
    if let Some((debit, credit)) = layout.period {
        figures.push(Figure { name: "本期借方", column: debit, of: |l| l.period_debit, is_net: false });
        figures.push(Figure { name: "本期贷方", column: credit, of: |l| l.period_credit, is_net: false });
    }
    if let Some((debit, credit)) = layout.ytd {
        figures.push(Figure { name: "累计借方", column: debit, of: |l| l.ytd_debit, is_net: false });
        figures.push(Figure { name: "累计贷方", column: credit, of: |l| l.ytd_credit, is_net: false });
    }
    figures
}

/// The balances of a line as debit minus credit: an account offsets what stands on the two sides of those below it.
fn net_balances(layout: &Layout) -> Vec<Figure> {
    let column = |balance| match balance {
        Balance::Absent => None,
        Balance::Pair(column, _) | Balance::Directed { amount: column, .. } => Some(column),
    };
    let opening = column(layout.opening).map(|column| Figure {
        name: "期初余额",
        column,
        of: |l| net(l.opening_debit, l.opening_credit),
        is_net: true,
    });
    let closing = column(layout.closing).map(|column| Figure {
        name: "期末余额",
        column,
        of: |l| net(l.closing_debit, l.closing_credit),
        is_net: true,
    });
    opening.into_iter().chain(closing).collect()
}

/// The balances as a total prints them: side by side where they stand in two columns.
fn printed_balances(layout: &Layout) -> Vec<Figure> {
    let mut figures = net_balances(layout);
    if let Balance::Pair(debit, credit) = layout.opening {
        figures.retain(|figure| figure.column != debit);
        figures.push(Figure { name: "期初借方", column: debit, of: |l| l.opening_debit, is_net: false });
        figures.push(Figure { name: "期初贷方", column: credit, of: |l| l.opening_credit, is_net: false });
    }
    if let Balance::Pair(debit, credit) = layout.closing {
        figures.retain(|figure| figure.column != debit);
        figures.push(Figure { name: "期末借方", column: debit, of: |l| l.closing_debit, is_net: false });
        figures.push(Figure { name: "期末贷方", column: credit, of: |l| l.closing_credit, is_net: false });
    }
    figures
}

/// 期初 + 借方 − 贷方 = 期末, on every line.
fn verify_lines(table: &Table<'_>, tolerance: &Tolerance) -> Vec<CellError> {
    let layout = table.layout;
    let column = match layout.closing {
        Balance::Pair(column, _) | Balance::Directed { amount: column, .. } => column,
        Balance::Absent => return Vec::new(),
    };
    if layout.opening == Balance::Absent || layout.period.is_none() {
        return Vec::new();
    }
    let find = |line: &Line| {
        let expected = opening(line) + value(line.period_debit) - value(line.period_credit);
        let difference = closing(line) - expected;
        (!tolerance.allows(difference, 4)).then(|| {
            let message = format!(
                "现为{},按“期初＋本期借方－本期贷方”应为{},相差 {}。请核对“{}”这一行后重新导出。",
                side(closing(line)),
                side(expected),
                format_number(&difference.abs()),
                line.name
            );
            table.place.cell(line.row - 1, column, message)
        })
    };
    table.lines.iter().filter_map(find).collect()
}

/// Every account that has accounts below it is their sum.
fn verify_roll_up(table: &Table<'_>, tolerance: &Tolerance) -> Vec<CellError> {
    let mut children = vec![Vec::new(); table.lines.len()];
    for (line, parent) in table.lines.iter().zip(table.parents) {
        if let Some(list) = parent.and_then(|parent| children.get_mut(parent)) {
            list.push(line);
        }
    }
    let figures: Vec<Figure> = flows(table.layout).into_iter().chain(net_balances(table.layout)).collect();
    let mut errors = Vec::new();
    for (line, children) in table.lines.iter().zip(&children).filter(|(_, children)| !children.is_empty()) {
        for figure in &figures {
            let (own, sum) = (value((figure.of)(line)), sum(children, figure));
            if !tolerance.allows(own - sum, children.len() + 1) {
                let message = format!(
                    "现为{},{} 个下级科目合计为{},相差 {}。请导出“{}”的全部下级科目,或者核对该科目。",
                    figure.show(own),
                    children.len(),
                    figure.show(sum),
                    format_number(&(own - sum).abs()),
                    line.name
                );
                errors.push(table.place.cell(line.row - 1, figure.column, message));
            }
        }
    }
    errors
}

fn sum(lines: &[&Line], figure: &Figure) -> Decimal {
    lines.iter().filter_map(|line| (figure.of)(line)).sum()
}

/// Debit equals credit over all first-level accounts; only a table with accounts of several classes (assets, liabilities, …)
/// can be a whole one.
fn verify_balance(table: &Table<'_>, tolerance: &Tolerance) -> Vec<CellError> {
    let roots: Vec<&Line> = roots(table).collect();
    let class = |line: &&Line| line.account.chars().next();
    let first = roots.first().and_then(class);
    if roots.iter().all(|line| class(line) == first) {
        return Vec::new();
    }
    let layout = table.layout;
    let laws = [
        Law { name: "期初余额", is_printed: layout.opening != Balance::Absent, of: opening },
        Law {
            name: "本期发生额",
            is_printed: layout.period.is_some(),
            of: |l| value(net(l.period_debit, l.period_credit)),
        },
        Law {
            name: "本年累计发生额", is_printed: layout.ytd.is_some(), of: |l| value(net(l.ytd_debit, l.ytd_credit))
        },
        Law { name: "期末余额", is_printed: layout.closing != Balance::Absent, of: closing },
    ];
    let find = |law: &Law| {
        let difference: Decimal = roots.iter().map(|line| (law.of)(line)).sum();
        (law.is_printed && !tolerance.allows(difference, 2 * roots.len())).then(|| {
            let heavier = if difference.is_sign_positive() { "借方" } else { "贷方" };
            table.place.table(format!(
                "{} 个一级科目的{}借贷不平,{heavier}多 {}。请确认已导出全部科目,没有筛选或删除。",
                roots.len(),
                law.name,
                format_number(&difference.abs())
            ))
        })
    };
    laws.iter().filter_map(find).collect()
}

/// What must be zero over all first-level accounts.
struct Law {
    name: &'static str,
    is_printed: bool,
    of: fn(&Line) -> Decimal,
}

/// The printed total is the sum of the accounts. Balances in two columns are summed by some programs over the first-level
/// accounts and by others over the leaves; either is right. What the total does not print is not verified.
fn verify_total(table: &Table<'_>, total: &Line, tolerance: &Tolerance) -> Vec<CellError> {
    let roots: Vec<&Line> = roots(table).collect();
    let leaves: Vec<&Line> = table.lines.iter().filter(|line| line.is_leaf).collect();
    let find = |figure: Figure| {
        let printed = (figure.of)(total)?;
        let agrees = |lines: &[&Line]| tolerance.allows(printed - sum(lines, &figure), lines.len() + 1);
        if agrees(&roots) || agrees(&leaves) {
            return None;
        }
        let sum = sum(&roots, &figure);
        let message = format!(
            "合计现为{},各科目的{}之和为{},相差 {}。请确认科目没有缺少或重复。",
            figure.show(printed),
            figure.name,
            figure.show(sum),
            format_number(&(printed - sum).abs())
        );
        Some(table.place.cell(total.row - 1, figure.column, message))
    };
    flows(table.layout).into_iter().chain(printed_balances(table.layout)).filter_map(find).collect()
}

impl Figure {
    fn show(&self, number: Decimal) -> String {
        if self.is_net { side(number) } else { format!(" {}", format_number(&number)) }
    }
}

/// A balance as bookkeepers say it: 借方 1,200 or 贷方 1,200.
fn side(net: Decimal) -> String {
    match net {
        zero if zero.is_zero() => "平".to_owned(),
        debit if debit.is_sign_positive() => format!("借方 {}", format_number(&debit)),
        credit => format!("贷方 {}", format_number(&-credit)),
    }
}

/// The accounts that belong to no other account of the table.
fn roots<'a>(table: &Table<'a>) -> impl Iterator<Item = &'a Line> {
    table.lines.iter().zip(table.parents).filter(|(_, parent)| parent.is_none()).map(|(line, _)| line)
}
