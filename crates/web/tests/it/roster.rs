//! 部门名单 through the pages: chosen, its columns said, taken, matched, reviewed pair by pair, and the way on from every result.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use youju_app::App;
use youju_testkit::{County, new_unit, on_both_engines, on_sqlite};

use crate::browser::{Browser, Page};

const ORIGIN: &str = "市市场监管局 4 月 1 日提供";

/// The first factory under its code with another name, the second closed, one that the register lacks and one with a shifted column.
fn list() -> String {
    let code = |factory| new_unit(factory, "330781001000", "1411").usci.as_str().to_owned();
    format!(
        "统一社会信用代码,主体,住所,登记状态,应税销售额(万元),行业代码\n{},飞跃机械股份公司,浙江省兰溪市兰江街道丹溪大道1号,存续,,\n{},虚构第001号食品厂,浙江省兰溪市云山街道振兴路2号,注销,,\n,兰溪市小山超市,浙江省兰溪市兰江街道丹溪大道3号,存续,600,5212\n,兰溪市错列商店,2001-05-06,浙江省兰溪市兰江街道丹溪大道4号,,\n",
        code(0),
        code(1)
    )
}

async fn looked(browser: &Browser, columns: &[(&str, &str)]) -> Page {
    let content = list();
    let mut parts: Vec<(&str, Option<&str>, &[u8])> = vec![
        ("department", None, "市场监管".as_bytes()),
        ("area", None, b"330781"),
        ("coverage", None, b"part"),
        ("origin", None, ORIGIN.as_bytes()),
        ("into", None, b""),
        ("file", Some("主体.csv"), content.as_bytes()),
    ];
    parts.extend(columns.iter().map(|(name, value)| (*name, None, value.as_bytes())));
    browser.parts("/rosters/table", &parts).await
}

async fn taken(browser: &Browser) -> Page {
    let kept = STANDARD.encode(list());
    let parts: [(&str, Option<&str>, &[u8]); 13] = [
        ("department", None, "市场监管".as_bytes()),
        ("area", None, b"330781"),
        ("coverage", None, b"part"),
        ("origin", None, ORIGIN.as_bytes()),
        ("into", None, b""),
        ("name", None, "主体.csv".as_bytes()),
        ("kept", None, kept.as_bytes()),
        ("c0", None, b"code"),
        ("c1", None, b"name"),
        ("c2", None, b"address"),
        ("c3", None, b"standing"),
        ("c4", None, b"revenue"),
        ("c5", None, b"industry"),
    ];
    browser.parts("/rosters/table/take", &parts).await
}

/// The county brings [`list`] and has it matched; the addresses of the list and of the run.
async fn matched(app: &App, county: &County) -> (String, String) {
    let officer = Browser::of(app, &county.county).await;
    let page = taken(&officer).await;
    let roster = page.to().to_owned();
    assert!(roster.starts_with("/rosters/"), "{} {}", page.status, page.text);
    let run = officer.post(&format!("{roster}/runs"), "").await;
    assert!(officer.get(run.to()).await.text.contains("可以离开这一页"));
    youju_app::roster::work(app, "w").await.unwrap().unwrap();
    (roster, run.to().to_owned())
}

/// The address of the first link that begins so.
fn link(page: &Page, begins: &str) -> String {
    let from = page.text.find(&format!("href=\"{begins}")).unwrap_or_else(|| panic!("{begins}: {}", page.text)) + 6;
    page.text[from..].split('"').next().unwrap().to_owned()
}

#[test]
fn a_list_is_looked_at_with_its_columns_and_defects_before_it_goes_in() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let officer = Browser::of(&app, &county.county).await;
        assert!(officer.get("/rosters").await.text.contains("还没有部门名单"));
        assert!(officer.get("/rosters/table").await.text.contains("来源说明"));
        // The column of names is called as nobody knows; the page asks.
        let page = looked(&officer, &[]).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains("没有找到单位名称这一列") && !page.text.contains("导入 3 行"), "{}", page.text);
        // It does not go on about every row that has no name then.
        assert!(!page.text.contains("没有单位名称。") && !page.text.contains("不能收 4 行"), "{}", page.text);
        let said = [
            ("c0", "code"),
            ("c1", "name"),
            ("c2", "address"),
            ("c3", "standing"),
            ("c4", "revenue"),
            ("c5", "industry"),
        ];
        let page = looked(&officer, &said).await.text;
        for words in ["可收 3 行", "不能收 1 行", "像日期", "导入 3 行", "6,000,000", "计量单位:万元"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        let twice = looked(&officer, &[("c0", "name"), ("c1", "name")]).await;
        assert_eq!(twice.status, 422);
        let (roster, _) = matched(&app, &county).await;
        let page = officer.get(&roster).await.text;
        assert!(page.contains("已收完") && page.contains("像日期") && page.contains("导出未收的行"), "{page}");
        let csv = officer.get(&format!("{roster}/left/csv")).await.text;
        assert!(csv.contains("退回原因") && csv.contains("兰溪市错列商店"), "{csv}");
        // The line that says who took the file is no row when it comes home.
        assert!(csv.contains("依法保密,不得外传"), "{csv}");
        let kept = STANDARD.encode(csv);
        let into = roster.rsplit('/').next().unwrap().as_bytes();
        let parts: [(&str, Option<&str>, &[u8]); 3] =
            [("into", None, into), ("name", None, "未收的行.csv".as_bytes()), ("kept", None, kept.as_bytes())];
        let home = officer.parts("/rosters/table", &parts).await.text;
        assert!(home.contains("共 1 行:可收 0 行(其中有提示的 0 行),不能收 1 行。"), "{home}");
    });
}

#[test]
fn pairs_are_reviewed_side_by_side_and_every_result_leads_on() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (_, run) = matched(&app, &county).await;
        let run = run.split('?').next().unwrap().to_owned();
        let officer = Browser::of(&app, &county.county).await;
        let page = officer.get(&run).await;
        assert!(page.text.contains("飞跃机械股份公司") && page.text.contains("结果的指纹"), "{}", page.text);
        let next = officer.get(&format!("{run}/review")).await.to().to_owned();
        let pair = officer.get(&next).await.text;
        for words in [
            "≠ 不同",
            "<mark>飞跃机械股份公司</mark>",
            "<mark>虚构第000号食品厂</mark>",
            "合计把握",
            "data-hotkey=\"y\"",
            "代码",
        ] {
            assert!(pair.contains(words), "{words}: {pair}");
        }
        // Open is open in the words of either side; what one side leaves out is no difference.
        for same in ["<th scope=\"row\">状态</th>", "<th scope=\"row\">行业</th>", "<th scope=\"row\">代码</th>"]
        {
            assert!(pair.contains(same), "{same}: {pair}");
        }
        assert_eq!(pair.matches("≠ 不同").count(), 1, "the name: {pair}");
        let after = officer.get(&format!("{next}?last=1000")).await.text;
        assert!(after.contains("刚才判断的是") && after.contains("/pairs/1000\" data-hotkey=\"k\""), "{after}");
        let decided = officer.post(&next, "choice=same&revision=0").await;
        assert_eq!(decided.status, 303, "{}", decided.text);
        // Somebody else had the page open.
        let township = Browser::of(&app, &county.township).await;
        assert_eq!(township.post(&next, "choice=different&revision=0").await.status, 409);
        let amend = officer.get(&format!("{run}?list=amend")).await.text;
        assert!(amend.contains("飞跃机械股份公司") && amend.contains("是同一单位"), "{amend}");
        let withdraw = officer.get(&format!("{run}?list=withdraw")).await.text;
        assert!(withdraw.contains("虚构第001号食品厂") && withdraw.contains("登记状态:正常运营 → 注销"), "{withdraw}");
        assert!(!withdraw.contains("飞跃机械股份公司") && withdraw.contains(">提出退出</a>"), "{withdraw}");
        let enrol = officer.get(&format!("{run}?list=enrol")).await.text;
        for words in ["兰溪市小山超市", "5212", "6,000,000", "industry=5212"] {
            assert!(enrol.contains(words), "{words}: {enrol}");
        }
        let csv = officer.get(&format!("{run}/csv?list=enrol")).await.text;
        assert!(csv.contains("兰溪市小山超市"), "{csv}");
        // From a result to a lead, and on to its end.
        let found = officer.post("/prospects", &format!("run={}&share=100", run.rsplit('/').next().unwrap())).await;
        assert_eq!(found.to(), "/prospects");
        let prospects = officer.get("/prospects").await;
        assert!(prospects.text.contains("兰溪市小山超市") && prospects.text.contains("达标"), "{}", prospects.text);
        let one = link(&prospects, "/prospects/0");
        assert_eq!(township.post(&one, "act=verify&reason=&revision=0").await.status, 303);
        assert!(officer.get(&one).await.text.contains("核实属实"));
        assert!(officer.get("/prospects/csv").await.text.contains("兰溪市小山超市"));
    });
}

/// Rows without a code go in with a hint; there are more of them than a page has, and rows that were left beside them.
#[test]
fn hints_and_rows_that_were_left_are_turned_over_each_by_itself() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let officer = Browser::of(&app, &county.county).await;
        let rows = (0..60).map(|number| format!(",兰溪市第{number:02}小店,浙江省兰溪市兰江街道丹溪大道{number}号\n"));
        let left = (0..60).map(|number| format!(",,浙江省兰溪市兰江街道振兴路{number}号\n"));
        let list = format!("统一社会信用代码,企业名称,住所\n{}", rows.chain(left).collect::<String>());
        let kept = STANDARD.encode(list);
        let parts: [(&str, Option<&str>, &[u8]); 5] = [
            ("department", None, "市场监管".as_bytes()),
            ("coverage", None, b"part"),
            ("origin", None, ORIGIN.as_bytes()),
            ("name", None, "主体.csv".as_bytes()),
            ("kept", None, kept.as_bytes()),
        ];
        let roster = officer.parts("/rosters/table/take", &parts).await.to().to_owned();
        let first = officer.get(&roster).await.text;
        assert!(first.contains("第49小店") && !first.contains("第50小店") && !first.contains("振兴路"), "{first}");
        assert!(first.contains(&format!("href=\"{roster}?told=2\"")), "{first}");
        assert!(first.contains(&format!("href=\"{roster}?page=2\"")), "{first}");
        let second = officer.get(&format!("{roster}?page=2&told=2")).await.text;
        assert!(second.contains("第50小店") && !second.contains("第49小店"), "{second}");
        // Each way keeps the other table where it is.
        assert!(second.contains(&format!("href=\"{roster}?page=2&amp;told=1\"")), "{second}");
        assert!(second.contains(&format!("href=\"{roster}?told=2&amp;page=1\"")), "{second}");
        assert!(second.contains("<a href=\"/units\" aria-current=\"page\">"), "the register is marked: {second}");
    });
}

#[test]
fn lists_are_for_offices_and_what_lies_elsewhere_is_not_found() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let (roster, run) = matched(&app, &county).await;
        let run = run.split('?').next().unwrap().to_owned();
        let pair = Browser::of(&app, &county.county).await.get(&format!("{run}/review")).await.to().to_owned();
        let ways = [
            (roster.clone(), [200, 200, 404, 404]),
            (format!("{roster}/left/csv"), [404, 200, 404, 404]),
            (run.clone(), [200, 200, 404, 404]),
            (format!("{run}/csv?list=enrol"), [200, 200, 404, 404]),
            (pair.clone(), [200, 200, 404, 404]),
        ];
        let entered = Browser::of(&app, &county.county).await;
        entered.post("/prospects", &format!("run={}&share=100", run.rsplit('/').next().unwrap())).await;
        let prospect = link(&entered.get("/prospects").await, "/prospects/0");
        let ways = ways.into_iter().chain([(prospect.clone(), [200, 200, 404, 404])]);
        for (way, expected) in ways {
            let actors = [&county.township, &county.city, &county.neighbour, &county.factories[0].clerk];
            for (actor, status) in actors.into_iter().zip(expected) {
                let page = Browser::of(&app, actor).await.get(&way).await;
                assert_eq!(page.status, status, "{} {way}", actor.name);
            }
        }
        // Nor do they do anything there: by a made-up body it would be refused otherwise.
        for actor in [&county.neighbour, &county.factories[0].clerk] {
            let browser = Browser::of(&app, actor).await;
            for (way, form) in [
                (format!("{roster}/runs"), ""),
                (pair.clone(), "choice=same&revision=0"),
                (prospect.clone(), "act=verify&revision=0"),
            ] {
                assert_eq!(browser.post(&way, form).await.status, 404, "{} {way}", actor.name);
            }
        }
        let township = Browser::of(&app, &county.township).await;
        assert_eq!(township.post(&format!("{roster}/runs"), "").await.status, 404);
        assert_eq!(township.post("/rosters/doubles", "").await.status, 403);
        assert_eq!((looked(&township, &[]).await.status, taken(&township).await.status), (403, 403));
        let clerk = Browser::of(&app, &county.factories[0].clerk).await;
        assert_eq!((looked(&clerk, &[]).await.status, taken(&clerk).await.status), (404, 404));
        assert_eq!(clerk.get("/prospects/csv").await.status, 404);
    });
}

#[test]
fn a_tip_is_written_down_by_a_form_that_shows_what_the_register_knows() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let town = Browser::of(&app, &county.township).await;
        let list = town.get("/prospects").await.text;
        assert!(list.contains("href=\"/prospects/new\"") && list.contains("登记线索"), "{list}");
        let form = town.get("/prospects/new").await.text;
        assert!(form.contains("兰江街道</option>") && form.contains("零售业(限额以上零售业)"), "{form}");
        let said = |name: &str| {
            format!("name={name}&area=330781001&industry=52&channel=village&words=%E6%9D%91%E9%87%8C%E8%AF%B4%E7%9A%84")
        };
        let known = county.factories[0].name.clone();
        let asked = town.post("/prospects/new", &said(&known)).await;
        assert!(asked.status == 200 && asked.text.contains("请先说明是不是同一家"), "{} {}", asked.status, asked.text);
        assert!(asked.text.contains(&format!("value=\"{known}\"")), "what was typed stays: {}", asked.text);
        let above = town.post("/prospects/new", &format!("{}&unit={}", said(&known), county.factories[0].unit)).await;
        assert!(above.status == 422 && above.text.contains("已是一套表调查单位"), "{}", above.text);
        let entered = town.post("/prospects/new", &format!("{}&unit=none", said(&known))).await;
        assert_eq!(entered.status, 303, "{}", entered.text);
        let page = town.get(entered.to()).await.text;
        for words in ["村级线索", "列为线索,“村里说的”", "不知道"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("还没有达到"), "of no figure nothing is said: {page}");
        for bare in ["name=x", "name=%E5%B0%8F%E5%BA%97&area=330781001&channel=village"] {
            assert_eq!(town.post("/prospects/new", bare).await.status, 422, "{bare}");
        }
        for (who, status) in [(&county.neighbour, 404), (&county.factories[0].clerk, 404), (&county.admin, 404)] {
            let sent = Browser::of(&app, who).await.post("/prospects/new", &said("小店")).await;
            assert_eq!(sent.status, status, "{}", who.name);
        }
    });
}
