use youju_codes::{Industry, IndustryLevel, industry};

fn industry(code: &str) -> Industry {
    Industry::parse(code).unwrap()
}

#[test]
fn a_rice_mill_is_found_at_every_level() {
    let cases = [
        ("C", "制造业", IndustryLevel::Section, None),
        ("13", "农副食品加工业", IndustryLevel::Division, Some("C")),
        ("131", "谷物磨制", IndustryLevel::Group, Some("13")),
        ("1311", "稻谷加工", IndustryLevel::Class, Some("131")),
    ];
    for (code, name, level, parent) in cases {
        let found = industry(code);
        assert_eq!((found.code(), found.name(), found.level()), (code, name, level));
        assert_eq!(found.parent().map(|above| above.code()), parent);
        assert_eq!(found.section(), industry("C"));
        assert!(found.contains(&industry("1311")) && industry("C").contains(&found));
    }
    assert_eq!(industry("1311").division(), Some(industry("13")));
    assert_eq!(industry("C").division(), None);
    assert!(!industry("13").contains(&industry("C")) && !industry("A").contains(&industry("1311")));
}

#[test]
fn typing_is_forgiven_and_leading_zeros_count() {
    assert_eq!(industry(" c "), industry("C"));
    assert_eq!(industry("１３１１"), industry("1311"));
    assert_eq!(industry("0111").path(), "农、林、牧、渔业 › 农业 › 谷物种植 › 稻谷种植");
    assert_eq!(industry("0111").section(), industry("A"));
}

#[test]
fn a_refusal_names_the_place_the_reason_and_the_way_out() {
    let cases = [
        ("", None, "行业代码有误:没有填写。请填写 GB/T 4754—2017 的行业代码,例如 1311。"),
        (
            "C13",
            Some(1),
            "行业代码“C13”第 1 位有误:应为数字,现为“C”。请填写 1 位门类字母,或 2、3、4 位数字,不要连写门类和数字。",
        ),
        (
            "13l1",
            Some(3),
            "行业代码“13L1”第 3 位有误:应为数字,现为“L”。请填写 1 位门类字母,或 2、3、4 位数字,不要连写门类和数字。",
        ),
        (
            "1",
            None,
            "行业代码“1”有误:应为 2、3 或 4 位数字,现为 1 位。大类 2 位,中类 3 位,小类 4 位,请补全前面的 0 或删去多余的数字。",
        ),
        ("U", None, "行业代码“U”有误:国民经济行业分类(GB/T 4754—2017)中没有这个代码。请在行业分类中查找后填写。"),
        (
            "1310",
            None,
            "行业代码“1310”有误:国民经济行业分类(GB/T 4754—2017)中没有这个代码。中类 131“谷物磨制”下有 1311、1312、1313、1314、1319,请从中选择。",
        ),
    ];
    for (typed, position, sentence) in cases {
        let error = Industry::parse(typed).unwrap_err();
        assert_eq!((error.position, error.to_string().as_str()), (position, sentence));
    }
}

#[test]
fn a_lost_leading_zero_is_suggested_and_never_supplied() {
    let error = Industry::parse("121").unwrap_err();
    assert_eq!(error.hint, "如果表格软件去掉了前面的 0,请填 0121(豆类种植)");
}

#[test]
fn the_tree_is_walked_in_the_order_of_the_standard() {
    let letters: String = industry::sections().iter().map(Industry::code).collect();
    assert_eq!(letters, "ABCDEFGHIJKLMNOPQRST");
    let codes: Vec<_> = industry::children(&industry("131")).iter().map(Industry::code).collect();
    assert_eq!(codes, ["1311", "1312", "1313", "1314", "1319"]);
    assert_eq!(industry::children(&industry("C")).len(), 31);
    assert_eq!(industry::children(&industry("1311")), []);
    assert!(industry("A") < industry("0111") && industry("0111") < industry("B") && industry("C") < industry("13"));
    assert_eq!(industry::find("9999"), None);
}

#[test]
fn industries_travel_as_text() {
    assert_eq!(serde_json::to_string(&industry("0111")).unwrap(), "\"0111\"");
    assert_eq!(serde_json::from_str::<Industry>("\"0111\"").unwrap(), industry("0111"));
    assert_eq!(format!("{:?}", industry("0111")), "Industry(0111 稻谷种植)");
}
