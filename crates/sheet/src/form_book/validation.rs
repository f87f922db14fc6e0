//! What Excel itself refuses while somebody types: the same rules as when the book comes home, as far as Excel knows them.

use std::collections::HashMap;

use rust_xlsxwriter::{DataValidation, DataValidationRule, Formula, Worksheet, XlsxError};

use crate::form_book::marks::HIDDEN_SHEET;
use crate::form_book::place::letters;
use crate::form_book::{CodeList, FormBook, Rule};
use crate::limits::VALIDATED_RANGES_MAX;

/// The ranges of the hidden sheet that drop-downs are taken from, by the name of the list. Excel holds only 255 characters
/// of a drop-down in the cell itself.
pub(crate) struct Lists(HashMap<String, String>);

impl Lists {
    pub(crate) fn of(book: &FormBook) -> Lists {
        let ranges = book.lists.iter().enumerate().map(|(index, list)| (list.name.clone(), range(index, list)));
        Lists(ranges.collect())
    }
}

/// The first row of the hidden sheet holds the stamp and the names of the lists.
fn range(index: usize, list: &CodeList) -> String {
    let column = letters(index + 1);
    format!("={HIDDEN_SHEET}!${column}$2:${column}${}", list.codes.len().max(1) + 1)
}

/// Runs of cells with the same rule, one above the other.
#[derive(Default)]
pub(crate) struct Runs {
    open: HashMap<u16, Run>,
    done: Vec<(u16, Run)>,
}

struct Run {
    rule: Rule,
    first: u32,
    last: u32,
}

impl Runs {
    /// Notes that a cell has a rule; rows come from top to bottom.
    pub(crate) fn note(&mut self, row: u32, column: u16, rule: &Rule) {
        match self.open.get_mut(&column) {
            Some(run) if run.last + 1 == row && run.rule == *rule => run.last = row,
            _ => {
                let ended = self.open.insert(column, Run { rule: rule.clone(), first: row, last: row });
                self.done.extend(ended.map(|run| (column, run)));
            }
        }
    }

    /// Tells Excel. What is beyond [`VALIDATED_RANGES_MAX`] is judged only when the book comes home.
    pub(crate) fn tell(mut self, sheet: &mut Worksheet, lists: &Lists) -> Result<(), XlsxError> {
        self.done.extend(self.open);
        self.done.sort_by_key(|(column, run)| (*column, run.first));
        for (column, run) in self.done.iter().take(VALIDATED_RANGES_MAX) {
            if let Some(validation) = validation(&run.rule, lists)? {
                sheet.add_data_validation(run.first, *column, run.last, *column, &validation)?;
            }
        }
        Ok(())
    }
}

fn validation(rule: &Rule, lists: &Lists) -> Result<Option<DataValidation>, XlsxError> {
    let new = DataValidation::new;
    let between = |low: &str, high: &str| DataValidationRule::Between(Formula::new(low), Formula::new(high));
    let (validation, message) = match rule {
        Rule::Locked | Rule::Absent | Rule::Free => return Ok(None),
        // Excel itself keeps 15 digits of a number.
        Rule::Number { decimals: 0 } => {
            let whole = between("-999999999999999", "999999999999999");
            (new().allow_whole_number_formula(whole), "请填写整数。没有数据请留空,不要填“-”或“/”。".to_owned())
        }
        Rule::Number { decimals } => {
            let number = between("-999999999999999", "999999999999999");
            let message = format!("请填写数字,最多 {decimals} 位小数。没有数据请留空,不要填“-”或“/”。");
            (new().allow_decimal_number_formula(number), message)
        }
        Rule::Text { chars_max } => {
            let length = DataValidationRule::LessThanOrEqualTo(*chars_max);
            (new().allow_text_length(length), format!("最多 {chars_max} 个字。"))
        }
        Rule::Code { list } => {
            let Some(range) = lists.0.get(list) else { return Ok(None) };
            (new().allow_list_formula(Formula::new(range)), "请从下拉列表中选择。".to_owned())
        }
        Rule::Month => {
            let month = between("190001", "299912");
            (new().allow_whole_number_formula(month), "请填写 6 位年月,例如 202603。".to_owned())
        }
    };
    Ok(Some(validation.set_error_title("填报有误")?.set_error_message(message)?))
}
