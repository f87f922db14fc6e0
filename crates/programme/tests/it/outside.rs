//! 部门数据: which cells the shipped programmes compare with what departments say, and what a wrong declaration is told.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use youju_programme::{Files, load};

use crate::make::{industry, load_with, programmes};

#[test]
fn every_shipped_comparison_is_of_a_number_that_converts_and_says_why_it_may_differ() {
    let (mut compared, mut departments) = (BTreeSet::new(), BTreeSet::new());
    for programme in programmes() {
        for item in programme.outside() {
            departments.insert(item.department.as_str());
            for against in &item.against {
                let cell = programme.form(&against.form).unwrap().cell(&against.cell).unwrap().into_owned();
                assert!(item.measure.factor(cell.measure).is_some(), "{} {}", item.id, cell.label);
                assert!(against.at_least <= Decimal::ONE_HUNDRED && against.at_most >= Decimal::ONE_HUNDRED);
                assert!(!against.note.is_empty(), "{} {}", item.id, against.form);
                assert!(compared.insert((item.id.clone(), against.form.clone(), against.cell.clone())), "{}", item.id);
            }
        }
    }
    let forms: BTreeSet<&str> = compared.iter().map(|(_, form, _)| form.as_str()).collect();
    for form in ["B203", "B204-1", "205-1", "F203", "E204-1", "S204-1", "202-1"] {
        assert!(forms.contains(form), "{form}");
    }
    assert_eq!(departments, BTreeSet::from(["电力", "社会保险", "税务"]));
}

#[test]
fn the_watched_ratio_of_taxable_sales_to_output_is_the_documented_one() {
    let industry = programmes().iter().find(|programme| programme.id == "industry").unwrap();
    let vat = industry.outside().iter().find(|item| item.id == "vat_sales").unwrap();
    let output = vat.against.iter().find(|against| against.form == "B204-1").unwrap();
    assert_eq!((output.cell.as_str(), output.at_least), ("c01_ytd", Decimal::from(91)));
    assert!(output.sources.iter().any(|title| title.contains("亳统〔2023〕7号")), "{:?}", output.sources);
}

/// A text in the declaration, what stands there instead, and a piece of the refusal.
const CASES: &[(&str, &str, &str)] = &[
    ("id = \"power_use\"", "id = \"vat_sales\"", "部门数据代号“vat_sales”重复。"),
    ("id = \"power_use\"", "id = \"用电\"", "部门数据代号“用电”只能用小写字母、数字和下划线。"),
    ("department = \"税务\"", "department = \" \"", "部门(department)不能为空"),
    ("measure = \"元\"", "measure = \"文\"", "计量单位有误"),
    ("measure = \"元\"", "measure = \"吨\"", "计量单位“吨”不能换算成“营业收入”的“千元”。"),
    ("span = \"year_to_date\"", "span = \"ytd\"", "没有时间口径“ytd”。可用:year_to_date、end、period。"),
    ("form = \"B203\"", "form = \"B2O3\"", "本制度没有表号为“B2O3”的报表。"),
    ("cell = \"c301\"", "cell = \"c999\"", "没有数值数据项“c999”。"),
    ("at_least = \"90\"", "at_least = \"九成\"", "百分比“九成”应写成"),
    ("at_least = \"90\"", "at_least = \"-5\"", "百分比“-5”应写成"),
    ("at_least = \"90\"", "at_least = \"101\"", "容许范围应包含 100"),
    ("at_most = \"110\"", "at_most = \"99\"", "容许范围应包含 100"),
    ("at_most = \"110\"", "at_most = \"1001\"", "百分比“1001”应写成"),
    ("[\"BZ-2023\"]", "[\"BZ\"]", "sources.toml 中没有来源“BZ”。"),
    ("sources = [\"BZ-2023\"]", "sources = []", "还要写明来源(sources)。"),
    ("provenance = \"real\"", "provenance = \"sure\"", "没有来源类别“sure”。"),
    ("id = \"power_use\"", "id = \"power_use\"\nwhen = \"now\"", "outside.toml 第"),
    ("name = \"增值税申报销售额(本年累计)\"", "name = \"销售额\"", "与另一套制度的不一致"),
];

#[test]
fn a_comparison_that_cannot_be_made_is_refused_at_its_place() {
    for (from, to, expected) in CASES {
        let mut files = industry();
        let text = files.get("outside.toml").unwrap();
        assert!(text.contains(from), "the declaration has no {from}");
        let spoilt = text.replacen(from, to, 1);
        files.put("outside.toml", &spoilt);
        let errors: Vec<String> = load_with(&files).unwrap_err().iter().map(ToString::to_string).collect();
        assert!(errors.iter().any(|error| error.contains(expected)), "{to}: {errors:#?}");
    }
}

#[test]
fn an_item_without_columns_or_comparisons_is_refused_and_a_programme_without_items_is_not() {
    for (from, expected) in [("columns = [", "缺少 columns"), ("[[item.compare]]", "缺少 [[item.compare]]")] {
        let mut files = industry();
        let text = files.get("outside.toml").unwrap();
        let (head, _) = text.split_once(from).unwrap();
        let spoilt = head.to_owned();
        files.put("outside.toml", &spoilt);
        let errors: Vec<String> = load_with(&files).unwrap_err().iter().map(ToString::to_string).collect();
        assert!(errors.iter().any(|error| error.contains(expected)), "{errors:#?}");
    }
    let bare: Vec<Files> = Files::shipped()
        .into_iter()
        .map(|mut files| {
            files.remove("outside.toml");
            files
        })
        .collect();
    assert!(load(&bare).unwrap().iter().all(|programme| programme.outside().is_empty()));
}
