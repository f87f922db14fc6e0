//! 部门数据: what lies within the tolerance, what becomes of a row, and which import counts.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::{Measure, Period, Quantity, Usci};
use youju_domain::outside::{Against, Fate, Handed, Import, Known, Span, Verdict, counting, judge, speaks_for};
use youju_domain::report::CellId;

use crate::make::{area, at, id, unit};

fn number(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn against(at_least: &str, at_most: &str) -> Against {
    Against {
        form: "B203".into(),
        cell: CellId::new("c301"),
        at_least: number(at_least),
        at_most: number(at_most),
        sources: Vec::new(),
        is_inferred: true,
        note: String::new(),
    }
}

#[test]
fn a_difference_is_judged_exactly_and_zero_missing_and_incomparable_stay_three_things() {
    use Measure::{Kwh, Mu, SquareMetre, TenThousandKwh, TenThousandYuan, ThousandYuan, Yuan};
    // (at least, at most), reported in which measure with how many decimals, handed in which measure, difference, verdict.
    let cases = [
        (("90", "110"), Some("1000"), (ThousandYuan, 0), Some(("1000000", Yuan)), Some("0"), Verdict::Within),
        (("90", "110"), Some("1000"), (ThousandYuan, 0), Some(("110", TenThousandYuan)), Some("-100"), Verdict::Within),
        // Half a place of the cell belongs to the tolerance, one 分 more does not.
        (("90", "110"), Some("1000"), (ThousandYuan, 0), Some(("1100500", Yuan)), Some("-100.5"), Verdict::Within),
        (
            ("90", "110"),
            Some("1000"),
            (ThousandYuan, 0),
            Some(("1100500.01", Yuan)),
            Some("-100.50001"),
            Verdict::Beyond,
        ),
        (("91", "200"), Some("1000"), (ThousandYuan, 0), Some(("909499.99", Yuan)), Some("90.50001"), Verdict::Beyond),
        (("91", "200"), Some("1000"), (ThousandYuan, 0), Some(("909500", Yuan)), Some("90.5"), Verdict::Within),
        (("95", "105"), Some("12.34"), (TenThousandKwh, 2), Some(("123400", Kwh)), Some("0"), Verdict::Within),
        (("95", "105"), Some("12.34"), (TenThousandKwh, 2), Some(("12.34", Kwh)), Some("12.338766"), Verdict::Beyond),
        // Beside a reported zero only rounding is within.
        (("90", "110"), Some("0"), (ThousandYuan, 0), Some(("0", Yuan)), Some("0"), Verdict::Within),
        (("90", "110"), Some("0"), (ThousandYuan, 0), Some(("500", Yuan)), Some("-0.5"), Verdict::Within),
        (("90", "110"), Some("0"), (ThousandYuan, 0), Some(("501", Yuan)), Some("-0.501"), Verdict::Beyond),
        // A loss is measured by its size.
        (("90", "110"), Some("-1000"), (ThousandYuan, 0), Some(("-1050", ThousandYuan)), Some("50"), Verdict::Within),
        (("90", "110"), Some("-1000"), (ThousandYuan, 0), Some(("1000", ThousandYuan)), Some("-2000"), Verdict::Beyond),
        // Missing on either side is not zero.
        (("90", "110"), None, (ThousandYuan, 0), Some(("1000", Yuan)), None, Verdict::NotReported),
        (("90", "110"), Some("1000"), (ThousandYuan, 0), None, None, Verdict::NoFigure),
        (("90", "110"), None, (ThousandYuan, 0), None, None, Verdict::NotReported),
        // Other dimensions, no exact number, and figures beyond any.
        (("90", "110"), Some("1000"), (ThousandYuan, 0), Some(("1000", Kwh)), None, Verdict::NotComparable),
        (("90", "110"), Some("1000"), (SquareMetre, 0), Some(("1", Mu)), None, Verdict::NotComparable),
        (
            ("90", "110"),
            Some("1"),
            (ThousandYuan, 0),
            Some(("79228162514264337593543950335", ThousandYuan)),
            Some("-79228162514264337593543950334"),
            Verdict::NotComparable,
        ),
    ];
    for ((least, most), reported, cell, handed, difference, verdict) in cases {
        let handed = handed.map(|(text, measure)| Quantity::new(number(text), measure));
        let compared = against(least, most).compare(cell, reported.map(number), handed);
        assert_eq!(compared.verdict, verdict, "{reported:?} beside {handed:?}");
        if verdict != Verdict::NotComparable {
            assert_eq!(compared.difference, difference.map(number), "{reported:?} beside {handed:?}");
        }
    }
}

#[test]
fn figures_since_january_serve_every_report_that_ends_on_the_same_day() {
    let period = |text: &str| Period::parse(text).unwrap();
    let cases = [
        (Span::YearToDate, "2026-03", "2026-03"),
        (Span::YearToDate, "2026Q1", "2026-03"),
        (Span::YearToDate, "2026-01~02", "2026-02"),
        (Span::YearToDate, "2026", "2026-12"),
        (Span::End, "2026H1", "2026-06"),
        (Span::Period, "2026Q1", "2026Q1"),
        (Span::Period, "2026-03", "2026-03"),
    ];
    for (span, asked, kept) in cases {
        assert_eq!(span.kept_under(period(asked)), period(kept), "{span:?} {asked}");
        assert_eq!(Span::from_key(span.key()), Some(span));
    }
}

fn code(number: u32) -> Usci {
    Usci::with_check(&format!("91330781FAKE{number:05}")).unwrap()
}

fn row(number: u32, usci: &str, value: Result<Option<&str>, &str>) -> Handed {
    Handed {
        row: number,
        usci: usci.into(),
        name: String::new(),
        period: Ok(Period::parse("2026-03").unwrap()),
        value: value.map(|value| value.map(self::number)).map_err(str::to_owned),
    }
}

#[test]
fn every_row_is_taken_left_or_wrong_and_says_why() {
    let known = BTreeMap::from([(code(1), Known { unit: unit(), name: "虚构一厂".into() })]);
    let (ours, strange) = (code(1).as_str().to_owned(), code(2).as_str().to_owned());
    let spoilt = format!("{}A", &ours[..17]);
    let cases = [
        (row(2, &ours, Ok(Some("12.5"))), "taken"),
        (row(3, &ours, Ok(Some("12.5"))), "与第 2 行是同一单位"),
        (row(4, &strange, Ok(Some("1"))), "没有这个单位"),
        // What is wrong about nobody in work does not hold up the rest.
        (row(5, &strange, Err("应为数字")), "没有这个单位"),
        (row(6, &spoilt, Ok(Some("1"))), "统一社会信用代码不对"),
        (row(7, "", Ok(Some("9"))), "没有统一社会信用代码"),
        (row(8, &ours, Err("应为数字,现为“12万”。")), "应为数字"),
        (row(9, &ours, Ok(None)), "空白不当作 0"),
        (row(10, &ours, Ok(Some("1000000000000000000"))), "超过 18 位"),
        (row(11, &ours, Ok(Some("0.0000001"))), "小数超过 6 位"),
        (Handed { period: Err("报告期不对".into()), ..row(12, &ours, Ok(Some("1"))) }, "报告期不对"),
        (Handed { period: Ok(Period::parse("2026-04").unwrap()), ..row(13, &ours, Ok(Some("1"))) }, "taken"),
    ];
    let rows: Vec<Handed> = cases.iter().map(|(row, _)| row.clone()).collect();
    for ((row, expected), fate) in cases.iter().zip(judge(&rows, &known)) {
        let said = match fate {
            Fate::Taken { .. } => "taken".to_owned(),
            Fate::Left(reason) | Fate::Wrong(reason) => reason,
        };
        assert!(said.contains(expected), "row {}: {said}", row.row);
    }
}

fn import(number: u128, code: &str, day: u32) -> Import {
    Import {
        id: id(number),
        item: "vat_sales".into(),
        period: Period::parse("2026-03").unwrap(),
        area: area(code),
        file_name: "三月.xlsx".into(),
        file_hash: String::new(),
        origin: String::new(),
        measure: Measure::Yuan,
        by: id(1),
        at: at(day),
        left: 0,
    }
}

#[test]
fn a_later_import_replaces_an_earlier_one_only_where_it_covers_it() {
    let newest_first = vec![
        import(5, "330781", 9),
        import(4, "3307", 8),
        import(3, "330783", 7),
        import(2, "330781", 6),
        import(1, "3301", 5),
    ];
    let left = counting(newest_first);
    let ids: Vec<_> = left.iter().map(|import| import.id).collect();
    assert_eq!(ids, [id(5), id(4), id(1)], "the city's covers the neighbour's older one, not 兰溪's newer one");
    let speaks = |code: &str| speaks_for(&left, &area(code)).map(|import| import.id);
    assert_eq!(speaks("330781001000"), Some(id(5)));
    assert_eq!(speaks("330783001000"), Some(id(4)));
    assert_eq!(speaks("330201001000"), None);
}
