//! What exists on the forms, and the component behind every cell: given by the caller, who alone knows the forms.

use crate::scalar::{Schema, Type};
use std::collections::HashMap;

/// Ending of the name of the sum over all lines of a list row 浮动行合计.
pub const SUM_ENDING: &str = "__sum";

/// Layout 表式 — the forms, cells and attributes that formulas may name.
#[derive(Debug, Clone)]
pub struct Layout {
    forms: Vec<Form>,
    attributes: Vec<Attribute>,
    lines: Vec<Lines>,
    places: HashMap<(usize, String, String), usize>,
    names: HashMap<String, Named>,
}

/// The codes of the rows and of the columns of a form, in order.
#[derive(Debug, Clone, Default)]
struct Lines {
    rows: Vec<String>,
    columns: Vec<String>,
}

/// Form 报表 — its cells in reading order; rows and columns stand in the order in which cells first name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// 表号 as formulas write it: `B204-1`, or `Z1@1` for the form of a linked task.
    pub code: String,
    /// The cells that exist.
    pub cells: Vec<Cell>,
    /// The unit of money that constants such as `2000万元` are converted to.
    pub unit: Option<Unit>,
    /// The boolean component that says whether this form has been filled in, for `EXIST`.
    pub filled: Option<String>,
    /// The periods other than its own that can be asked for.
    pub shifts: Vec<Shift>,
}

/// Cell 单元格 — a row and a column, and the component that holds the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Code of the row.
    pub row: String,
    /// Code of the column.
    pub column: String,
    /// Name of the component in the current period.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// Its unit, if it is an amount of money.
    pub unit: Option<Unit>,
    /// True when the row is a list of lines 浮动行, so that only its sum is one value.
    pub is_list: bool,
}

/// Attribute 属性 of the reporting unit, such as a field of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The word in formulas: letters, digits, Chinese characters and `_`.
    pub word: String,
    /// The component.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// The periods other than the current one that can be asked for.
    pub shifts: Vec<Shift>,
}

/// Shift 跨期 — which period a cell is taken from. Where that report does not exist the value is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shift {
    /// The current period.
    Now,
    /// `.-1`: so many periods before, at least one.
    Periods(u8),
    /// `.-1Y`: the same period so many years before, at least one.
    Years(u8),
    /// `.YTD`: the sum of all periods from January to the current one 年初累计.
    YearToDate,
    /// `.YE`: the last period of the year before 上年末.
    YearEnd,
}

impl Shift {
    /// The ending of the component's name.
    pub fn ending(self) -> String {
        match self {
            Shift::Now => String::new(),
            Shift::Periods(1) => "__prev".to_owned(),
            Shift::Periods(count) => format!("__prev{count}"),
            Shift::Years(1) => "__py".to_owned(),
            Shift::Years(count) => format!("__py{count}"),
            Shift::YearToDate => "__ytd".to_owned(),
            Shift::YearEnd => "__ye".to_owned(),
        }
    }

    /// As written behind a cell.
    pub fn sign(self) -> String {
        match self {
            Shift::Now => String::new(),
            Shift::Periods(count) => format!(".-{count}"),
            Shift::Years(count) => format!(".-{count}Y"),
            Shift::YearToDate => ".YTD".to_owned(),
            Shift::YearEnd => ".YE".to_owned(),
        }
    }
}

/// Unit 计量单位 of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// 元
    Yuan,
    /// 千元
    Thousand,
    /// 万元
    TenThousand,
    /// 百万元
    Million,
    /// 亿元
    HundredMillion,
}

impl Unit {
    /// Every unit with its word and its power of ten; longer words first where one ends another.
    pub(crate) const ALL: [(&'static str, Unit, u8); 5] = [
        ("百万元", Unit::Million, 6),
        ("千元", Unit::Thousand, 3),
        ("万元", Unit::TenThousand, 4),
        ("亿元", Unit::HundredMillion, 8),
        ("元", Unit::Yuan, 0),
    ];

    /// The Chinese word.
    pub fn chinese(self) -> &'static str {
        Self::ALL.iter().find(|(_, unit, _)| *unit == self).map_or("", |(word, ..)| word)
    }

    /// The unit of this word.
    pub fn named(word: &str) -> Option<Unit> {
        Self::ALL.iter().find(|(known, ..)| *known == word).map(|(_, unit, _)| *unit)
    }

    /// Ten to this power yuan.
    pub fn power(self) -> u8 {
        Self::ALL.iter().find(|(_, unit, _)| *unit == self).map_or(0, |(.., power)| *power)
    }
}

/// What a component is, as a formula would name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning<'a> {
    /// A cell, or the sum over the lines of a list row.
    Cell(&'a Form, &'a Cell, Shift),
    /// An attribute.
    Attribute(&'a Attribute, Shift),
    /// Whether a form has been filled in.
    Filled(&'a Form),
}

#[derive(Debug, Clone, Copy)]
enum Named {
    Cell(usize, usize, Shift),
    Attribute(usize, Shift),
    Filled(usize),
}

impl Layout {
    /// A layout whose formulas belong to the first form. Of a repeated place or name the first counts.
    pub fn new(forms: Vec<Form>, attributes: Vec<Attribute>) -> Layout {
        let lines = |form: &Form| Lines {
            rows: distinct(form.cells.iter().map(|cell| &cell.row)),
            columns: distinct(form.cells.iter().map(|cell| &cell.column)),
        };
        let lines = forms.iter().map(lines).collect();
        let mut layout = Layout { forms, attributes, lines, places: HashMap::new(), names: HashMap::new() };
        for (at, form) in layout.forms.iter().enumerate() {
            for (number, cell) in form.cells.iter().enumerate() {
                layout.places.entry((at, cell.row.clone(), cell.column.clone())).or_insert(number);
                for shift in std::iter::once(Shift::Now).chain(form.shifts.iter().copied()) {
                    layout.names.entry(cell.component(shift)).or_insert(Named::Cell(at, number, shift));
                }
            }
            if let Some(name) = &form.filled {
                layout.names.entry(name.clone()).or_insert(Named::Filled(at));
            }
        }
        for (at, attribute) in layout.attributes.iter().enumerate() {
            for shift in std::iter::once(Shift::Now).chain(attribute.shifts.iter().copied()) {
                let name = format!("{}{}", attribute.name, shift.ending());
                layout.names.entry(name).or_insert(Named::Attribute(at, shift));
            }
        }
        layout
    }

    /// All forms, the own one first.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// All attributes.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The codes of the rows of a form, by its place in [`Layout::forms`].
    pub fn rows(&self, form: usize) -> &[String] {
        self.lines.get(form).map_or(&[], |lines| &lines.rows)
    }

    /// The codes of its columns.
    pub fn columns(&self, form: usize) -> &[String] {
        self.lines.get(form).map_or(&[], |lines| &lines.columns)
    }

    /// The cell of a row and a column of a form, by its place in [`Layout::forms`].
    pub fn cell(&self, form: usize, row: &str, column: &str) -> Option<&Cell> {
        let number = self.places.get(&(form, row.to_owned(), column.to_owned()))?;
        self.forms.get(form)?.cells.get(*number)
    }

    /// What a component is: the way back from names to places.
    pub fn meaning(&self, name: &str) -> Option<Meaning<'_>> {
        Some(match *self.names.get(name)? {
            Named::Cell(form, cell, shift) => {
                let form = self.forms.get(form)?;
                Meaning::Cell(form, form.cells.get(cell)?, shift)
            }
            Named::Attribute(at, shift) => Meaning::Attribute(self.attributes.get(at)?, shift),
            Named::Filled(form) => Meaning::Filled(self.forms.get(form)?),
        })
    }

    /// The type of a component.
    pub fn kind(&self, name: &str) -> Option<Type> {
        self.meaning(name).map(|meaning| match meaning {
            Meaning::Cell(_, cell, _) => cell.kind,
            Meaning::Attribute(attribute, _) => attribute.kind,
            Meaning::Filled(_) => Type::Boolean,
        })
    }

    /// A schema of these components; unknown names are left out.
    pub fn schema<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Schema {
        Schema::new(names.into_iter().filter_map(|name| Some((name, self.kind(name)?))))
    }

    /// Is this form the one that the formulas belong to?
    pub(super) fn is_own(&self, form: &Form) -> bool {
        self.forms.first().is_some_and(|own| std::ptr::eq(own, form))
    }

    pub(super) fn own_unit(&self) -> Option<Unit> {
        self.forms.first().and_then(|form| form.unit)
    }
}

impl Cell {
    /// The component that holds its value (of a list row: the sum of its lines) in a period.
    pub fn component(&self, shift: Shift) -> String {
        let sum = if self.is_list { SUM_ENDING } else { "" };
        format!("{}{sum}{}", self.name, shift.ending())
    }
}

fn distinct<'a>(codes: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    codes.filter(|code| seen.insert(*code)).cloned().collect()
}
