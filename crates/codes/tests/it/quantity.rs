use proptest::prelude::*;
use rust_decimal::Decimal;
use youju_codes::{CodeErrorKind, Dimension, Measure, Quantity, Rounding};

fn quantity(value: &str, measure: Measure) -> Quantity {
    Quantity::new(value.parse().unwrap(), measure)
}

#[test]
fn money_converts_exactly_between_the_units_of_forms() {
    let cases = [
        ("1234.5", Measure::TenThousandYuan, Measure::ThousandYuan, "12345"),
        ("1234567", Measure::Yuan, Measure::ThousandYuan, "1234.567"),
        ("-3", Measure::ThousandYuan, Measure::HundredMillionYuan, "-0.00003"),
        ("2.5", Measure::TenThousandKwh, Measure::Kwh, "25000"),
        ("1", Measure::Ton, Measure::Kilogram, "1000"),
        ("15", Measure::Mu, Measure::Hectare, "1"),
        ("2", Measure::Hectare, Measure::Mu, "30"),
        ("0.5", Measure::Percent, Measure::PerMille, "5"),
        ("7", Measure::Piece, Measure::Piece, "7"),
    ];
    for (value, from, to, expected) in cases {
        assert_eq!(quantity(value, from).to(to), Ok(quantity(expected, to)), "{value} {from} → {to}");
    }
    assert_eq!(Measure::TenThousandYuan.factor(Measure::ThousandYuan), Some((10, 1)));
    assert_eq!(Measure::Mu.factor(Measure::Hectare), Some((1, 15)));
    assert_eq!(Measure::Yuan.dimension(), Dimension::Money);
}

#[test]
fn what_does_not_measure_the_same_is_not_converted() {
    let error = quantity("5", Measure::Person).to(Measure::ThousandYuan).unwrap_err();
    assert_eq!(error.to_string(), "数量“5 人”有误:“人”不能换算成“千元”。请使用同一类计量单位。");
    assert_eq!(quantity("5", Measure::Household).to(Measure::Machine).unwrap_err().kind, CodeErrorKind::Measure);
    let error = quantity("1", Measure::Mu).to(Measure::SquareMetre).unwrap_err();
    assert_eq!(
        error.to_string(),
        "数量“1 亩”有误:换算成“平方米”得不到精确的小数。请保留原来的计量单位,或先按规定舍入。"
    );
    assert_eq!(
        Quantity::new(Decimal::MAX, Measure::HundredMillionYuan).to(Measure::Yuan).unwrap_err().kind,
        CodeErrorKind::Inexact
    );
}

#[test]
fn rounding_follows_the_named_rule() {
    let cases = [
        ("2.5", 0, Rounding::HalfUp, "3"),
        ("2.5", 0, Rounding::HalfEven, "2"),
        ("3.5", 0, Rounding::HalfEven, "4"),
        ("-2.5", 0, Rounding::HalfUp, "−3"),
        ("-2.5", 0, Rounding::HalfEven, "−2"),
        ("1.005", 2, Rounding::HalfUp, "1.01"),
        ("-0.4", 0, Rounding::HalfUp, "0"),
        ("5", 1, Rounding::HalfUp, "5.0"),
        ("1234.5678", 2, Rounding::HalfUp, "1,234.57"),
    ];
    for (value, scale, rule, shown) in cases {
        assert_eq!(quantity(value, Measure::Percent).round(scale, rule).to_string(), shown, "{value}");
    }
}

#[test]
fn sums_are_exact_and_never_mix_units() {
    let sum = quantity("0.1", Measure::ThousandYuan).checked_add(&quantity("0.2", Measure::ThousandYuan)).unwrap();
    assert_eq!(sum, quantity("0.3", Measure::ThousandYuan));
    let difference = quantity("1.50", Measure::Ton).checked_sub(&quantity("2.50", Measure::Ton)).unwrap();
    assert_eq!(difference.to_string(), "−1.00");
    let error = quantity("1,0".replace(',', "").as_str(), Measure::ThousandYuan)
        .checked_add(&quantity("1", Measure::TenThousandYuan));
    assert_eq!(
        error.unwrap_err().to_string(),
        "数量“10 千元”有误:计量单位不同,一个是“千元”,另一个是“万元”。请先换算成同一个计量单位。"
    );
    let large = Quantity::new(Decimal::MAX, Measure::Yuan);
    assert_eq!(large.checked_add(&large).unwrap_err().kind, CodeErrorKind::TooManyDigits);
    let small = quantity("0.1", Measure::Yuan);
    assert_eq!(large.checked_add(&small).unwrap_err().kind, CodeErrorKind::TooManyDigits, "a lost tenth is not a sum");
    assert!(large.checked_sub(&quantity("1.000", Measure::Yuan)).is_ok(), "only zeros are dropped");
}

#[test]
fn every_unit_reads_its_label_and_forms_find_theirs() {
    for measure in Measure::ALL {
        assert_eq!(Measure::parse(measure.label()), Ok(measure));
        assert_eq!(measure as usize, Measure::ALL.iter().position(|m| *m == measure).unwrap());
    }
    let on_forms = "千元 人 万元 代码 个 吨 平方米 文本 件 元 万立方米 吨标准煤 万千瓦时 - 户 间 位 百万千焦 人月 篇 项 台 千瓦 千瓦时 公斤 ％ kWh";
    for label in on_forms.split(' ') {
        assert!(Measure::parse(label).is_ok(), "{label}");
    }
    let error = Measure::parse("千圆").unwrap_err();
    assert!(error.to_string().starts_with("计量单位“千圆”有误:没有这个计量单位。可用的计量单位有:无、元、千元、万元"));
    assert!(Measure::parse("").unwrap_err().to_string().contains("没有填写"));
}

#[test]
fn quantities_are_shown_and_travel() {
    let revenue = quantity("-1200.50", Measure::ThousandYuan);
    assert_eq!((revenue.to_string().as_str(), revenue.with_label().as_str()), ("−1,200.50", "−1,200.50 千元"));
    assert_eq!(quantity("3", Measure::None).with_label(), "3");
    let text = serde_json::to_string(&revenue).unwrap();
    assert_eq!(text, r#"{"value":"-1200.50","measure":"千元"}"#);
    assert_eq!(serde_json::from_str::<Quantity>(&text).unwrap(), revenue);
    assert!(serde_json::from_str::<Quantity>(r#"{"value":0.1,"measure":"千元"}"#).is_err(), "a float is not exact");
    assert_eq!((revenue.value().scale(), revenue.measure()), (2, Measure::ThousandYuan));
}

fn any_measure() -> impl Strategy<Value = Measure> {
    (0..Measure::ALL.len()).prop_map(|index| Measure::ALL[index])
}

proptest! {
    #[test]
    fn a_conversion_that_succeeds_can_be_undone(mantissa in any::<i64>(), scale in 0..6_u32, from in any_measure(), to in any_measure()) {
        let start = Quantity::new(Decimal::new(mantissa, scale), from);
        if let Ok(there) = start.to(to) {
            prop_assert_eq!(there.to(from), Ok(start));
        }
        prop_assert_eq!(from.factor(to).is_some(), to.factor(from).is_some());
    }

    #[test]
    fn what_is_added_can_be_taken_away(a in any::<i64>(), b in any::<i64>(), scale in 0..9_u32) {
        let (a, b) = (Quantity::new(Decimal::new(a, scale), Measure::Yuan), Quantity::new(Decimal::new(b, 2), Measure::Yuan));
        prop_assert_eq!(a.checked_add(&b).and_then(|sum| sum.checked_sub(&b)), Ok(a));
        prop_assert_eq!(a.checked_add(&b), b.checked_add(&a));
    }

    #[test]
    fn rounding_moves_by_half_a_place_at_most(mantissa in any::<i64>(), scale in 0..5_u32) {
        let exact = Quantity::new(Decimal::new(mantissa, 5), Measure::Yuan);
        for rule in [Rounding::HalfUp, Rounding::HalfEven] {
            let rounded = exact.round(scale, rule);
            let moved = exact.checked_sub(&rounded).unwrap().value().abs();
            prop_assert!(moved <= Decimal::new(5, scale + 1));
            prop_assert_eq!(rounded.value().scale(), scale);
        }
    }
}
