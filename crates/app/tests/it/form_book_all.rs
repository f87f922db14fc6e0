//! Every shipped form goes out as a workbook, is filled in, and comes home with the same cells.

use std::collections::BTreeMap;

use youju_app::access::{NewPerson, add_person};
use youju_app::form_book::{self, Mode};
use youju_app::register::enrol;
use youju_app::{App, report, survey};
use youju_codes::{AreaCode, Industry, Usci};
use youju_domain::access::{Actor, Domains, Role};
use youju_domain::id::ReportId;
use youju_domain::report::{CellId, State, Value, ValueState};
use youju_programme::{CellDef, Form, Kind, Programme};
use youju_testkit::{County, Workbook, new_unit, new_window, on_both_engines};

use crate::make::{act, actions, look};

/// An industry of every section that is surveyed.
const INDUSTRIES: [&str; 9] = ["1411", "5111", "6110", "7010", "6511", "4710", "5810", "9221", "9620"];

/// A report of a form, with somebody who fills it in.
async fn owed(app: &App, county: &County, number: usize, form: &Form) -> (Actor, ReportId) {
    let place = "330781001000";
    let enrolled = act(app, &county.county, async |cx| {
        let is_asked = |industry: &str| {
            let section = Industry::parse(industry).unwrap().section();
            form.industries.iter().any(|wanted| wanted == section.code() || industry.starts_with(wanted.as_str()))
        };
        let industry = INDUSTRIES
            .into_iter()
            .find(|industry| is_asked(industry))
            .unwrap_or_else(|| panic!("nobody reports {}", form.code));
        enrol(cx, new_unit(100 + number, place, industry)).await
    });
    let unit = enrolled.await.unwrap();
    let area = AreaCode::parse(place).unwrap();
    let name = format!("填报人 {}", form.code);
    let new = NewPerson {
        login: format!("all{number}"),
        name: name.clone(),
        role: Role::Statistician,
        area,
        unit: Some(unit),
        password_hash: String::new(),
    };
    let person = app.write(None, async |cx| add_person(cx, new).await).await.unwrap();
    let clerk =
        Actor { person, name, role: Role::Statistician, area, unit: Some(unit), domains: Domains::Every, origin: None };
    let period = *form.period_kind().periods(2025).unwrap().last().unwrap();
    let mut new = new_window("330781001", &period.to_string());
    form.code.clone_into(&mut new.form);
    act(app, &county.county, async |cx| survey::open(cx, new).await).await.unwrap();
    let reports = look(app, &clerk, async |cx| report::of_unit_and_period(cx, unit, period).await).await.unwrap();
    let id = reports.iter().find(|report| report.form == form.code).unwrap().id;
    (clerk, id)
}

/// Something that may stand in a cell, different from cell to cell.
fn something(cell: &CellDef, number: usize) -> String {
    match &cell.kind {
        Kind::Number => rust_decimal::Decimal::new(i64::try_from(number).unwrap() * 37 + 1, cell.decimals).to_string(),
        Kind::Text => format!("文字“{number}”<&>"),
        Kind::Code(codes) => {
            let (code, words) = &codes[number % codes.len()];
            format!("{code} {words}")
        }
        Kind::Date { .. } => format!("2025{:02}", number % 12 + 1),
        Kind::Usci => Usci::with_check(&format!("91330781FAKE{number:05}")).unwrap().to_string(),
        Kind::Industry => "1411".to_owned(),
        Kind::Area => "330781001000".to_owned(),
    }
}

/// Fills every fixed cell and three rows of every list; gives what should stand in the report.
fn fill(form: &Form, workbook: &mut Workbook) -> BTreeMap<CellId, Value> {
    let mut expected = BTreeMap::new();
    let mut number = 0;
    let mut next = |cell: &CellDef| {
        number += 1;
        let text = something(cell, number);
        expected.insert(cell.id.clone(), cell.parse_value(&text).unwrap());
        text
    };
    for (indicator, column) in form.indicators().flat_map(|row| form.columns.iter().map(move |column| (row, column))) {
        if let Some(cell) = form.cell_at(indicator, column) {
            workbook.put(&indicator.code, &column.id, &next(cell));
        }
    }
    for list in &form.lists {
        for row in 1..=3 {
            let cells: Vec<(&str, String)> =
                list.columns.iter().map(|own| (own.id.as_str(), next(&list.cell(row, &own.id).unwrap()))).collect();
            let cells: Vec<(&str, &str)> = cells.iter().map(|(column, text)| (*column, text.as_str())).collect();
            workbook.add(&list.id, &cells);
        }
    }
    expected
}

#[test]
fn a_blank_report_of_every_form_goes_out_is_filled_and_comes_home_whole() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 0).await;
        let forms: Vec<&Form> = app.programmes().values().flat_map(Programme::forms).collect();
        assert_eq!(forms.len(), 18);
        for (number, form) in forms.into_iter().enumerate() {
            let (clerk, id) = owed(&app, &county, number, form).await;
            let out = look(&app, &clerk, async |cx| form_book::export(cx, id).await).await.unwrap();
            assert!(out.name.starts_with(&form.code), "{}", out.name);
            let mut workbook = Workbook::open(&form_book::file(out).await.unwrap());
            let expected = fill(form, &mut workbook);
            let file = form_book::read("填好的表.xlsx", &workbook.save()).unwrap();

            let shown = look(&app, &clerk, async |cx| form_book::preview(cx, id, &file).await).await.unwrap();
            assert_eq!((&shown.refused, &shown.conflicts), (&vec![], &vec![]), "{}", form.code);
            assert_eq!((shown.told.clone(), shown.changes.len()), (vec![], expected.len()), "{}", form.code);
            assert_eq!(county.report(id).await.state, State::Empty, "nothing is taken before it is confirmed");

            act(&app, &clerk, async |cx| form_book::take(cx, id, &file, Mode::Whole, 0).await).await.unwrap();
            let report = county.report(id).await;
            let stands: BTreeMap<CellId, Value> =
                report.cells.iter().map(|(id, cell)| (id.clone(), cell.value.clone())).collect();
            assert_eq!(stands, expected, "{}", form.code);
            assert!(report.cells.values().all(|cell| cell.state == ValueState::Collected));

            // The same file again, and what goes out now, change nothing.
            let out = look(&app, &clerk, async |cx| form_book::export(cx, id).await).await.unwrap();
            let again = form_book::read("再导出.xlsx", &form_book::file(out).await.unwrap()).unwrap();
            for file in [&file, &again] {
                let taken = act(&app, &clerk, async |cx| form_book::take(cx, id, file, Mode::Whole, 1).await).await;
                let taken = taken.unwrap();
                assert!(taken.changes.is_empty() && taken.kept.is_empty(), "{}: {:?}", form.code, taken.changes);
            }
            assert_eq!(county.report(id).await, report);
            assert_eq!(actions(&app, id).await, ["report.imported_form"]);
        }
    });
}
