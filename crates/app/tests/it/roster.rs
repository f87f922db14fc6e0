//! 部门名单: a list comes in with its defects told, is matched with the register, reviewed by two officers, and becomes lists to work
//! through; what was left is mended and sent again.

use youju_app::list::PageRequest;
use youju_app::register::{NewUnit, enrol};
use youju_app::roster::{self, Counts, Looked, Mapping, Opened, Pairing, Results, Wanted};
use youju_app::{App, Result};
use youju_codes::{AreaCode, Industry, Usci};
use youju_domain::access::Actor;
use youju_domain::id::{RosterId, RosterRunId, UnitId};
use youju_domain::register::AccountingStandard;
use youju_domain::roster::{Choice, Column, Coverage, RunState, Verdict};
use youju_store::journal;
use youju_testkit::{County, on_both_engines, on_sqlite};

use crate::make::{act, look, refusal, verified};

const ALL: PageRequest = PageRequest { offset: 0, limit: 1000 };

const WORDS: [&str; 24] = [
    "红发", "华盛", "永达", "瑞丰", "金桥", "恒泰", "锦绣", "天马", "宏图", "顺昌", "百盛", "新锐", "嘉禾", "东升",
    "凯旋", "明珠", "长虹", "鼎力", "远航", "双喜", "兰芝", "翠屏", "横山", "游埠",
];

/// A fictitious company of 兰溪 with its code, whose check character is right.
fn company(number: usize) -> (String, String) {
    let code = Usci::with_check(&format!("91330781MA2L{number:05}")).unwrap();
    let trade = ["纺织", "五金", "食品", "塑料"][number % 4];
    let (word, more) = (WORDS[number % 24], WORDS[(number / 24 + 7 * number + 5) % 24]);
    (code.as_str().to_owned(), format!("兰溪市{word}{more}{trade}有限公司"))
}

/// The register of the story: forty companies, even ones in 兰江街道, odd ones in 云山街道.
async fn registered(app: &App) -> Vec<UnitId> {
    let mut ids = Vec::new();
    for number in 0..40 {
        let (code, name) = company(number);
        let area = AreaCode::parse(if number % 2 == 0 { "330781001000" } else { "330781002000" }).unwrap();
        let unit = NewUnit {
            usci: Usci::parse(&code).unwrap(),
            name,
            area,
            industry: Industry::parse("1711").unwrap(),
            standard: AccountingStandard::Enterprise,
        };
        ids.push(app.write(None, async |cx| enrol(cx, unit).await).await.unwrap());
    }
    ids
}

fn street(number: usize) -> &'static str {
    if number.is_multiple_of(2) {
        "浙江省兰溪市兰江街道丹溪大道"
    } else {
        "浙江省兰溪市云山街道振兴路"
    }
}

/// What market regulation says: thirty-six of the companies as they are; 36 without code under a name with a wrong character; 37 closed;
/// 38 renamed under its code; 39 not at all; two that the register lacks; and rows that are broken in one way each.
fn list() -> String {
    let mut text = "兰溪市市场主体名单,,,,,\n统一社会信用代码,企业名称,住所,成立日期,登记状态,法定代表人\n".to_owned();
    let row = |text: &mut String, code: &str, name: &str, address: &str, state: &str| {
        text.push_str(&format!("{code},{name},{address},2015-03-02,{state},张三丰\n"));
    };
    for number in 0..36 {
        let (code, name) = company(number);
        row(&mut text, &code, &name, &format!("{}{}号", street(number), number + 10), "存续(在营、开业、在册)");
    }
    row(&mut text, "", &company(36).1.replace("有限公司", "有限责任公司"), "浙江省兰溪市兰江街道丹溪大道46号", "存续");
    row(&mut text, &company(37).0, &company(37).1, "浙江省兰溪市云山街道振兴路47号", "注销");
    row(&mut text, &company(38).0, "兰溪市飞跃机械股份有限公司", "浙江省兰溪市兰江街道丹溪大道48号", "存续");
    row(&mut text, &company(70).0, "兰溪市白露山茶业有限公司", "浙江省兰溪市兰江街道丹溪大道70号", "存续");
    row(&mut text, &company(71).0, "兰溪市诸葛古村旅游开发有限公司", "浙江省兰溪市诸葛镇诸葛村1号", "存续");
    // Line 44: a wrong check character. It goes in and is told.
    let wrong = company(72).0.replace("MA2L", "MA3L");
    row(&mut text, &wrong, "兰溪市芥子园画谱印务有限公司", "浙江省兰溪市兰江街道丹溪大道72号", "存续");
    // Line 45: a column too far to the right. 46: the code of line 3 again. 47: no name. 48: an unclosed quotation mark.
    text.push_str(&format!(
        "{},兰溪市黄大仙米业有限公司,2001-05-06,浙江省兰溪市兰江街道丹溪大道73号,存续,李四\n",
        company(73).0
    ));
    row(&mut text, &company(0).0, "兰溪市红发冒名有限公司", "浙江省兰溪市兰江街道丹溪大道1号", "存续");
    text.push_str(&format!("{},,浙江省兰溪市兰江街道丹溪大道75号,2015-03-02,存续,王五\n", company(75).0));
    text.push_str(&format!(
        "{},\"兰溪市断引号服装厂,浙江省兰溪市兰江街道丹溪大道76号,2015-03-02,存续,赵六\n",
        company(76).0
    ));
    text.push_str(&format!(
        "{},兰溪市六洞山水泥有限公司,浙江省兰溪市兰江街道丹溪大道77号,2015/3/2,吊销,钱七\n",
        company(77).0
    ));
    text
}

fn opened(name: &str, text: &str) -> Opened {
    roster::open(name, Box::new(std::io::Cursor::new(text.to_owned().into_bytes()))).unwrap()
}

fn wanted(coverage: Coverage) -> Wanted {
    Wanted {
        department: "市场监管".into(),
        area: AreaCode::parse("330781").unwrap(),
        coverage,
        origin: "市市场监管局 4 月 1 日提供".into(),
        into: None,
    }
}

async fn take(app: &App, by: &Actor, text: &str, wanted: &Wanted) -> Result<(RosterId, Counts)> {
    roster::take(app, Some(by.clone()), &mut opened("主体.csv", text), wanted, |_, _| {}).await
}

async fn matched(app: &App, by: &Actor, list: Option<RosterId>) -> RosterRunId {
    let asked = act(app, by, async |cx| roster::ask(cx, list).await).await.unwrap();
    assert_eq!(roster::work(app, "w").await.unwrap(), Some(asked));
    asked
}

async fn results(app: &App, by: &Actor, run: RosterRunId, verdict: Verdict) -> Results {
    look(app, by, async |cx| roster::results(cx, run, (verdict, ""), ALL).await).await.unwrap()
}

/// Names of an entry: of the row, else of the unit.
fn names(results: &Results) -> Vec<String> {
    let name = |one: &roster::Listed| one.row_name.clone().or_else(|| one.unit_name.clone()).unwrap_or_default();
    results.page.rows.iter().map(name).collect()
}

async fn pair(app: &App, by: &Actor, run: RosterRunId, number: i64) -> Pairing {
    look(app, by, async |cx| roster::get(cx, run, number).await).await.unwrap()
}

fn told(looked: &Looked) -> Vec<String> {
    looked.told.iter().map(|(line, name, what, left)| format!("{line} {name} {what} {left}")).collect()
}

#[test]
fn every_defect_is_named_before_anything_goes_in() {
    let mut file = opened("主体.csv", &list());
    let headings: Vec<&str> = file
        .mapping
        .iter()
        .map(|(place, column)| {
            assert!(!file.heading(*place).is_empty());
            column.label()
        })
        .collect();
    // The person's name is not asked for.
    assert_eq!(headings, ["统一社会信用代码", "单位名称", "地址", "成立日期", "登记状态"]);
    let looked = roster::look(&mut file).unwrap();
    assert_eq!((looked.rows, looked.left), (43, 4), "{:?}", told(&looked));
    let told = told(&looked);
    println!("{told:#?}");
    assert!(looked.first.iter().all(|(_, taken)| !taken.identity().contains("张三丰")));
}

#[test]
fn a_list_is_matched_with_the_register_and_becomes_lists_to_work_through() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        registered(&app).await;
        let (list, counts) = take(&app, &county.county, &list(), &wanted(Coverage::Whole)).await.unwrap();
        println!("{counts:?}");
        let run = matched(&app, &county.county, Some(list)).await;
        let (done, _) = look(&app, &county.county, async |cx| roster::run(cx, run).await).await.unwrap();
        println!("{done:#?}");
        for verdict in [Verdict::Enrol, Verdict::Amend, Verdict::Withdraw, Verdict::Review, Verdict::Agreed] {
            let found = results(&app, &county.county, run, verdict).await;
            println!("{verdict:?} {:?}", names(&found));
            for one in found.page.rows {
                println!("   {:?} {:?} {:?}", one.found.bits, one.found.differences, one.unit_name);
            }
        }
        verified(&app).await;
    });
}
