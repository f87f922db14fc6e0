use proptest::prelude::*;
use youju_codes::{AreaCode, AreaLevel, CodeErrorKind, area};

fn code(text: &str) -> AreaCode {
    AreaCode::parse(text).unwrap()
}

#[test]
fn short_codes_are_padded_and_know_their_level() {
    let cases = [
        ("33", "330000000000", AreaLevel::Province, "33", "浙江省"),
        ("3307", "330700000000", AreaLevel::City, "3307", "浙江省 › 金华市"),
        ("330781", "330781000000", AreaLevel::County, "330781", "浙江省 › 金华市 › 兰溪市"),
        ("330781002", "330781002000", AreaLevel::Township, "330781002", "浙江省 › 金华市 › 兰溪市 › 云山街道"),
        (
            "330781001001",
            "330781001001",
            AreaLevel::Village,
            "330781001001",
            "浙江省 › 金华市 › 兰溪市 › 兰江街道 › 滨江社区居委会",
        ),
        ("３３０７００", "330700000000", AreaLevel::City, "3307", "浙江省 › 金华市"),
        ("330000000000", "330000000000", AreaLevel::Province, "33", "浙江省"),
    ];
    for (typed, full, level, prefix, path) in cases {
        let code = code(typed);
        assert_eq!((code.as_str(), code.level(), code.prefix()), (full, level, prefix), "{typed}");
        assert_eq!(area::path(&code), path);
    }
    assert_eq!(AreaLevel::Township.label(), "乡级");
}

#[test]
fn a_village_knows_everything_above_it() {
    let village = code("330781001001");
    let names: Vec<_> = village.ancestors().iter().filter_map(area::name).collect();
    assert_eq!(names, ["浙江省", "金华市", "兰溪市", "兰江街道"]);
    assert_eq!(village.parent(), Some(code("330781001")));
    assert_eq!(code("33").parent(), None);
    assert!(code("330781").contains(&village) && code("33").contains(&village) && village.contains(&village));
    assert!(!village.contains(&code("330781")) && !code("330782").contains(&village));
}

#[test]
fn a_city_without_counties_holds_its_townships_directly() {
    let dongcheng = code("441900003");
    assert_eq!(dongcheng.parent(), Some(code("4419")));
    assert_eq!(area::path(&dongcheng), "广东省 › 东莞市 › 东城街道");
    assert!(area::children(&code("4419")).iter().any(|child| child.code == dongcheng));
}

#[test]
fn bookkeeping_levels_are_left_out_of_a_path() {
    assert_eq!(area::path(&code("500105001001")), "重庆市 › 江北区 › 华新街街道 › 桥北社区居民委员会");
    assert_eq!(area::path(&code("429004")), "湖北省 › 仙桃市");
    assert_eq!(area::path(&code("5001")), "重庆市 › 市辖区", "asked for itself, it is shown");
}

#[test]
fn the_area_above_is_one_that_has_an_office() {
    let cases = [
        ("330781001000", Some("330781")),
        ("330781", Some("3307")),
        ("3307", Some("33")),
        ("33", None),
        ("110101", Some("11")),
        ("500105", Some("50")),
        ("500229", Some("50")),
        ("429004", Some("42")),
        ("659001", Some("65")),
        ("4419", Some("44")),
        ("441900003", Some("4419")),
        ("110101001", Some("110101")),
        ("1101", Some("11")),
        ("330799", Some("3307")),
    ];
    for (below, above) in cases {
        assert_eq!(area::above(&code(below)), above.map(code), "{below}");
    }
    let bookkeeping = ["1101", "5001", "5002", "4290", "6590"];
    assert!(bookkeeping.iter().all(|one| area::is_bookkeeping(&code(one))));
    assert!(["11", "3307", "4419", "110101", "3399"].iter().all(|one| !area::is_bookkeeping(&code(one))));
}

#[test]
fn an_area_outside_the_list_is_a_value_without_a_name() {
    let new = code("330781999001");
    assert_eq!((area::name(&new), area::find(&new)), (None, None));
    assert_eq!(area::path(&new), "浙江省 › 金华市 › 兰溪市 › 330781999000 › 330781999001");
    assert_eq!(area::children(&new), []);
}

#[test]
fn lanxi_has_sixteen_townships_and_the_latest_township_names_win() {
    let townships = area::children(&code("330781"));
    assert_eq!(townships.len(), 16);
    assert_eq!(townships[0].name, "兰江街道");
    let villages: usize = townships.iter().map(|township| area::children(&township.code).len()).sum();
    assert_eq!(villages, 357);
    assert_eq!(area::name(&code("341602400")), Some("亳州高新技术产业开发区"));
    assert_eq!(area::children(&code("3416")).len(), 4);
}

#[test]
fn a_refusal_names_the_place_the_reason_and_the_way_out() {
    let cases = [
        ("", None, "统计用区划代码有误:没有填写。请填写 12 位区划代码。"),
        ("33O781", Some(3), "统计用区划代码“33O781”第 3 位有误:应为数字,现为“O”。区划代码只含数字,请改正这一位。"),
        (
            "33078",
            None,
            "统计用区划代码“33078”有误:应为 2、4、6、9 或 12 位,现为 5 位。请补全到 12 位,不足的级别以 0 补齐。",
        ),
        ("990781", Some(1), "统计用区划代码“990781”第 1 位有误:没有以 99 开头的省级代码。请核对前两位。"),
        (
            "330081",
            Some(3),
            "统计用区划代码“330081”第 3 位有误:第 3、4 位(市级)为 00,下面的级别却不为 0。请补上市级代码。",
        ),
        (
            "330781000001",
            Some(7),
            "统计用区划代码“330781000001”第 7 位有误:第 7 至 9 位(乡级)为 000,村级却不为 0。请补上乡级代码。",
        ),
    ];
    for (typed, position, sentence) in cases {
        let error = AreaCode::parse(typed).unwrap_err();
        assert_eq!((error.position, error.to_string().as_str()), (position, sentence));
    }
    assert_eq!(AreaCode::parse("000000").unwrap_err().kind, CodeErrorKind::Unknown);
}

#[test]
fn codes_sort_as_a_tree_is_walked_and_travel_as_text() {
    let mut codes = [code("330781001001"), code("330782"), code("330781"), code("33")];
    codes.sort();
    assert_eq!(codes, [code("33"), code("330781"), code("330781001001"), code("330782")]);
    assert_eq!(serde_json::to_string(&codes[0]).unwrap(), "\"330000000000\"");
    assert_eq!(serde_json::from_str::<AreaCode>("\"330781\"").unwrap(), code("330781"));
}

proptest! {
    #[test]
    fn every_code_reads_back_and_lies_in_all_its_ancestors(text in "33(0[1-9]|1[01])[0-9]{2}(000|[0-9]{3})(000|[0-9]{3})") {
        let Ok(code) = AreaCode::parse(&text) else { return Ok(()) };
        prop_assert_eq!(AreaCode::parse(&code.to_string()), Ok(code));
        prop_assert_eq!(AreaCode::parse(code.prefix()), Ok(code));
        let above = code.ancestors();
        prop_assert_eq!(above.last().copied(), code.parent());
        prop_assert!(above.iter().all(|ancestor| ancestor.contains(&code) && ancestor.level() < code.level()));
        prop_assert!(above.windows(2).all(|pair| pair[0].contains(&pair[1])));
    }

    #[test]
    fn any_text_is_read_or_refused_but_never_breaks(text in ".{0,14}") {
        if let Err(error) = AreaCode::parse(&text) {
            prop_assert!(error.to_string().ends_with('。'));
        }
    }
}
