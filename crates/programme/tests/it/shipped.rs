//! The programme that comes with the program is complete and loads.

use youju_programme::{Files, load};

#[test]
fn the_shipped_programme_loads() {
    let programme = load(&Files::shipped()).unwrap_or_else(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", errors.join("\n"))
    });
    let titles: Vec<String> = programme.forms().iter().map(youju_programme::Form::title).collect();
    assert_eq!(titles, ["B203 工业 财务状况", "B103-1 工业 财务状况(年报)", "101-1 调查单位基本情况"]);
}
