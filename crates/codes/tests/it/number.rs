use proptest::prelude::*;
use rust_decimal::Decimal;
use youju_codes::{CodeErrorKind, format_number, format_yuan, parse_number};

#[test]
fn what_people_type_and_spreadsheets_hold_is_read_exactly() {
    let cases = [
        ("1234", "1234"),
        ("1,234", "1234"),
        ("1,234,567.80", "1234567.80"),
        ("１２３", "123"),
        ("１，２３４．５", "1234.5"),
        ("(1,200)", "-1200"),
        ("（1,200.5）", "-1200.5"),
        ("( 1,200 )", "-1200"),
        ("−5", "-5"),
        ("- 5", "-5"),
        ("－5", "-5"),
        ("+5", "5"),
        ("1.2E3", "1200"),
        ("1.25e-1", "0.125"),
        ("1.2E+3", "1200"),
        ("\u{3000}12 \t", "12"),
        ("\u{a0}12\u{feff}", "12"),
        ("0.30000000000000004", "0.30000000000000004"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
        ("-0", "0"),
        ("0.00", "0.00"),
        ("0E9", "0"),
        ("9999999999999999999999999999", "9999999999999999999999999999"),
        ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
    ];
    for (typed, expected) in cases {
        assert_eq!(parse_number(typed).map(|n| n.to_string()), Ok(expected.to_owned()), "{typed}");
    }
}

#[test]
fn a_refusal_names_the_place_the_reason_and_the_way_out() {
    let cases = [
        ("12万", Some(3), "数字“12万”第 3 位有误:“万”不能出现在这里。请按本栏的计量单位换算,只填数字。"),
        ("5%", Some(2), "数字“5%”第 2 位有误:“%”不能出现在这里。请只填数字,百分号由本栏的计量单位表示。"),
        (
            "1,23,4",
            Some(2),
            "数字“1,23,4”第 2 位有误:逗号不在千位分隔的位置上,前面应有一至三位数字,后面每组应为三位。请写成 1,234,567 或 1234567。",
        ),
        ("12。5", Some(3), "数字“12。5”第 3 位有误:“。”不能出现在这里。小数点请写成 .。"),
        ("12 34", Some(3), "数字“12 34”第 3 位有误:数字中间有空格。请只填数字,可带负号、小数点和千位逗号。"),
        ("(1,200", Some(1), "数字“(1,200”第 1 位有误:括号没有成对。负数请写成 (1,200) 或 -1,200。"),
        ("-", Some(1), "数字“-”第 1 位有误:没有数字。请填写数字;没有数据的请留空,确实没有发生的填 0。"),
        ("1E", Some(2), "数字“1E”第 2 位有误:字母 E 后面缺少指数。请写成普通数字,例如 1200。"),
        ("1e308", None, "数字“1e308”有误:超过 28 位,无法精确保存。请核对位数和计量单位后重新填写。"),
        ("", None, "数字有误:没有填写。请填写数字;确实没有发生的填 0。"),
    ];
    for (typed, position, sentence) in cases {
        let error = parse_number(typed).unwrap_err();
        assert_eq!((error.position, error.to_string().as_str()), (position, sentence));
    }
}

#[test]
fn a_comma_after_a_leading_zero_may_be_a_decimal_point_and_is_refused() {
    assert_eq!(
        parse_number("-0,123").unwrap_err().to_string(),
        "数字“-0,123”第 3 位有误:以 0 开头的数字不用千位逗号,这里可能是小数点。是小数请写成 0.123,是整数请去掉前面的 0。"
    );
    assert!(parse_number("012,345").is_err());
    assert_eq!(parse_number("0012").unwrap().to_string(), "12");
}

#[test]
fn nothing_is_guessed() {
    let refused = [
        "NaN",
        "inf",
        "1.2.3",
        "1,2345",
        "12,34",
        ",123",
        "1,234,",
        "1,234.5,678",
        "--5",
        "-(5)",
        "((5))",
        "0x10",
        "1e",
        "1e+",
        "1e1.5",
        "E5",
        "1_000",
        "￥5",
        "5-",
        "一百",
        "1e99999999999",
        "1e-99",
        "1'234",
        "#DIV/0!",
    ];
    for typed in refused {
        assert!(parse_number(typed).is_err(), "{typed}");
    }
    for typed in ["99999999999999999999999999999", "1e28", "0.00000000000000000000000000001", "1e-29"] {
        assert_eq!(parse_number(typed).map_err(|e| e.kind), Err(CodeErrorKind::TooManyDigits), "{typed}");
    }
}

#[test]
fn numbers_are_written_for_the_eye() {
    let cases = [
        ("1234567.5", "1,234,567.5"),
        ("-1200.50", "−1,200.50"),
        ("0", "0"),
        ("-0.00", "0.00"),
        ("999", "999"),
        ("1000", "1,000"),
        ("-100", "−100"),
        ("0.0001234", "0.0001234"),
    ];
    for (number, shown) in cases {
        assert_eq!(format_number(&number.parse::<Decimal>().unwrap()), shown);
    }
}

#[test]
fn amounts_in_books_have_their_cents() {
    for (amount, shown) in
        [("0", "0.00"), ("1234", "1,234.00"), ("-5.5", "−5.50"), ("7.10000", "7.10"), ("0.125", "0.125")]
    {
        assert_eq!(format_yuan(&amount.parse::<Decimal>().unwrap()), shown);
    }
}

proptest! {
    #[test]
    fn what_is_shown_can_be_typed_in_again(mantissa in -9_999_999_999_999_999_999_999_999_999_i128..10_i128.pow(28), scale in 0..29_u32) {
        let number = Decimal::from_i128_with_scale(mantissa, scale);
        let read = parse_number(&format_number(&number)).unwrap();
        prop_assert_eq!(read, number);
        prop_assert_eq!(read.scale(), number.scale());
    }

    #[test]
    fn an_exponent_moves_the_point_and_nothing_else(mantissa in -999_999_i64..1_000_000, exponent in 0..20_u32) {
        let expected = Decimal::from(mantissa) * Decimal::from(10_i128.pow(exponent).cast_unsigned());
        prop_assert_eq!(parse_number(&format!("{mantissa}E{exponent}")), Ok(expected));
        prop_assert_eq!(parse_number(&format!("{mantissa}E-{exponent}")), Ok(Decimal::new(mantissa, exponent)));
    }

    #[test]
    fn any_text_is_read_or_refused_but_never_breaks(text in "[-+(0-9.,eE万 ]{0,12}|.{0,12}") {
        if let Err(error) = parse_number(&text) {
            prop_assert!(error.position.is_none_or(|p| p >= 1 && p <= text.chars().count().max(1)), "{error:?}");
        }
    }
}
