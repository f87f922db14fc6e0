//! Rows of a list: what is taken, what is refused and why, what follows from the address.

use youju_codes::{AreaCode, Industry};
use youju_domain::register::Fact;
use youju_domain::register::import::{Field, Flaw, Rules, Sound, judge};

const USCI: &str = "91330781147395174N";

fn rules() -> Rules {
    Rules { area: None, industry: None, within: None, today: "2026-04-02".parse().unwrap() }
}

fn row<'t>(other: &[(&str, &'t str)]) -> Vec<(Field, &'t str)> {
    let mut row: Vec<(&str, &str)> =
        vec![("usci", usci()), ("name", "兰溪市永进纺织厂"), ("area", "330781001"), ("industry", "1721")];
    for (key, typed) in other {
        match row.iter_mut().find(|(known, _)| known == key) {
            Some(known) => known.1 = typed,
            None => row.push((key, typed)),
        }
    }
    row.into_iter().map(|(key, typed)| (Field::from_key(key).unwrap(), typed)).collect()
}

/// Its check character is put right once.
fn usci() -> &'static str {
    static CODE: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    CODE.get_or_init(|| youju_codes::Usci::with_check(&USCI[..17]).unwrap().to_string())
}

fn taken(other: &[(&str, &str)], rules: &Rules) -> Sound {
    judge(&row(other), rules).unwrap_or_else(|flaws| panic!("{other:?}: {flaws:?}"))
}

/// Why no new unit is made of a row.
fn why_left(cells: &[(Field, &str)], rules: &Rules) -> Vec<Flaw> {
    match judge(cells, rules) {
        Ok(sound) => sound.why_incomplete().unwrap_or_default(),
        Err(flaws) => flaws,
    }
}

#[test]
fn every_flaw_of_a_row_is_told_with_its_column() {
    for (key, typed, words) in [
        ("usci", "913307811473951749", "校验码应为"),
        ("usci", "兰溪市永进纺织厂", "“兰溪市永进纺织厂”是文字,不是统一社会信用代码。可能整行错了列"),
        ("usci", "2026-01-01", "是日期,不是统一社会信用代码"),
        ("usci", "", "没有统一社会信用代码"),
        ("name", "", "没有单位详细名称"),
        ("name", "1999-04-01", "是日期,不是单位详细名称"),
        ("name", "12345", "是数字,不是单位详细名称"),
        ("address", "2001年5月", "是日期,不是详细地址"),
        ("area", "330781", "没有写到乡镇(街道)"),
        ("area", "330781899", "不在区划代码表中"),
        ("area", "33078", "应为 2、4、6、9 或 12 位"),
        ("area", "浙江省兰溪市兰江街道", "是文字,不是所在地区划"),
        ("industry", "17", "应填到小类(4 位)"),
        ("industry", "9999", "行业"),
        ("founded_on", "2026-04-03", "在今天(2026-04-02)之后"),
        ("founded_on", "不详", "应写成 2026-04-01"),
        ("employees", "-3", "不小于 0"),
        ("status", "好", "应从"),
        ("registration_type", "张国平", "“张国平”不像登记注册统计类别。可能整行错了列"),
    ] {
        let flaws = why_left(&row(&[(key, typed)]), &rules());
        let field = Field::from_key(key);
        assert!(
            flaws.iter().any(|flaw| flaw.field == field && flaw.reason.contains(words)),
            "{key} {typed}: {flaws:?}"
        );
    }
    let all = judge(&row(&[("usci", "x"), ("name", ""), ("founded_on", "2027-01-01")]), &rules()).unwrap_err();
    assert_eq!(all.len(), 3, "{all:?}");
}

#[test]
fn what_is_missing_stops_a_new_unit_alone() {
    let sound = taken(&[("industry", ""), ("phone", "0579-1")], &rules());
    assert_eq!(sound.said.get(Fact::Phone), Some("0579-1"));
    let missing = sound.why_incomplete().unwrap();
    assert!(missing.len() == 1 && missing[0].is_missing, "{missing:?}");
    assert_eq!(taken(&[], &rules()).why_incomplete(), None);
}

#[test]
fn what_looks_odd_and_is_right_is_taken() {
    for (key, typed) in [
        ("phone", "0579-1234567"),
        ("registration_type", "集体经营单位(非法人)"),
        ("registration_type", "私营独资"),
        ("phone", "2010-12"),
        ("org_code", "147395174"),
        ("tax_number", usci()),
        ("founded_on", "1999年4月1日"),
        ("founded_on", "20010501"),
        ("employees", "1,200"),
        ("status", "正常运营"),
        ("name", "3M中国有限公司"),
        ("address", "2号楼"),
    ] {
        assert!(taken(&[(key, typed)], &rules()).said.get(Fact::from_key(key).unwrap()).is_some(), "{key} {typed}");
    }
}

#[test]
fn a_township_follows_from_an_address_that_names_one_and_from_nothing_else() {
    let derived = |others: &[(&str, &str)]| {
        let mut row = row(others);
        row.retain(|(field, typed)| *field != Field::Fact(Fact::Area) || !typed.is_empty());
        judge(&row, &rules())
    };
    let whole = [("area", ""), ("address", "浙江省兰溪市兰江街道振兴路15号")];
    let sound = derived(&whole).unwrap();
    assert_eq!((sound.is_derived, sound.whole().get(Fact::Area)), (true, Some("330781001000")));
    assert!(!sound.said.says(Fact::Area), "the row itself does not say it");
    let parts = [("area", ""), ("county", "兰溪市"), ("city", "金华市"), ("address", "兰江街道振兴路15号")];
    assert!(derived(&parts).unwrap().is_derived);
    let street = [("area", ""), ("address", "浙江省兰溪市振兴路15号")];
    assert!(derived(&street).unwrap().why_incomplete().is_some_and(|flaws| flaws[0].is_missing));
    let said = Rules { area: AreaCode::parse("330781002").ok(), industry: Industry::parse("1721").ok(), ..rules() };
    let sound = taken(&[("area", ""), ("industry", ""), ("address", "振兴路15号")], &said);
    assert_eq!((sound.is_derived, sound.added.get(Fact::Area)), (false, Some("330781002000")));
    assert_eq!(sound.added.get(Fact::Industry), Some("1721"));
    // A wrong code is not mended by an address or by what is said of all rows.
    assert!(judge(&row(&[("area", "3307"), ("address", "浙江省兰溪市兰江街道")]), &said).is_err());
}

#[test]
fn a_place_elsewhere_is_refused_and_a_code_that_may_be_mistyped_twice_is_noted() {
    let within = |code: &str| Rules { within: AreaCode::parse(code).ok(), ..rules() };
    assert!(judge(&row(&[]), &within("330783")).unwrap_err()[0].reason.contains("不在本辖区"));
    assert!(judge(&row(&[]), &within("3307")).is_ok());
    let odd = youju_codes::Usci::with_check("91330781MA2E8XY15").unwrap();
    assert!(!odd.org_code().has_valid_check());
    assert!(taken(&[("usci", odd.as_str())], &rules()).notes[0].contains("组织机构代码(第 9 至 17 位)校验不符"));
}

#[test]
fn no_two_columns_have_a_name_in_common() {
    let mut names: Vec<&str> = Field::all().into_iter().flat_map(Field::aliases).collect();
    names.sort_unstable();
    let doubled: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
    assert!(Field::all().into_iter().all(|field| Field::from_key(field.key()) == Some(field)));
}
