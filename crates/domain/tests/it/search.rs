//! The search box: what is typed, and which units it finds.

use proptest::prelude::*;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::register::search::{Expr, Query, Sought, sought, within};
use youju_domain::register::terms::{Entry, Findable, entry, key};

fn lanxi() -> AreaCode {
    AreaCode::parse("330781001").unwrap()
}

fn of(name: &str, former: &[String], address: &str, codes: &[&str]) -> Entry {
    entry(&Findable { name, former, address, codes, area: &lanxi() })
}

fn mill() -> Entry {
    let former = ["兰溪县第二棉纺厂".to_owned()];
    of(
        "兰溪市永进纺织有限公司",
        &former,
        "浙江省金华市兰溪市兰江街道振兴路 15 号",
        &["91330781MA2E8XY12K", "330781000012345"],
    )
}

fn words(typed: &str) -> Query {
    match sought(typed) {
        Ok(Sought::Words(query)) => query,
        other => panic!("{typed}: {other:?}"),
    }
}

fn finds(typed: &str, unit: &Entry) -> bool {
    words(typed).finds(unit)
}

#[test]
fn a_unit_is_found_by_any_part_of_what_is_known_of_it() {
    for typed in [
        "永进纺织",
        "纺织 兰溪",
        "溪",
        "有限公司",
        "棉纺厂",
        "振兴路15号",
        "兰江街道",
        "兰溪市永进纺织有限公司",
        "91330781MA2E8XY12K",
        "91330781ma2e8",
        "ma2e8xy12",
        "XY12K",
        "330781000012345",
        "lxsyj",
        "fz",
        "yjfz",
        "lanxi",
        "lanxishi",
        "yongjinfangzhi",
        "yongjin fangzhi",
        "yongjinfangz",
        "lxsyjfzyxgs",
        "lxxdemfc",
        "永进 lanxi",
    ] {
        assert!(finds(typed, &mill()), "{typed}");
    }
    for typed in ["永进织纺", "兰溪市 金属", "永金", "lxfz", "lanxifangzhi", "91330781MA2E8XY13", "fangyong", "街"]
    {
        assert!(!finds(typed, &mill()), "{typed}");
    }
}

#[test]
fn width_script_case_spaces_and_marks_do_not_count() {
    let shop = of("蘭谿市（ＡＢＣ）貿易·有限公司", &[], "", &[]);
    for typed in ["兰溪市abc贸易", "蘭谿", "（ａｂｃ）", "ABC貿易", "贸易有限", "　贸易　兰溪　", "abc", "lxsabc"]
    {
        assert!(finds(typed, &shop), "{typed}");
    }
}

#[test]
fn a_character_with_several_readings_is_found_by_each() {
    let bank = of("重庆银行长乐绿园支行", &[], "", &[]);
    for typed in ["cqyh", "zqyx", "chongqing", "zhongqing", "yinhang", "changle", "zhangle", "lvyuan", "luyuan", "zlly"]
    {
        assert!(finds(typed, &bank), "{typed}");
    }
    // Nobody says ‘wei xian’ for 有限.
    assert!(!finds("weixian", &mill()));
}

#[test]
fn what_could_be_cut_in_two_ways_is_found_in_both() {
    assert!(finds("xian", &of("西安饭店", &[], "", &[])));
    assert!(finds("xian", &of("先锋饭店", &[], "", &[])));
    assert!(finds("fangan", &of("方安轧制厂", &[], "", &[])));
    assert!(finds("fangan", &of("范甘轧制厂", &[], "", &[])));
}

#[test]
fn wildcards_marks_and_pictures_are_nothing_to_look_for() {
    for typed in ["%", "_", "*", "\"", "'", "🏭", "（）", "%%__", "\u{0}"] {
        assert_eq!(sought(typed), Ok(Sought::Nothing), "{typed}");
    }
    for typed in ["", "  ", "\u{3000}"] {
        assert_eq!(sought(typed), Ok(Sought::Everything), "{typed}");
    }
    assert!(finds("永%进", &mill()), "a mark between two characters counts as little as it does in a name");
    assert!(finds("永进🏭", &mill()));
}

#[test]
fn a_long_text_is_looked_for_and_an_endless_one_refused_with_its_length() {
    let long = "兰溪市永进纺织".repeat(14);
    assert!(!finds(&long, &mill()));
    assert!(finds(&long, &of(&long, &[], "", &[])));
    let Err(Problem::BadInput { reason }) = sought(&"厂".repeat(201)) else { panic!("it is refused") };
    assert_eq!(reason, "查找的内容最多 200 个字,现有 201 个。请只留下名称、代码或地址的一部分。");
    // Letters that could be cut in very many ways are no trouble.
    assert!(!finds(&"xian".repeat(14), &mill()));
    assert!(!finds(&"a".repeat(200), &mill()));
}

#[test]
fn the_area_is_one_more_term() {
    let unit = mill();
    let terms: Vec<&str> = unit.terms.split(' ').collect();
    for (area, is_in) in
        [("33", true), ("3307", true), ("330781", true), ("330781001", true), ("330782", false), ("34", false)]
    {
        let Expr::All(parts) = within(&AreaCode::parse(area).unwrap(), Expr::Any(Vec::new())) else { panic!("both") };
        let Some(Expr::Term(term)) = parts.last() else { panic!("a term") };
        assert_eq!(terms.contains(&term.as_str()), is_in, "{area}");
    }
}

fn name() -> impl Strategy<Value = String> {
    let any = "[兰溪永进纺织有限公司长行厂单重庆绿贸易a-cA-C0-9（）· 𠮷]{2,30}";
    any.prop_filter("something is left", |text| key(text).chars().count() >= 2)
}

proptest! {
    #[test]
    fn every_part_of_two_or_more_characters_of_a_name_or_an_address_finds_the_unit(
        name in name(), address in name(), former in name(), from in 0.0..1.0_f64, length in 2_usize..12,
    ) {
        let unit = of(&name, std::slice::from_ref(&former), &address, &["91330781MA2E8XY12K"]);
        for text in [name, address, former] {
            let chars: Vec<char> = key(&text).chars().collect();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short text")]
            let start = ((chars.len() - 1) as f64 * from) as usize;
            let part: String = chars.iter().skip(start).take(length).collect();
            prop_assert!(part.chars().count() < 2 || finds(&part, &unit), "{part}");
        }
    }

    #[test]
    fn every_part_of_four_or_more_characters_of_a_code_finds_the_unit(start in 0_usize..15, length in 4_usize..=18) {
        let code = "91330781MA2E8XY12K";
        let end = (start + length).min(code.len());
        prop_assert!(finds(&code[start..end], &mill()));
        prop_assert!(finds(&code[start..end].to_lowercase(), &mill()));
    }

    #[test]
    fn terms_hold_nothing_that_a_data_base_would_take_for_something_else(
        name in "\\PC{0,40}", address in "\\PC{0,40}", typed in "\\PC{1,60}",
    ) {
        let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || c == ':');
        let unit = of(&name, &[], &address, &[&typed]);
        prop_assert!(unit.terms.split(' ').all(|term| !term.is_empty() && plain(term)), "{}", unit.terms);
        if let Ok(Sought::Words(query)) = sought(&typed) {
            let mut waiting = vec![&query.anywhere];
            while let Some(expr) = waiting.pop() {
                match expr {
                    Expr::Term(term) | Expr::Begins(term) => prop_assert!(!term.is_empty() && plain(term), "{term}"),
                    Expr::All(more) | Expr::Any(more) => {
                        prop_assert!(!more.is_empty());
                        waiting.extend(more);
                    }
                }
            }
        }
    }
}
