//! Site sheets: everything on them can be read, photographs stand on them, and a picture that nobody can read keeps nothing from being printed.

use youju_print::{SitePicture, SiteSheet, site};

/// A PNG of one white point.
const POINT: &[u8] = &[
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 58, 126, 155,
    85, 0, 0, 0, 10, 73, 68, 65, 84, 120, 156, 99, 248, 15, 0, 1, 1, 1, 0, 177, 56, 246, 20, 0, 0, 0, 0, 73, 69, 78,
    68, 174, 66, 96, 130,
];

fn picture(label: &str, content: &[u8]) -> SitePicture {
    let words = vec!["拍摄于 2026-04-02 09:30 · 北纬 29.208300°".into()];
    SitePicture { label: label.into(), words, format: "png", content: content.to_vec() }
}

fn sheet(photo: &[u8]) -> SiteSheet {
    let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    SiteSheet {
        title: "一套表实地核查表".into(),
        number: "0190f3a2".into(),
        unit: vec![
            pair("单位详细名称", "甲*纺织_#有限公司"),
            pair("统一社会信用代码", "91330781MA28Q0XX1T"),
            pair("经营地址", ""),
        ],
        facts: vec![pair("核查情况", "设备在运转。\n凭证齐全。")],
        checks: vec![
            ("单位真实存在".into(), "是".into(), String::new()),
            ("用电相称".into(), "否".into(), "停产一周".into()),
        ],
        photos: vec![picture("门头照片", photo), picture("生产经营场所照片", POINT)],
        names: vec![picture("核查人员一签名", POINT)],
        opinions: vec![pair("第二人确认", "情况属实\n李四 2026年4月2日")],
        seals: vec!["单位公章".into(), "县级统计机构公章".into()],
        mark: "打印于 2026-04-02".into(),
    }
}

fn text(sheet: &SiteSheet) -> String {
    let bytes = site(sheet).unwrap();
    let text = pdf_extract::extract_text_from_mem(&bytes).unwrap();
    text.split_whitespace().collect()
}

#[test]
fn everything_on_a_site_sheet_can_be_read() {
    let text = text(&sheet(POINT));
    for word in [
        "一套表实地核查表",
        "甲*纺织_#有限公司",
        "经营地址",
        "凭证齐全",
        "停产一周",
        "门头照片",
        "拍摄于2026-04-0209:30·北纬29.208300°",
        "核查人员一签名",
        "情况属实",
        "县级统计机构公章",
        "打印于2026-04-02",
    ] {
        assert!(text.contains(word), "{word} is not in {text}");
    }
    assert!(!text.contains("不能打印"), "{text}");
}

#[test]
fn a_picture_that_cannot_be_read_keeps_nothing_from_being_printed() {
    let text = text(&sheet(b"\x89PNG\r\n\x1a\n no picture at all"));
    assert!(text.contains("这张图片不能打印,请看电子原件") && text.contains("停产一周"), "{text}");
}
