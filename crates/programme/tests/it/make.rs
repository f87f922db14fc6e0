//! A correct report to begin with, and ways to spoil it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use youju_codes::Period;
use youju_domain::finding::{Finding, Outcome};
use youju_domain::id::PersonId;
use youju_domain::report::{Cell, Cells, Value, ValueState};
use youju_programme::{Facts, Files, Form, LoadError, Programme, load};

/// A unit that keeps no ledgers.
pub static NO_FIGURES: BTreeMap<String, rust_decimal::Decimal> = BTreeMap::new();

/// The shipped programmes, loaded once.
pub fn programmes() -> &'static [Programme] {
    static PROGRAMMES: OnceLock<Vec<Programme>> = OnceLock::new();
    PROGRAMMES.get_or_init(|| load(&Files::shipped()).expect("the shipped programmes load"))
}

/// The shipped industry programme.
pub fn programme() -> &'static Programme {
    programmes().iter().find(|programme| programme.id == "industry").expect("it is shipped")
}

pub fn form(code: &str) -> &'static Form {
    programmes().iter().find_map(|programme| programme.form(code)).expect(code)
}

/// The files of the shipped industry programme.
pub fn industry() -> Files {
    Files::shipped().into_iter().find(|files| files.name() == "industry").expect("it is shipped")
}

/// An industry programme in the place of the shipped one, beside all others. Its errors are told without its folder.
pub fn load_with(industry: &Files) -> Result<Programme, Vec<LoadError>> {
    let all =
        Files::shipped().into_iter().map(|files| if files.name() == "industry" { industry.clone() } else { files });
    let all: Vec<Files> = all.collect();
    let at = all.iter().position(|files| files == industry).expect("it is among them");
    let bare = |error: LoadError| {
        let strip = |text: &str| text.replace("industry/", "");
        LoadError { file: strip(&error.file), message: strip(&error.message), ..error }
    };
    match load(&all) {
        Ok(mut programmes) => Ok(programmes.swap_remove(at)),
        Err(errors) => Err(errors.into_iter().map(bare).collect()),
    }
}

/// A cell as the respondent would have filled it.
pub fn cell(value: Value) -> Cell {
    Cell {
        value,
        state: ValueState::Collected,
        by: PersonId::new(uuid::Uuid::nil()),
        at: youju_domain::Instant::UNIX_EPOCH,
        derivation: None,
        generated: None,
        reason: None,
    }
}

/// One report with its surroundings.
#[derive(Clone)]
pub struct Story {
    pub form: &'static str,
    pub period: &'static str,
    pub cells: Cells,
    pub previous: Option<Cells>,
    pub last_year: Option<Cells>,
    pub others: BTreeMap<String, Cells>,
    pub attributes: BTreeMap<String, String>,
}

const B203: &str = "201=5000 202=1200 205=1500 206=600 213=12000 217=6000 301=20000 302=19000 307=15000 308=14500 309=150 \
    312=800 313=1200 331=500 317=200 318=10 319=180 320=-50 334=-20 333=60 322=30 335=0 321=0 332=5 323=2175 325=40 326=15 \
    327=2200 328=330 401=3000 402=900 601=120";
const B203_LY: &str = "201=4800 202=1100 205=1450 206=580 213=11500 217=5800 301=18500 302=17600 307=13900 308=13400 309=140 \
    312=760 313=1150 331=450 317=210 318=9 319=170 320=-40 334=-15 333=50 322=20 335=0 321=0 332=0 323=1905 325=30 326=10 \
    327=1925 328=290 401=2700 402=850 601=115";
const B203_PREVIOUS: &str = "213=11800 301=12000 307=9000 309=90 401=1900";
const B103: &str = "101=1450 102=580 209=7000 2091=3000 2092=3500 210=2500 211=400 212=800 2121=600 218=6000 219=3000 2191=1000 602=118";
const B103_LY: &str = "101=1400 102=560 209=6600 2091=3000 2092=3200 210=2100 211=380 212=820 2121=620 218=5700 219=3000 2191=1000 602=112";
const F101: &str = "100=2 101=91330100799655058B 102=有据示例厂 103.1=稻谷加工 103.4=1311 104=B 105.6=示例路1号 105.7=330781001001 \
    191=3 192=120 193.1=80000 193.2=78000 193.3=60000 202=张三 203.1=200305 203.2=200401 205=173 206=3 208=1 209=1 210=1 211=10 \
    212.1=2 212.2=91330100799655058B 213.1=1 213.2=91330100799655058B 213.3=某集团 214.1=1 214.2=2";

/// Reads `301=20000 322=-5` into the cells of a form's column.
pub fn fill(form: &Form, column: &str, text: &str, cells: &mut Cells) {
    for pair in text.split_whitespace() {
        let (code, value) = pair.split_once('=').expect(pair);
        let bare: String = code.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let id = if column.is_empty() { format!("c{bare}") } else { format!("c{bare}_{column}") };
        let def = form.cell_by_text(&id).unwrap_or_else(|| panic!("{id} is not on {}", form.code));
        cells.insert(def.id.clone(), cell(def.parse_value(value).expect(pair)));
    }
}

fn filled(code: &str, columns: &[(&str, &str)]) -> Cells {
    let mut cells = Cells::new();
    for (column, text) in columns {
        fill(form(code), column, text, &mut cells);
    }
    cells
}

/// The report of a factory that keeps good books, March 2026.
pub fn b203() -> Story {
    Story {
        form: "B203",
        period: "2026-03",
        cells: filled("B203", &[("", B203), ("ly", B203_LY)]),
        previous: Some(filled("B203", &[("", B203_PREVIOUS)])),
        last_year: Some(filled("B203", &[("", B203_LY)])),
        others: BTreeMap::new(),
        attributes: BTreeMap::from([("acct".to_owned(), "1".to_owned())]),
    }
}

/// Its annual report. The annual form has no 206.
pub fn b103() -> Story {
    let without = |text: &str| text.split(' ').filter(|pair| !pair.starts_with("206=")).collect::<Vec<_>>().join(" ");
    let (now, before) = (without(B203), without(B203_LY));
    let cells = filled("B103-1", &[("", &now), ("ly", &before), ("", B103), ("ly", B103_LY)]);
    let last_year = filled("B103-1", &[("", &before), ("", B103_LY)]);
    let story = b203();
    Story {
        form: "B103-1",
        period: "2025",
        cells,
        previous: Some(last_year.clone()),
        last_year: Some(last_year),
        others: BTreeMap::from([("B203".to_owned(), filled("B203", &[("", B203)]))]),
        ..story
    }
}

/// Who it is.
pub fn f101() -> Story {
    let register =
        [("acct", "1"), ("usci", "91330100799655058B"), ("industry", "1311"), ("area", "330781001001"), ("size", "3")];
    let cells = filled("101-1", &[("", F101)]);
    let last_year = cells.clone();
    Story {
        form: "101-1",
        period: "2025",
        cells,
        previous: Some(last_year.clone()),
        last_year: Some(last_year),
        others: BTreeMap::new(),
        attributes: register.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
    }
}

impl Story {
    pub fn form(&self) -> &'static Form {
        form(self.form)
    }

    /// The same report with other values: `301=12 323=` (blank), `ly:301=5`, `prev:213=9`, `py:301=1`,
    /// `B203:301=9` (another form), `@acct=2`.
    pub fn with(mut self, changes: &str) -> Story {
        for change in changes.split_whitespace() {
            if let Some(attribute) = change.strip_prefix('@') {
                let (name, value) = attribute.split_once('=').expect(change);
                self.attributes.insert(name.to_owned(), value.to_owned());
                continue;
            }
            let form = self.form();
            match change.split_once(':') {
                Some(("ly", rest)) => fill(form, "ly", rest, &mut self.cells),
                Some(("prev", rest)) => fill(form, "", rest, self.previous.get_or_insert_default()),
                Some(("py", rest)) => fill(form, "", rest, self.last_year.get_or_insert_default()),
                Some((other, rest)) => {
                    let cells = self.others.entry(other.to_owned()).or_default();
                    fill(self::form(other), "", rest, cells);
                }
                _ => fill(form, "", change, &mut self.cells),
            }
        }
        self
    }

    pub fn facts(&self) -> Facts<'_> {
        Facts {
            period: Period::parse(self.period).expect(self.period),
            cells: &self.cells,
            previous: self.previous.as_ref(),
            last_year: self.last_year.as_ref(),
            others: &self.others,
            attributes: &self.attributes,
            figures: &NO_FIGURES,
        }
    }

    pub fn findings(&self) -> Vec<Finding> {
        self.form().check(&self.facts())
    }

    /// Failed, not testable, or passed (nothing).
    pub fn finding(&self, check: &str) -> Option<Finding> {
        self.findings().into_iter().find(|finding| finding.check == check)
    }

    /// Ids of the checks that fail.
    pub fn failing(&self) -> Vec<String> {
        let findings = self.findings().into_iter();
        findings.filter(|finding| finding.outcome == Outcome::Fail).map(|finding| finding.check).collect()
    }
}
