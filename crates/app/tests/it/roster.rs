//! 部门名单: a list comes in with its defects told, is matched with the register, reviewed by two officers, and becomes lists to work
//! through; what was left is mended and sent again.

use std::fmt::Write as _;

use youju_app::list::PageRequest;
use youju_app::register::{NewUnit, enrol, enter};
use youju_app::roster::{self, Counts, Looked, Mapping, Opened, Pairing, Results, Wanted};
use youju_app::{App, Result};
use youju_codes::{AreaCode, Industry, Usci};
use youju_domain::access::Actor;
use youju_domain::id::{RosterId, RosterRunId, UnitId};
use youju_domain::register::{AccountingStandard, Fact, Facts, NewChange};
use youju_domain::roster::{Choice, Column, Coverage, RunState, Verdict};
use youju_testkit::{County, on_both_engines};

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
        writeln!(text, "{code},{name},{address},2015-03-02,{state},张三丰").unwrap();
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
    writeln!(text, "{},兰溪市黄大仙米业有限公司,2001-05-06,浙江省兰溪市兰江街道丹溪大道73号,存续,李四", company(73).0)
        .unwrap();
    row(&mut text, &company(0).0, "兰溪市红发冒名有限公司", "浙江省兰溪市兰江街道丹溪大道1号", "存续");
    writeln!(text, "{},,浙江省兰溪市兰江街道丹溪大道75号,2015-03-02,存续,王五", company(75).0).unwrap();
    writeln!(text, "{},\"兰溪市断引号服装厂,浙江省兰溪市兰江街道丹溪大道76号,2015-03-02,存续,赵六", company(76).0)
        .unwrap();
    writeln!(text, "{},兰溪市六洞山水泥有限公司,浙江省兰溪市兰江街道丹溪大道77号,2015/3/2,吊销,钱七", company(77).0)
        .unwrap();
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
    for (line, name, words, is_left) in [
        (39, "兰溪市嘉禾远航纺织有限责任公司", "没有代码,只能按名称和地址比对", false),
        (44, "兰溪市芥子园画谱印务有限公司", "校验码应为 9,现为 3", false),
        (45, "兰溪市黄大仙米业有限公司", "“地址”一列是“2001-05-06”,像日期", true),
        (46, "兰溪市红发冒名有限公司", "代码与第 3 行相同", true),
        (47, "", "没有单位名称", true),
        (48, "", "引号没有成对", true),
    ] {
        let is_it = |one: &&String| {
            one.starts_with(&format!("{line} {name}")) && one.contains(words) && one.ends_with(&is_left.to_string())
        };
        assert!(told.iter().any(|one| is_it(&one)), "{line} {words}: {told:#?}");
    }
    // Line 49, behind the broken one, is read.
    assert!(told.iter().all(|one| !one.starts_with("49 ")));
    assert!(looked.first.iter().all(|(_, taken)| !taken.identity().contains("张三丰")));
}

#[test]
fn columns_are_guessed_and_somebody_may_say_otherwise() {
    let text = "甲,乙,丙\n91330781MA2L000006,兰溪市某某厂,1200\n,兰溪市别的厂,\n";
    let mut file = opened("x.csv", text);
    assert!(file.mapping.is_empty() && file.must_tell_units().is_err());
    assert!(file.map(Mapping::from([(0, Column::Code), (1, Column::Name), (9, Column::Phone)])).is_err());
    assert!(file.map(Mapping::from([(0, Column::Name), (1, Column::Name)])).is_err());
    file.map(Mapping::from([(1, Column::Name), (2, Column::Revenue)])).unwrap();
    let looked = roster::look(&mut file).unwrap();
    assert_eq!((looked.rows, looked.first[0].1.revenue.unwrap().to_string().as_str()), (2, "1200"));
    // The measure of the heading counts.
    let mut file = opened("x.csv", "企业名称,应税销售额(万元),行业代码\n兰溪市某某厂,12.5,1711\n");
    let looked = roster::look(&mut file).unwrap();
    assert_eq!(looked.first[0].1.revenue.unwrap().normalize().to_string(), "125000");
}

async fn left_file(app: &App, by: &Actor, list: RosterId) -> String {
    let (_, file) = look(app, by, async |cx| roster::left_csv(cx, list).await).await.unwrap();
    String::from_utf8(file).unwrap()
}

#[test]
fn rows_that_were_left_are_mended_and_sent_again_and_nothing_comes_twice() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (id, taken) = take(&app, &county.county, &list(), &wanted(Coverage::Whole)).await.unwrap();
        assert_eq!(taken, Counts { rows: 43, again: 0, left: 4, mended: 0 });
        let into = Wanted { into: Some(id), ..wanted(Coverage::Whole) };
        // The same file once more: nothing new.
        let (_, taken) = take(&app, &county.county, &list(), &into).await.unwrap();
        assert_eq!(taken, Counts { rows: 0, again: 47, left: 0, mended: 0 });
        // Two of four are mended in the file that the program wrote; it recognises its own headings.
        let file = left_file(&app, &county.county, id).await;
        let mended = file
            .replace(
                "兰溪市黄大仙米业有限公司,2001-05-06,",
                "兰溪市黄大仙米业有限公司,浙江省兰溪市兰江街道丹溪大道73号,",
            )
            .replace(",浙江省兰溪市兰江街道丹溪大道73号,存续", ",2001-05-06,存续")
            .replace(&company(0).0, &company(80).0);
        assert_ne!(file, mended, "{file}");
        let (_, taken) = take(&app, &county.county, &mended, &into).await.unwrap();
        assert_eq!((taken.rows, taken.mended, taken.left, taken.again), (2, 2, 0, 2), "{file}\n{mended} {taken:?}");
        let (_, left) = look(&app, &county.county, async |cx| roster::left(cx, id, ALL).await).await.unwrap();
        assert_eq!(left.total, 2, "{:?}", left.rows);
        // Neither the township nor the neighbour brings lists or sees what was left.
        for actor in [&county.township, &county.neighbour, &county.factories[0].clerk] {
            let refused = look(&app, actor, async |cx| roster::left_csv(cx, id).await).await;
            assert!(["forbidden", "not_found"].contains(&refusal(refused).code()));
            assert!(take(&app, actor, &list(), &into).await.is_err());
        }
        verified(&app).await;
    });
}

#[test]
fn a_list_is_matched_with_the_register_and_becomes_lists_to_work_through() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        registered(&app).await;
        let (list, _) = take(&app, &county.county, &list(), &wanted(Coverage::Whole)).await.unwrap();
        let run = matched(&app, &county.county, Some(list)).await;
        let (done, _) = look(&app, &county.county, async |cx| roster::run(cx, run).await).await.unwrap();
        assert_eq!((done.state, done.report.units, done.report.rows), (RunState::Done, 43, 43), "{done:?}");
        assert!(done.report.notices.iter().any(|notice| notice.contains("电话")), "{done:?}");
        let enrol = names(&results(&app, &county.county, run, Verdict::Enrol).await);
        assert_eq!(enrol.len(), 3, "{enrol:?}");
        assert!(enrol.contains(&"兰溪市白露山茶业有限公司".to_owned()));
        // Closed in the list, or not in a list of all: 39 and the three of the county that every story has.
        let withdraw = names(&results(&app, &county.county, run, Verdict::Withdraw).await);
        assert!(withdraw.contains(&company(37).1) && withdraw.contains(&company(39).1), "{withdraw:?}");
        // Renamed under its code: somebody looks, and it is in no other list until then.
        let waiting = results(&app, &county.county, run, Verdict::Review).await;
        assert!(names(&waiting).contains(&"兰溪市飞跃机械股份有限公司".to_owned()), "{:?}", names(&waiting));
        assert!(!withdraw.contains(&company(38).1));
        // The same again gives the same, to the last bit.
        let again = matched(&app, &county.county, Some(list)).await;
        let (again, _) = look(&app, &county.county, async |cx| roster::run(cx, again).await).await.unwrap();
        assert_eq!(again.fingerprint, done.fingerprint);
        // A part of all says nothing about what it does not name.
        let (part, _) = take(&app, &county.county, &self::list(), &wanted(Coverage::Part)).await.unwrap();
        let part = matched(&app, &county.county, Some(part)).await;
        let withdraw = names(&results(&app, &county.county, part, Verdict::Withdraw).await);
        assert_eq!(withdraw, [company(37).1]);
        verified(&app).await;
    });
}

#[test]
fn two_officers_review_pairs_and_neither_overwrites_the_other() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        registered(&app).await;
        let (list, _) = take(&app, &county.county, &list(), &wanted(Coverage::Whole)).await.unwrap();
        let run = matched(&app, &county.county, Some(list)).await;
        let waiting = results(&app, &county.county, run, Verdict::Review).await;
        let renamed =
            waiting.page.rows.iter().find(|one| one.row_name.as_deref() == Some("兰溪市飞跃机械股份有限公司"));
        let number = renamed.unwrap().found.pair.number;
        let seen = pair(&app, &county.county, run, number).await;
        assert!(seen.listed.found.evidence.iter().any(|line| line.says.contains("代码")), "{:?}", seen.listed.found);
        assert!(seen.listed.found.differences.iter().any(|differs| differs.what == "名称"));
        // The township, in whose area it lies, was quicker.
        let revision = seen.listed.revision;
        let decide = async |by: &Actor, revision: i64, choice: Choice| {
            act(&app, by, async |cx| roster::decide(cx, run, (number, revision), choice).await).await
        };
        let decided = decide(&county.township, revision, Choice::Different).await.unwrap();
        assert_eq!(refusal(decide(&county.county, revision, Choice::Same).await).code(), "conflict");
        // Not one unit: the row is to be enrolled, the unit to be looked for.
        let all = async |verdict| names(&results(&app, &county.county, run, verdict).await);
        assert!(all(Verdict::Enrol).await.contains(&"兰溪市飞跃机械股份有限公司".to_owned()));
        assert!(all(Verdict::Withdraw).await.contains(&company(38).1));
        // Taken back and decided otherwise, it is to be amended and nothing else.
        let undone = decide(&county.county, decided.listed.revision, Choice::Undone).await.unwrap();
        assert_eq!(undone.listed.found.pair.verdict, Verdict::Review);
        let same = decide(&county.county, undone.listed.revision, Choice::Same).await.unwrap();
        assert_eq!(same.listed.found.pair.verdict, Verdict::Amend);
        let told: Vec<Choice> = same.decisions.iter().map(|one| one.choice).collect();
        assert_eq!(told, [Choice::Different, Choice::Undone, Choice::Same]);
        assert!(!all(Verdict::Enrol).await.contains(&"兰溪市飞跃机械股份有限公司".to_owned()));
        assert!(!all(Verdict::Withdraw).await.contains(&company(38).1));
        // The neighbour, and the unit's own people, see nothing of it.
        for actor in [&county.neighbour, &county.factories[0].clerk] {
            assert_eq!(
                refusal(look(&app, actor, async |cx| roster::get(cx, run, number).await).await).code(),
                "not_found"
            );
        }
        verified(&app).await;
    });
}

#[test]
fn the_register_is_matched_with_itself_and_a_run_cut_off_is_begun_anew() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        registered(&app).await;
        // The same company twice in the register, under two codes and two trades.
        let mut both = Vec::new();
        for number in 100..114 {
            let place = if number == 113 { 100 } else { number };
            let name = company(place).1.replace("有限公司", if number == 113 { "有限责任公司" } else { "有限公司" });
            let facts = Facts::default()
                .with(Fact::Usci, company(number).0)
                .with(Fact::Name, name.as_str())
                .with(Fact::Area, "330781002000")
                .with(Fact::Industry, if number == 113 { "5123" } else { "1711" })
                .with(Fact::Address, format!("浙江省兰溪市云山街道振兴路{place}号"))
                .with(Fact::Phone, format!("1380579{place:04}"));
            let new = NewChange { since: chrono::NaiveDate::from_ymd_opt(2020, 1, 1).unwrap(), facts };
            act(&app, &county.county, async |cx| enter(cx, new).await).await.unwrap();
            both.extend((number == 100 || number == 113).then_some(name));
        }
        let asked = act(&app, &county.county, async |cx| roster::ask(cx, None).await).await.unwrap();
        // A second one is not begun beside it.
        assert_eq!(
            refusal(act(&app, &county.county, async |cx| roster::ask(cx, None).await).await).code(),
            "bad_input"
        );
        // A worker claims it and dies; five minutes later another finds it.
        let until = app.world().now();
        app.write(None, async |cx| Ok(youju_store::roster::run::claim(cx.tx(), "dead", until).await?)).await.unwrap();
        // The server works in a task of its own.
        let server = app.clone();
        let again = tokio::spawn(async move { roster::work(&server, "w").await }).await.unwrap().unwrap().unwrap();
        assert_ne!(again, asked);
        let (broken, _) = look(&app, &county.county, async |cx| roster::run(cx, asked).await).await.unwrap();
        assert_eq!(broken.state, RunState::Broken);
        let mut found = results(&app, &county.county, again, Verdict::Review).await.page.rows;
        found.extend(results(&app, &county.county, again, Verdict::Double).await.page.rows);
        let is_it = |one: &&roster::Listed| {
            let names = [one.unit_name.as_deref(), one.other_name.as_deref()];
            both.iter().all(|name| names.contains(&Some(name.as_str())))
        };
        let twins = found.iter().find(is_it).unwrap();
        assert!(
            twins.found.differences.iter().any(|differs| differs.what == "行业门类"),
            "{:?}",
            twins.found.differences
        );
        assert_eq!(roster::work(&app, "w").await.unwrap(), None);
    });
}
