//! Tables that a program hands in as JSON: the same checks as for a file, and every digit as it was written.

use rust_decimal::Decimal;
use youju_codes::Measure;
use youju_sheet::record::{RecordKind, Wish, apply, propose};
use youju_sheet::{Cell, Sheet, read, trial_balance};

use crate::any_bytes::file;

fn sheet(text: &str) -> Sheet {
    read("接口数据.json", text.as_bytes()).unwrap().remove(0)
}

#[track_caller]
fn refused(text: &str) -> String {
    read("接口数据.json", text.as_bytes()).unwrap_err().to_string()
}

fn exact(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

const BALANCED: &str = r#"{
    "unit_name": "虚构食品厂", "period": "2026-03", "measure": "元",
    "rows": [
        {"code": "1002", "name": "银行存款", "period_debit": 12345678901234.56, "closing_debit": 12345678901234.56},
        {"code": 1122, "name": "应收账款", "opening_debit": 0, "period_debit": "0.1", "closing_debit": 1e-1},
        {"code": "4001", "name": "实收资本", "period_credit": 12345678901234.66, "closing_credit": "12,345,678,901,234.66"}
    ]
}"#;

#[test]
fn accounts_are_read_as_if_they_had_been_exported_and_every_digit_arrives() {
    let table = trial_balance::parse(&[sheet(BALANCED)]).unwrap();
    assert_eq!(table.unit_name.as_deref(), Some("虚构食品厂"));
    assert_eq!((table.period.unwrap().to_string().as_str(), table.measure), ("2026-03", Some(Measure::Yuan)));
    assert_eq!(table.lines.len(), 3);
    let [bank, customers, capital] = &table.lines[..] else { panic!("{table:?}") };
    assert_eq!((bank.row, bank.period_debit), (3, Some(exact("12345678901234.56"))));
    assert_eq!((customers.row, customers.code.as_str()), (4, "1122"));
    assert_eq!((customers.period_debit, customers.closing_debit), (Some(exact("0.1")), Some(exact("0.1"))));
    assert_eq!(capital.closing_credit, Some(exact("12345678901234.66")));
    assert_eq!((bank.closing_credit, bank.opening_debit), (None, None), "what is not said is not zero");
    assert_eq!(table.warnings, []);
}

#[test]
fn accounts_that_do_not_balance_are_refused_with_their_rows() {
    let said = |text: &str| -> Vec<String> {
        trial_balance::parse(&[sheet(text)]).unwrap_err().iter().map(ToString::to_string).collect()
    };
    let off = said(&BALANCED.replace("\"closing_debit\": 1e-1", "\"closing_debit\": 0.2"));
    assert!(off[0].starts_with("第 4 行"), "{off:?}");
    let word = said(&BALANCED.replace("1e-1", "\"一角\""));
    assert_eq!(word.len(), 1, "{word:?}");
    assert!(word[0].starts_with("第 4 行“期末借方”应为数字,现为“一角”"), "{word:?}");
    // 29 digits do not fit; they are named, not rounded.
    let long = said(&BALANCED.replace("1e-1", "0.12345678901234567890123456789"));
    assert!(long[0].starts_with("第 4 行“期末借方”应为数字"), "{long:?}");
    assert!(said(&BALANCED.replace("1e-1", "1e-40"))[0].starts_with("第 4 行“期末借方”应为数字"));
}

#[test]
fn records_are_rows_of_values_below_the_names_of_their_columns() {
    let vouchers = r#"{"columns": ["日期", "凭证字号", "摘要", "科目编码", "借方金额", "贷方金额"], "period": "2026年3月", "rows": [
        ["2026-03-05", "记-1", "收到货款", "1002", 0.30, null],
        ["2026-03-05", "记-1", "收到货款", 6001, "", "0.3"]]}"#;
    let sheet = sheet(vouchers);
    assert_eq!(sheet.rows[0], [Cell::Text("会计期间:2026年3月".into())]);
    let proposal = propose(&sheet, RecordKind::VoucherJournal).unwrap();
    assert_eq!((proposal.header_row, &proposal.doubts[..]), (2, &[][..]));
    let records = apply(&sheet, &proposal.mapping, &Wish::default()).unwrap();
    assert_eq!((records.rows.len(), records.rows[0].row, records.vouchers), (2, 3, Some(1)));
    assert_eq!(records.sums["debit"], exact("0.3"));
    assert!(apply(&self::sheet(&vouchers.replace("0.30", "0.31")), &proposal.mapping, &Wish::default()).is_err());
}

#[test]
fn what_is_not_as_agreed_is_told_with_its_place() {
    for (text, says) in [
        (r#"{"rows": [{"code": "1002", "openning_debit": 1}]}"#, "“rows”的第 1 项有不认识的项目“openning_debit”"),
        (r#"{"rows": [{"code": "1", "name": "a", "code": "2"}]}"#, "“rows”的第 1 项“code”写了不止一次"),
        (r#"{"rows": [{"code": "1"}, ["1"]]}"#, "“rows”的第 2 项与前面各项的写法不同"),
        (r#"{"rows": [{"code": {"a": 1}}]}"#, "“rows”的第 1 项“code”应为文字、数字或 null"),
        (r#"{"columns": ["a", "b"], "rows": [["1", "2"], ["1"]]}"#, "“rows”的第 2 项有 1 个值,“columns”有 2 列"),
        (r#"{"columns": ["a"], "rows": [[[1]]]}"#, "“rows”的第 1 项第 1 个值应为文字、数字或 null"),
        (r#"{"columns": ["a"], "rows": [1]}"#, "“rows”的第 1 项应为数组"),
        (r#"{"columns": "a", "rows": [["1"]]}"#, "“columns”应为列名的数组"),
        (r#"{"columns": ["a"], "rows": [{"code": 1}]}"#, "不应再有“columns”"),
        (r#"{"rows": [["1"]]}"#, "没有“columns”"),
        (r#"{"columns": ["a"]}"#, "没有“rows”"),
        (r#"{"rows": 5}"#, "“rows”的格式与约定不符"),
        (r#"{"rows": [], "rows": []}"#, "“rows”写了不止一次"),
        (r#"{"rows": [], "amount": 1}"#, "“amount”不是约定的项目"),
        (r#"{"period": 202603, "rows": [{"code": "1"}]}"#, "“period”应为文字"),
        (r#"{"rows": []}"#, "没有内容"),
        ("{}", "没有“rows”"),
        ("{\"rows\": [\n{\"code\": ", "不是完整正确的 JSON(第 2 行"),
        (r#"{"rows": [{"code": 01}]}"#, "不是完整正确的 JSON"),
        (r#"{"rows": [{"code": NaN}]}"#, "不是完整正确的 JSON"),
    ] {
        let told = refused(text);
        assert!(told.contains(says) && told.ends_with('。'), "{text}: {told}");
    }
}

#[test]
fn odd_json_is_always_answered() {
    let deep = format!("{{\"columns\":[\"a\"],\"rows\":[[{}{}]]}}", "[".repeat(100_000), "]".repeat(100_000));
    for text in [
        deep.as_str(),
        r#"{"rows":[{"code":"\ud800"}]}"#,
        "\u{feff}{\"rows\":[{\"code\":\"1\\u0000\",\"name\":\"a\"}]}",
        r#"{"columns":[],"rows":[[]]}"#,
        r#"{"rows":[{}]}"#,
        r#"{"rows":[{"code":-0,"name":"","closing_debit":1e99999999999}]}"#,
        "{\"a",
        "{}x",
        "{ }",
        "{",
        "{'a':1}",
    ] {
        file(text.as_bytes());
    }
}
