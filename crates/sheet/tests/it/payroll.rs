//! Payrolls: headers of three rows, sums that the header declares, and nobody's name in what is kept.

use youju_sheet::record::{Detail, RecordKind, Take, Wish, apply, propose};

use crate::make::{sheet, xlsx};
use crate::records::{PAYROLL, accepted, number, read, sentences};

#[test]
fn a_three_row_payroll_header_becomes_flat_names_merged_or_not() {
    let merged: Vec<(u32, u16, u32, u16)> =
        vec![(2, 0, 4, 0), (2, 1, 4, 1), (2, 4, 2, 6), (2, 7, 2, 9), (3, 4, 4, 4), (3, 7, 3, 8), (2, 10, 4, 10)];
    let file = xlsx(&[("工资", PAYROLL, &merged)]);
    let from_workbook = youju_sheet::read("工资.xlsx", &file).unwrap().remove(0);
    for sheet in [sheet(PAYROLL), from_workbook] {
        let proposal = propose(&sheet, RecordKind::Payroll).unwrap();
        assert_eq!((proposal.header_row, proposal.mapping.header_rows), (3, 3));
        let columns: Vec<(&str, Take)> = proposal.mapping.columns.iter().map(|c| (c.name.as_str(), c.take)).collect();
        assert_eq!(
            columns,
            [
                ("序号", Take::Leave),
                ("姓名", Take::Personal),
                ("身份证号", Take::Personal),
                ("部门", Take::Keep),
                ("应付工资/基本工资", Take::Keep),
                ("应付工资/绩效", Take::Keep),
                ("应付工资/小计", Take::Keep),
                ("应扣部分/养老保险/单位16%", Take::Keep),
                ("应扣部分/养老保险/个人8%", Take::Keep),
                ("应扣部分/小计", Take::Keep),
                ("实发工资", Take::Keep),
                ("备注", Take::Keep),
            ]
        );
        assert_eq!(proposal.mapping.of("pension_personal").map(|c| c.column), Some(9));
    }
}

#[test]
fn nobody_s_name_or_number_is_kept_unless_it_is_asked_for() {
    let names = ["张三丰", "李四光", "王五六", "赵某某", "330781"];
    let least = accepted(PAYROLL, RecordKind::Payroll);
    assert_eq!((least.persons, least.count, least.rows.len()), (Some(3), 3, 0), "the number of persons, and sums");
    assert_eq!((least.sums["gross_pay"], least.sums["net_pay"]), (number("17900.5"), number("16468.46")));
    let rows = read(PAYROLL, RecordKind::Payroll, &Wish { detail: Detail::Rows, period: None }).unwrap();
    assert_eq!(rows.rows.len(), 3);
    for records in [&least, &rows] {
        let all = format!("{records:?}");
        // One note names a person in words; no rule can know that. The number is blotted out.
        let all = all.replace("代李四光〔身份证号已略〕领", "");
        for name in names {
            assert!(!all.contains(name), "{name} in {all}");
        }
    }
    assert_eq!(sentences(&rows.warnings), ["第 7 行“备注”含有身份证号,导入时已略去。"]);
    let mut mapping = propose(&sheet(PAYROLL), RecordKind::Payroll).unwrap().mapping;
    for column in &mut mapping.columns {
        column.take = Take::Keep;
    }
    let wish = Wish { detail: Detail::Rows, period: None };
    let stubborn = apply(&sheet(PAYROLL), &mapping, &wish).unwrap();
    assert!(stubborn.columns.iter().all(|column| column.name != "姓名"), "no mapping overrides the rule");
    let asked = apply(&sheet(PAYROLL), &mapping, &Wish { detail: Detail::Persons, period: None }).unwrap();
    assert_eq!(asked.value(&asked.rows[0], "name").unwrap().text(), "张三丰");
}

#[test]
fn who_is_paid_twice_is_one_person_and_is_told() {
    let text = PAYROLL.replace("330781197912310033", "330781199001010011");
    let records = accepted(&text, RecordKind::Payroll);
    assert_eq!((records.persons, records.count), (Some(2), 3));
    let sentence = "第 8 行与第 6 行的身份证号相同,按一人计数。请确认不是重复发放。";
    assert!(sentences(&records.warnings).contains(&sentence.to_owned()), "{:#?}", records.warnings);
}

#[test]
fn columns_full_of_telephones_are_personal_whatever_they_are_called() {
    let text = "日期,商品,数量,收货\n2026-03-01,齿轮,1,13800001111\n2026-03-02,齿轮,2,13900002222\n";
    let mapping = propose(&sheet(text), RecordKind::SalesList).unwrap().mapping;
    assert_eq!(mapping.columns[3].take, Take::Personal);
}

#[test]
fn subtotals_whose_parts_nobody_can_tell_are_not_verified_and_that_is_said() {
    let text = "姓名,基本工资,应发工资,扣款甲,实发工资\n甲,100,177,5,150\n乙,200,233,6,190\n丙,300,359,7,250\n";
    let warnings = sentences(&accepted(text, RecordKind::Payroll).warnings);
    assert!(
        warnings.contains(&"第 2 行“应发工资”没有认出“应发工资”由哪些项目组成,没有核对。".to_owned()),
        "{warnings:#?}"
    );
}

#[test]
fn insurances_under_a_heading_without_a_subtotal_are_taken_away_too() {
    let head = "姓名,应发工资,,,其他应发,,其他应扣,,应扣部分（单位/个人承担）,,,代扣款项,,,,实发金额\n\
        ,基本工资,绩效奖金,小计,全勤奖,小计,缺勤扣款,小计,养老保险,,失业保险,住房公积金,,个人所得税,小计,\n\
        ,,,,,,,,单位20%,个人8%,个人1%,单位12%,个人12%,,,\n";
    let rows = "甲某,5000,500,5500,100,100,30,30,1000,400,50,600,600,20,620,4500\n\
        乙某,6000,0,6000,100,100,0,0,1200,480,60,720,720,35.5,755.5,4804.5\n\
        丙某,4000,100,4100,100,100,0,0,800,320,40,480,480,0,480,3360\n";
    let records = accepted(&format!("{head}{rows}"), RecordKind::Payroll);
    let unverified = |sentence: &String| sentence.contains("没有核对");
    assert!(!sentences(&records.warnings).iter().any(unverified), "{:#?}", records.warnings);
    let wrong = format!("{head}{rows}").replace("755.5,4804.5", "755.5,4840.5");
    let errors = read(&wrong, RecordKind::Payroll, &Wish::default()).unwrap_err();
    let sentence = "第 5 行“实发金额”现为 4,840.5,按其余各行的算法(应发工资小计＋其他应发小计－其他应扣小计－代扣款项小计－养老保险个人8%－失业保险个人1%)应为 4,804.5,相差 36.0。请核对这一行。";
    assert_eq!(sentences(&errors), [sentence]);
}
