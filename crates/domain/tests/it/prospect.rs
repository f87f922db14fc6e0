//! A tip that somebody writes down by hand: what is kept of it, and what is asked for.

use youju_codes::{AreaCode, Industry, Usci};
use youju_domain::prospect::{Channel, Tip};

fn tip() -> Tip {
    Tip {
        name: " 兰溪市小山超市\t".into(),
        code: String::new(),
        area: AreaCode::parse("330781001").unwrap(),
        industry: Industry::parse("52").unwrap(),
        address: "丹溪大道2号".into(),
        phone: "0579-88880000".into(),
        revenue: None,
        channel: Channel::Village,
        words: "村干部说新开了分店".into(),
    }
}

#[test]
fn a_tip_is_kept_without_a_figure_and_without_a_class() {
    let (kept, code) = tip().checked().unwrap();
    assert_eq!((kept.name.as_str(), kept.code.as_str(), code), ("兰溪市小山超市", "", None));
    let usci = Usci::with_check("91330781FAKE77001").unwrap();
    let spaced = Tip { code: format!(" {} ", usci.as_str().to_lowercase()), ..tip() };
    assert_eq!(spaced.checked().unwrap().1, Some(usci));
    for channel in Channel::ALL {
        assert_eq!(Channel::from_key(channel.key()), Some(channel));
    }
    assert_eq!(Channel::from_key("rumour"), None);
}

#[test]
fn what_cannot_be_a_prospect_is_told_with_the_way_out() {
    let area = |code: &str| AreaCode::parse(code).unwrap();
    let industry = |code: &str| Industry::parse(code).unwrap();
    let long = || "长".repeat(201);
    for (wrong, expected) in [
        (Tip { name: "超".into(), ..tip() }, "单位名称应为 2 到 100 个字,现为 1 个字。"),
        (Tip { words: long(), ..tip() }, "线索内容最多 200 个字,现为 201 个字。"),
        (Tip { phone: long(), ..tip() }, "电话最多 200 个字,现为 201 个字。"),
        (Tip { area: area("330781"), ..tip() }, "所在地要写到乡镇(街道)"),
        (Tip { area: area("330781999"), ..tip() }, "所在地要写到乡镇(街道)"),
        (Tip { industry: industry("4710"), ..tip() }, "不按营业收入纳统,不列为准四上线索。请直接登记单位"),
        (Tip { industry: industry("A"), ..tip() }, "不按营业收入纳统"),
        (Tip { revenue: Some((-1).into()), ..tip() }, "营业收入应为不小于 0 的数"),
        (Tip { code: "91330781FAKE770010".into(), ..tip() }, "校验"),
    ] {
        let says = wrong.checked().unwrap_err().says();
        assert!(says.contains(expected), "{expected}: {says}");
    }
}
