use proptest::prelude::*;
use youju_codes::{CodeErrorKind, OrgCode, Usci, normalise};

/// Codes that companies and bodies print on their own web pages and annual reports.
const REAL: &[&str] =
    &["914403001922038216", "9144030071526726XG", "91110000802100433B", "91330100799655058B", "91310000132207927C"];

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

#[test]
fn real_codes_are_accepted_and_carry_a_valid_organisation_code() {
    for code in REAL {
        let usci = Usci::parse(code).unwrap();
        assert_eq!(usci.as_str(), *code);
        assert_eq!(Usci::with_check(&code[..17]), Ok(usci));
        assert_eq!(usci.org_code().as_str(), &code[8..17]);
        assert!(usci.org_code().has_valid_check());
        assert_eq!(OrgCode::parse(&code[8..17]), Ok(usci.org_code()));
    }
}

#[test]
fn what_a_clerk_types_is_normalised() {
    for typed in [
        "91110000802100433b",
        " 9111 0000 8021 0043 3B ",
        "９１１１００００８０２１００４３３Ｂ",
        "\u{feff}91110000802100433B\r\n",
    ] {
        assert_eq!(Usci::parse(typed).unwrap().as_str(), "91110000802100433B", "{typed:?}");
    }
    assert_eq!(normalise("　ａＢ１ ２\u{a0}\u{200b}"), "AB12");
}

#[test]
fn a_refusal_names_the_place_the_reason_and_the_way_out() {
    let cases = [
        (
            "9111OOOO802100433B",
            Some(5),
            "统一社会信用代码“9111OOOO802100433B”第 5 位有误:代码中不使用字母 O。可能是数字 0,请对照证照改正。",
        ),
        (
            "9IIIOOOO802100433B",
            Some(2),
            "统一社会信用代码“9IIIOOOO802100433B”第 2 位有误:代码中不使用字母 I。可能是数字 1,请对照证照改正。",
        ),
        (
            "91110000S02100433B",
            Some(9),
            "统一社会信用代码“91110000S02100433B”第 9 位有误:代码中不使用字母 S。可能是数字 5,请对照证照改正。",
        ),
        (
            "91110000802100433Z",
            Some(18),
            "统一社会信用代码“91110000802100433Z”第 18 位有误:代码中不使用字母 Z。可能是数字 2,请对照证照改正。",
        ),
        (
            "91110000V02100433B",
            Some(9),
            "统一社会信用代码“91110000V02100433B”第 9 位有误:代码中不使用字母 V。可能是字母 U、W 或 Y,请对照证照改正。",
        ),
        (
            "91110000-802100433B",
            Some(9),
            "统一社会信用代码“91110000-802100433B”第 9 位有误:“-”不是代码允许的字符。代码只含数字和大写字母(I、O、S、V、Z 除外),请对照证照改正。",
        ),
        (
            "91A10000802100433B",
            Some(3),
            "统一社会信用代码“91A10000802100433B”第 3 位有误:第 3 至 8 位是登记机关的行政区划码,只能是数字,现为 A。请对照证照改正这一位。",
        ),
        (
            "9111000080210043B",
            None,
            "统一社会信用代码“9111000080210043B”有误:应为 18 位,现为 17 位。请对照证照补全或删去多余的字符。",
        ),
        (
            "330100000012345",
            None,
            "统一社会信用代码“330100000012345”有误:应为 18 位,现为 15 位。15 位的是旧的注册号或税号,请填写证照上的 18 位代码。",
        ),
        (
            "802100433",
            None,
            "统一社会信用代码“802100433”有误:应为 18 位,现为 9 位。9 位的是组织机构代码,请填写证照上的 18 位代码。",
        ),
        (
            "91110000802100433C",
            Some(18),
            "统一社会信用代码“91110000802100433C”第 18 位有误:校验码应为 B,现为 C。请对照证照逐位核对全部 18 位后重新填写。",
        ),
        (" ", None, "统一社会信用代码有误:没有填写。请填写证照上的 18 位代码。"),
    ];
    for (typed, position, sentence) in cases {
        let error = Usci::parse(typed).unwrap_err();
        assert_eq!((error.position, error.to_string().as_str()), (position, sentence));
    }
}

#[test]
fn a_pasted_paragraph_is_shown_shortened() {
    let error = Usci::parse(&"某某有限公司".repeat(100)).unwrap_err();
    assert_eq!(error.position, Some(1));
    let shown: String = "某某有限公司".repeat(7).chars().take(40).collect();
    assert!(error.to_string().starts_with(&format!("统一社会信用代码“{shown}…”第 1 位有误:")), "{error}");
}

#[test]
fn organisation_codes_read_with_and_without_the_hyphen() {
    for typed in ["80210043-3", "802100433", "８０２１００４３－３"] {
        assert_eq!(OrgCode::parse(typed).unwrap().as_str(), "802100433");
    }
    assert_eq!(OrgCode::parse("71526726-x").unwrap().as_str(), "71526726X");
    let cases = [
        (
            "80210043-4",
            Some(9),
            CodeErrorKind::Check,
            "组织机构代码“802100434”第 9 位有误:校验码应为 3,现为 4。请对照证书逐位核对全部 9 位后重新填写。",
        ),
        (
            "8021-00433",
            Some(5),
            CodeErrorKind::Character,
            "组织机构代码“8021-00433”第 5 位有误:“-”不是代码允许的字符。代码只含数字和大写字母,校验码前可有一个短横线。",
        ),
        (
            "91110000802100433B",
            None,
            CodeErrorKind::Length,
            "组织机构代码“91110000802100433B”有误:应为 9 位,现为 18 位。18 位的是统一社会信用代码,其第 9 至 17 位才是组织机构代码。",
        ),
    ];
    for (typed, position, kind, sentence) in cases {
        let error = OrgCode::parse(typed).unwrap_err();
        assert_eq!((error.position, error.kind, error.to_string().as_str()), (position, kind, sentence));
    }
}

#[test]
fn a_valid_code_around_a_body_whose_own_check_fails_is_accepted_as_issued() {
    let usci = Usci::with_check("91330781802100434").unwrap();
    assert_eq!(Usci::parse(usci.as_str()), Ok(usci));
    assert_eq!(usci.org_code().as_str(), "802100434");
    assert!(!usci.org_code().has_valid_check());
}

#[test]
fn a_row_of_zeros_satisfies_the_formula_and_is_still_nobodys_code() {
    let zeros = "0".repeat(18);
    let refusal = Usci::parse(&zeros).unwrap_err();
    assert_eq!(refusal.kind, CodeErrorKind::Structure);
    assert_eq!(
        refusal.to_string(),
        "统一社会信用代码“000000000000000000”有误:全部为 0 的不是任何单位的代码。\
         请填写证照上的 18 位代码;尚未取得代码的请留空。"
    );
    assert_eq!(Usci::with_check(&zeros[..17]).map_err(|e| e.kind), Err(CodeErrorKind::Structure));
    for typed in ["000000000", "00000000-0"] {
        assert_eq!(OrgCode::parse(typed).map_err(|e| e.kind), Err(CodeErrorKind::Structure), "{typed}");
    }
}

#[test]
fn codes_travel_as_text() {
    let usci = Usci::parse(REAL[0]).unwrap();
    assert_eq!(serde_json::to_string(&usci).unwrap(), "\"914403001922038216\"");
    assert_eq!(serde_json::from_str::<Usci>("\"914403001922038216\"").unwrap(), usci);
    let refusal = serde_json::from_str::<Usci>("\"914403001922038217\"").unwrap_err();
    assert!(refusal.to_string().contains("校验码应为 6,现为 7"));
    assert_eq!(format!("{usci:?}"), "Usci(\"914403001922038216\")");
}

fn any_usci() -> impl Strategy<Value = Usci> {
    "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}".prop_map(|first17| Usci::with_check(&first17).unwrap())
}

proptest! {
    #[test]
    fn printing_and_reading_a_code_gives_it_back(usci in any_usci()) {
        prop_assert_eq!(Usci::parse(&usci.to_string()), Ok(usci));
    }

    #[test]
    fn one_wrong_character_is_always_detected(usci in any_usci(), index in 0..18_usize, other in 0..31_usize) {
        let mut chars: Vec<char> = usci.as_str().chars().collect();
        let wrong = ALPHABET.chars().nth(other).unwrap();
        prop_assume!(chars[index] != wrong);
        chars[index] = wrong;
        prop_assert!(Usci::parse(&chars.iter().collect::<String>()).is_err());
    }

    #[test]
    fn two_neighbours_swapped_are_always_detected(usci in any_usci(), index in 0..16_usize) {
        let mut chars: Vec<char> = usci.as_str().chars().collect();
        prop_assume!(chars[index] != chars[index + 1]);
        chars.swap(index, index + 1);
        prop_assert!(Usci::parse(&chars.iter().collect::<String>()).is_err());
    }

    #[test]
    fn any_text_is_read_or_refused_but_never_breaks(text in ".{0,30}") {
        if let Ok(usci) = Usci::parse(&text) {
            prop_assert_eq!(usci.as_str(), normalise(&text));
        }
        if let Err(error) = OrgCode::parse(&text) {
            prop_assert!(error.to_string().ends_with('。'));
        }
    }
}
