//! 纳入和投资项目 by links and forms alone: what is told before a decision stands on the page, an upload that was cut off keeps nothing, and
//! every address of a project for everybody.

use axum::body::Body;
use youju_app::App;
use youju_app::register;
use youju_domain::access::Actor;
use youju_domain::id::UnitId;
use youju_domain::register::{Fact, Facts, NewChange};
use youju_testkit::{County, on_both_engines, on_sqlite};

use crate::browser::{Browser, Page};

/// A field of a form.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

fn parts<'a>(said: &[(&'a str, &'a str)], files: &[&'a str]) -> Vec<Part<'a>> {
    let fields = said.iter().map(|(name, value)| (*name, None, value.as_bytes()));
    let files = files.iter().map(|name| (*name, Some("材料.pdf"), b"%PDF-1.7 paper".as_slice()));
    fields.chain(files).collect()
}

async fn enter(app: &App, by: &Actor, usci: &str) -> UnitId {
    let usci = youju_codes::Usci::with_check(usci).unwrap();
    let facts = Facts::read([
        (Fact::Usci, usci.as_str()),
        (Fact::Name, "兰溪市虚构毛纺厂"),
        (Fact::Area, "330781001000"),
        (Fact::Industry, "1721"),
    ])
    .unwrap();
    let new = NewChange { since: "2026-01-10".parse().unwrap(), facts };
    app.write(Some(by.clone()), async |cx| register::enter(cx, new).await).await.unwrap()
}

async fn does(browser: &Browser, case: &str, act: &str, said: &[(&str, &str)], files: &[&str]) -> Page {
    let page = browser.get(case).await.text;
    let revision = page.split("name=\"revision\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let revision = revision.unwrap_or("0").to_owned();
    let mut all = parts(said, files);
    all.push(("revision", None, revision.as_bytes()));
    browser.parts(&format!("{case}/acts/{act}"), &all).await
}

#[test]
fn an_enrolment_tells_its_rounds_its_doubts_and_its_twins() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let mill = enter(&app, &county.township, "91330781FAKE77021").await;
        enter(&app, &county.township, "91330781FAKE77022").await;
        let own = Browser::of(&app, &county.township).await;
        let unit = own.get(&format!("/units/{mill}")).await.text;
        let form = format!("/cases/new/enrolment?subject={mill}");
        assert!(unit.contains(&form) && unit.contains("申请纳入") && !unit.contains("申请退出"), "{unit}");
        let page = own.get(&form).await.text;
        for words in ["月度新增(到县级):2026-04-15 截止。", "名录库中相似的单位", "单位名称相同"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        let subject = mill.to_string();
        let said = [
            ("subject", subject.as_str()),
            ("f.channel", "月度新增"),
            ("f.cause", "1 新开业(投产)"),
            ("f.profession", "工业"),
            ("f.revenue", "1500"),
        ];
        // A file that was cut off in the middle: nothing of the case is there.
        let cut = "--x\r\nContent-Disposition: form-data; name=\"file.proof\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7 half";
        let headers = [("content-type", "multipart/form-data; boundary=x")];
        let broken = own.send("POST", "/cases/new/enrolment", &headers, Body::from(cut)).await;
        assert!(broken.status == 422 && broken.text.contains("内容没有完整传到"), "{} {}", broken.status, broken.text);
        assert!(own.get("/cases").await.text.contains("还没有事项"));
        let opened = own.parts("/cases/new/enrolment", &parts(&said, &[])).await;
        assert_eq!(opened.status, 303, "{}", opened.text);
        let case = opened.to().to_owned();
        let page = own.get(&case).await.text;
        for words in ["矛盾和提示", "为 1,500 万元,没有达到纳统标准", "名录库中相似的单位"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let mute = does(&own, &case, "verify", &[("f.verified", "已投产")], &[]).await;
        assert!(mute.status == 422 && mute.text.contains("有 1 处矛盾或提示"), "{}", mute.text);
        let said = [("f.verified", "已投产"), ("reason", "九月可达到标准,先列入")];
        assert_eq!(does(&own, &case, "verify", &said, &[]).await.status, 303);
        let page = own.get(&case).await.text;
        assert!(page.contains("利润表") && !page.contains("建筑业资质证书"), "only what a factory hands in: {page}");
    });
}

#[test]
fn an_amendment_shows_what_the_register_says_today_beside_what_it_is_to_become() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let mill = enter(&app, &county.township, "91330781FAKE77021").await;
        let town = Browser::of(&app, &county.township).await;
        let form = town.get(&format!("/cases/new/amendment?subject={mill}")).await.text;
        for words in [
            "现在:1721 毛条和毛纱线加工",
            "兰江街道(330781001000)",
            "现在:没有登记",
            "aria-describedby=\"open-industry-help open-industry-now\"",
            "<details class=\"more field\"><summary>其他 7 个栏目:注册地区划、注册地址、",
        ] {
            assert!(form.contains(words), "{words}: {form}");
        }
        assert!(!form.contains("现在:330781001000") && !form.contains("above"), "words and no keys: {form}");
        // Of a unit that is typed in nothing is known before it is chosen; the people of a unit see their own.
        assert!(!town.get("/cases/new/amendment").await.text.contains("现在:"));
        let factory = Browser::of(&app, &county.factories[0].clerk).await;
        assert!(factory.get("/cases/new/amendment").await.text.contains("现在:"));

        let subject = mill.to_string();
        let said = [
            ("subject", subject.as_str()),
            ("f.from_on", "2026-04-02"),
            ("f.why", "扩大经营"),
            ("f.industry", "1722"),
            ("f.holding", "私人控股"),
        ];
        let opened = town.parts("/cases/new/amendment", &parts(&said, &["file.document"])).await;
        assert_eq!(opened.status, 303, "{}", opened.text);
        let case = opened.to().to_owned();
        let page = Browser::of(&app, &county.county).await.get(&case).await.text;
        for words in [
            "<th>现在</th><th>改为</th>",
            "<td class=\"wrap\">1721 毛条和毛纱线加工</td><td class=\"wrap\"><strong>1722 ",
            "<td class=\"wrap\">没有登记</td><td class=\"wrap\"><strong>私人控股</strong></td>",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert_eq!(does(&town, &case, "township_pass", &[("reason", "")], &[]).await.status, 303);
        let county = Browser::of(&app, &county.county).await;
        assert_eq!(does(&county, &case, "return_county", &[("reason", "请补充材料")], &[]).await.status, 303);
        // What is filled in is never folded away.
        let mending = town.get(&case).await.text;
        assert!(mending.contains("<details class=\"more field\" open><summary>其他 7 个栏目"), "{mending}");
        assert!(mending.contains("id=\"mend-industry-now\""), "{mending}");
    });
}

#[test]
fn every_address_of_a_project_answers_whom_it_concerns() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let unit = county.factories[0].unit;
        let [clerk, officer, city] = [&county.factories[0].clerk, &county.county, &county.city];
        let (clerk, officer) = (Browser::of(&app, clerk).await, Browser::of(&app, officer).await);
        let city = Browser::of(&app, city).await;
        let list = format!("/units/{unit}/projects");
        assert!(clerk.get(&list).await.text.contains("没有入库的投资项目"));
        let said = [
            ("f.name", "虚构<b>技改</b>项目"),
            ("f.kind", "单纯购置"),
            ("f.area", "330781001000"),
            ("f.place", "虚构路 1 号"),
            ("f.industry", "1411"),
            ("f.planned", "3000"),
            ("f.started_on", "2026-03-10"),
        ];
        let files = ["file.licence", "file.purchase", "file.payment", "file.equipment"];
        let opened = clerk.parts("/cases/new/project_entry", &parts(&said, &files)).await;
        assert_eq!(opened.status, 303, "{}", opened.text);
        let case = opened.to().to_owned();
        assert!(officer.get(&case).await.text.contains("计划总投资不到 5,000 万元"));
        let because = ("reason", "按 206-2 报送");
        assert_eq!(does(&officer, &case, "county_pass", &[because], &[]).await.status, 303);
        let entered = does(&city, &case, "enter", &[because, ("f.entered_on", "2026-04-01")], &[]).await;
        assert_eq!(entered.status, 303, "{}", entered.text);
        let page = officer.get(&list).await.text;
        assert!(page.contains("虚构&lt;b&gt;技改") && page.contains("206-2") && page.contains("不要求"), "{page}");
        let leave = page.split("action=\"/projects/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let leave = format!("/projects/{leave}");
        let form = "on=2026-04-02&why=%E9%A1%B9%E7%9B%AE%E7%BB%88%E6%AD%A2";
        assert!(!clerk.get(&list).await.text.contains("action=\"/projects/"));
        assert_eq!(clerk.post(&leave, form).await.status, 403);
        for other in [&county.factories[1].head, &county.neighbour, &county.admin] {
            let browser = Browser::of(&app, other).await;
            assert_eq!(browser.get(&list).await.status, 404, "{}", other.name);
            assert_eq!(browser.post(&leave, form).await.status, 404, "{}", other.name);
        }
        assert_eq!(officer.get(&leave).await.status, 303);
        assert_eq!(officer.post(&leave, form).await.to(), list);
        assert!(officer.get(&list).await.text.contains("自 2026-04-02 退库:项目终止"));
    });
}
