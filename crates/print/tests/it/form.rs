//! The official form: head, body, foot; one page or many.

use youju_print::{Line, Paper, PaperList, Proof, pdf};

fn paper() -> Paper {
    let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(one, other)| ((*one).into(), (*other).into())).collect();
    Paper {
        title: "工业 财务状况".into(),
        order: pairs(&[
            ("表号", "B203 表"),
            ("制定机关", "国家统计局"),
            ("文号", "国统字〔2025〕86号"),
            ("有效期至", "2027年12月"),
        ]),
        respondent: pairs(&[("统一社会信用代码", "91330781MA28Q0XX1T"), ("单位详细名称", "兰溪市#甲*纺织_有限公司")]),
        period: "2026年1—9月".into(),
        measure: "计量单位:千元".into(),
        columns: vec!["1—本月".into(), "上年同期".into()],
        rows: vec![
            Line::heading("一、期末资产负债"),
            Line::figure("流动资产合计", "千元", "201", 0, ["12,345", "11,111"]),
            Line::figure("其中:应收账款", "千元", "202", 1, ["0", "-1,204"]),
            Line::heading("二、损益及分配"),
            Line::figure("营业收入", "千元", "301", 0, ["98,765,432,109", ""]),
        ],
        lists: Vec::new(),
        foot: pairs(&[
            ("单位负责人", "张三"),
            ("统计负责人", "李四"),
            ("填表人", "王五"),
            ("联系电话", "0579-88880000"),
            ("报出日期", "2026年10月8日"),
        ]),
        notes: vec!["计量单位为千元,不要小数。".into(), "#let x = 1 不是程序。".into()],
        seal: "单位公章".into(),
        watermark: None,
        mark: "2026年10月8日 9时30分".into(),
        proof: Some(Proof {
            payload: "youju:1:01a1fe89:3f2a9c".into(), text: "版本指纹 3f2a 9c01 77de 4b10".into()
        }),
    }
}

/// The text of a file, without the blanks that a reader may put anywhere between letters.
fn text(bytes: &[u8]) -> String {
    pdf_extract::extract_text_from_mem(bytes).unwrap().split_whitespace().collect()
}

#[test]
fn what_is_printed_can_be_read_again() {
    let text = text(&pdf(&paper()).unwrap());
    for word in [
        "工业财务状况",
        "国统字〔2025〕86号",
        "91330781MA28Q0XX1T",
        "兰溪市#甲*纺织_有限公司",
        "流动资产合计千元20112,34511,111",
        "其中:应收账款千元2020-1,204",
        "98,765,432,109",
        "0579-88880000",
        "#letx=1不是程序。",
        "版本指纹3f2a9c0177de4b10",
        "单位公章",
        "第1页共1页",
    ] {
        assert!(text.contains(word), "{word} is missing in\n{text}");
    }
}

#[test]
fn lists_stand_below_the_figures_each_with_its_own_head() {
    let row = |number: usize| vec![format!("研发项目{number}"), format!("{number},000")];
    let list = PaperList {
        heading: "二、研发项目".into(),
        columns: vec!["项目名称".into(), "经费支出(千元)".into()],
        rows: (1..=60).map(row).collect(),
    };
    let both = text(&pdf(&Paper { lists: vec![list.clone()], ..paper() }).unwrap());
    assert!(both.contains("二、研发项目") && both.contains("流动资产合计千元201"), "{both}");
    assert!(both.contains("60研发项目6060,000"), "the last row is missing\n{both}");
    assert!(both.matches("行项目名称经费支出(千元)").count() > 1, "the head is not repeated\n{both}");
    // A form may have nothing but a list.
    let alone = text(&pdf(&Paper { rows: Vec::new(), lists: vec![list], ..paper() }).unwrap());
    assert!(alone.contains("1研发项目11,000") && !alone.contains("指标名称"), "{alone}");
}

#[test]
fn a_long_form_repeats_its_head_and_counts_its_pages() {
    let lines = (1..=120).map(|number| Line::figure("产品产量", "吨", &format!("{number:03}"), 0, ["1", "2"]));
    let long = Paper { rows: lines.collect(), ..paper() };
    let text = text(&pdf(&long).unwrap());
    let pages = (1..100).take_while(|page| text.contains(&format!("第{page}页共"))).count();
    assert!(pages > 1, "{text}");
    assert_eq!(text.matches(&format!("页共{pages}页")).count(), pages, "{text}");
    assert_eq!(text.matches("指标名称计量单位代码").count(), pages);
    assert!(text.contains("产品产量吨12012"), "the last line is missing");
}

#[test]
fn a_copy_bears_who_took_it_and_when() {
    let copy = Paper { watermark: Some("李四 2026-10-09 14:05 复印\n标记 7KQ2MX4B".into()), ..paper() };
    let text = text(&pdf(&copy).unwrap());
    assert!(text.contains("李四2026-10-0914:05复印") && text.contains("标记7KQ2MX4B"), "{text}");
}

#[test]
fn the_same_paper_gives_the_same_file() {
    assert!(pdf(&paper()).unwrap() == pdf(&paper()).unwrap());
    let size = pdf(&paper()).unwrap().len();
    assert!(size < 200_000, "{size} bytes: whole fonts are in the file");
}

#[test]
fn an_empty_form_is_a_form() {
    let empty = Paper { title: "空表".into(), ..Paper::default() };
    assert!(text(&pdf(&empty).unwrap()).contains("空表"));
}

#[test]
fn what_no_code_can_hold_is_refused() {
    let proof = Proof { payload: "x".repeat(5_000), text: String::new() };
    let refused = pdf(&Paper { proof: Some(proof), ..paper() }).unwrap_err();
    assert_eq!(refused.to_string(), "二维码放不下 5000 个字节。请缩短网址。");
}
