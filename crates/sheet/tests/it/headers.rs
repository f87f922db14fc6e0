//! Headers as forms and ledgers print them.

use youju_sheet::{Column, SheetError, find_header};

use crate::make::{sheet, xlsx};

fn payroll() -> Vec<Column> {
    vec![
        Column::required("name", &["姓名"]),
        Column::required("basic", &["基本工资", "岗位基本工资"]),
        Column::required("gross", &["应发合计", "应发工资小计"]),
        Column::required("pension", &["养老保险个人", "养老保险个人8%"]),
        Column::optional("email", &["电子邮箱", "E-mail"]),
    ]
}

const PAYROLL: &str = "工资发放表,,,,,,,,\n编制单位:某公司,,,所属月份:,,11月份,,,\n\
    序号,姓名,应发工资,,,应扣部分(社会保险),,,签名\n\
    ,,基 本\u{3000}工资,绩效,小计,养老保险,,医疗保险,\n\
    ,,,,,单位,个人(8%),个人,\n\
    1,张某,5000,800,5800,928,464,116,\n";

#[test]
fn a_three_row_payroll_header_is_found_below_its_titles() {
    let sheet = sheet(PAYROLL);
    let header = find_header(&sheet, &payroll()).unwrap();
    assert_eq!(header.rows, 2..5);
    let columns = ["name", "basic", "gross", "pension"].map(|key| header.column(key).unwrap());
    assert_eq!(columns, [1, 2, 4, 6]);
    assert_eq!(header.column("email"), None);
    assert_eq!(header.name(6), "应扣部分(社会保险)养老保险个人(8%)");
    let unknown: Vec<&str> = header.unknown.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(unknown.len(), 5, "序号, 绩效, 养老保险单位, 医疗保险个人, 签名: {unknown:?}");
}

#[test]
fn merged_cells_of_a_workbook_say_the_same_as_the_blanks_of_a_csv() {
    let merged = [(2, 0, 4, 0), (2, 1, 4, 1), (2, 2, 2, 4), (2, 5, 2, 7), (3, 5, 3, 6)];
    let file = xlsx(&[("工资", PAYROLL, &merged)]);
    let from_workbook = find_header(&youju_sheet::read("工资.xlsx", &file).unwrap()[0], &payroll()).unwrap();
    let from_csv = find_header(&sheet(PAYROLL), &payroll()).unwrap();
    assert_eq!(from_workbook.rows, from_csv.rows);
    assert_eq!(from_workbook.columns, from_csv.columns);
}

#[test]
fn names_are_compared_without_blanks_brackets_and_width() {
    let wanted = [Column::required("amount", &["营业收入(千元)"]), Column::required("unit", &["单位名称"])];
    for head in ["单 位 名 称,营业收入（千元）", "（单位名称）,营业收入千元", "*单位名称：,营业\u{3000}收入【千元】"]
    {
        assert!(find_header(&sheet(&format!("{head}\n甲,1\n")), &wanted).is_ok(), "{head}");
    }
    let wanted = [Column::required("amount", &["营业收入"]), Column::required("unit", &["单位名称"])];
    assert!(find_header(&sheet("单位名称,营业收入（千元）\n甲,1\n"), &wanted).is_ok());
}

#[test]
fn missing_columns_are_named_in_chinese() {
    let refusal = find_header(&sheet("序号,姓名,基本工资\n1,张某,5000\n"), &payroll()).unwrap_err();
    assert_eq!(refusal.to_string(), "第 1 行表头缺少“应发合计”、“养老保险个人”。请补上这些列,或按下载的模板填报。");
    let refusal = find_header(&sheet("甲,乙\n1,2\n"), &payroll()).unwrap_err();
    assert!(matches!(refusal, SheetError::NoHeader { searched: 2, .. }), "{refusal}");
}

#[test]
fn a_column_that_occurs_twice_is_refused_with_both_places() {
    let refusal = find_header(&sheet("姓名,基本工资,应发合计,养老保险个人,基本工资\n"), &payroll()).unwrap_err();
    assert_eq!(refusal.to_string(), "第 1 行表头中第 2 列与第 5 列都是“基本工资”,无法区分。请改名或删去其中一列。");
}

#[test]
fn a_header_below_the_searched_rows_is_not_found() {
    let text = format!("{}姓名,基本工资,应发合计,养老保险个人\n", "说明,,,\n".repeat(20));
    assert!(matches!(find_header(&sheet(&text), &payroll()), Err(SheetError::NoHeader { searched: 20, .. })));
}
