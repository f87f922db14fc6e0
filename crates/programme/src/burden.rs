//! Burden 填报负担: what the forms of a unit ask more than once (最多报一次).

use std::collections::BTreeMap;

use youju_codes::Measure;

use crate::cell::{Carry, CellDef};
use crate::form::Form;
use crate::programme::Programme;

/// An indicator that stands on several forms which one unit may owe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// Its name in sentences.
    pub label: String,
    /// Its unit of measure.
    pub measure: Measure,
    /// The forms, each with the form that it takes the figure from, if it does.
    pub forms: Vec<(String, Option<String>)>,
}

impl Repeated {
    /// True when a person types it on more than one form.
    pub fn is_typed_twice(&self) -> bool {
        self.forms.iter().filter(|(_, from)| from.is_none()).count() > 1
    }
}

/// The numbers of the main column that stand on several forms of overlapping audiences under one name and unit of measure.
pub fn burden<'p>(programmes: impl IntoIterator<Item = &'p Programme>) -> Vec<Repeated> {
    let forms: Vec<&Form> = programmes.into_iter().flat_map(Programme::forms).collect();
    let mut asked: BTreeMap<(&str, Measure), Vec<(&Form, &CellDef)>> = BTreeMap::new();
    for form in forms {
        for cell in form.cells().iter().filter(|cell| cell.is_number() && cell.column.is_empty()) {
            asked.entry((&cell.label, cell.measure)).or_default().push((form, cell));
        }
    }
    let repeated = asked.into_iter().filter_map(|((label, measure), all)| {
        let meets = |form: &Form| all.iter().any(|(other, _)| other.code != form.code && form.shares_units_with(other));
        let forms = all.iter().filter(|(form, _)| meets(form)).map(|(form, cell)| {
            let from = match &cell.carry {
                Carry::OtherForm(from) => Some(from.clone()),
                _ => None,
            };
            (form.code.clone(), from)
        });
        let forms: Vec<(String, Option<String>)> = forms.collect();
        (forms.len() > 1).then(|| Repeated { label: label.to_owned(), measure, forms })
    });
    repeated.collect()
}

impl Form {
    /// True when some unit may owe both forms: an industry of one is, or lies within, an industry of the other.
    fn shares_units_with(&self, other: &Form) -> bool {
        let section = |code: &str| youju_codes::Industry::parse(code).ok().map(|industry| industry.section().code());
        let holds = |wide: &str, narrow: &str| narrow.starts_with(wide) || section(narrow) == Some(wide);
        let meet = |one: &String, two: &String| holds(one, two) || holds(two, one);
        self.industries.iter().any(|one| other.industries.iter().any(|two| meet(one, two)))
    }
}
