//! 事项 by links and forms alone: a department's survey applied for, reviewed and approved; a record that the county's own office does not
//! find; and every address of a case for everybody.

use youju_app::App;
use youju_app::access::{NewPerson, add_person};
use youju_domain::access::Actor;
use youju_testkit::{County, PASSWORD, on_both_engines};

use crate::browser::{Browser, Page};

/// A field of a form.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

fn text<'a>(name: &'a str, value: &'a str) -> Part<'a> {
    (name, None, value.as_bytes())
}

const SURVEY: &[(&str, &str)] = &[
    ("f.project", "用工<script>alert(1)</script>情况调查"),
    ("f.kind", "新制定"),
    ("f.purpose", "掌握用工变化\n为政策提供依据"),
    ("f.respondents", "规模以上企业"),
    ("f.content", "从业人员、工资"),
    ("f.method", "抽样调查"),
    ("f.frequency", "季度"),
    ("f.beyond", "yes"),
    ("f.contact", "王科长"),
];

/// The value of the option with these words.
#[track_caller]
fn option(page: &Page, words: &str) -> String {
    let end = format!("\">{words}</option>");
    let before = page.text.split(&end).next().filter(|before| before.len() < page.text.len());
    let before = before.unwrap_or_else(|| panic!("no option {words}: {}", page.text));
    before.rsplit("value=\"").next().unwrap().to_owned()
}

/// Another officer of the county, who signs in as `xian2`.
async fn colleague(app: &App, county: &County) -> Actor {
    let (role, area) = (county.county.role, county.county.area);
    let name = format!("{} xian2", role.label());
    let password_hash = youju_app::crypto::hash_password(PASSWORD).unwrap();
    let new = NewPerson { login: "xian2".into(), name: name.clone(), role, area, unit: None, password_hash };
    let person = app.write(None, async |cx| add_person(cx, new).await).await.unwrap();
    Actor { person, name, ..county.county.clone() }
}

/// The county enters a department's application; the address of the case.
async fn applied(own: &Browser) -> String {
    own.post("/organisations/set-up", "profile=lanxi&shown=36").await;
    let form = own.get("/cases/new/department_survey").await;
    assert!(form.text.contains("行政许可法") && form.text.contains("国家统计局令第22号"), "{}", form.text);
    let fagai = option(&form, "兰溪市发改局");
    let mut parts = vec![text("subject", &fagai)];
    parts.extend(SURVEY.iter().map(|(name, value)| text(name, value)));
    let bare = own.parts("/cases/new/department_survey", &parts).await;
    assert!(bare.status == 422 && bare.text.contains("“申请审批的公文”至少 1 份"), "{}", bare.text);
    parts.push(("file.application", Some("请示.pdf"), b"%PDF-1.7 application"));
    parts.push(("file.system", Some("调查制度.pdf"), b"%PDF-1.7 system"));
    let opened = own.parts("/cases/new/department_survey", &parts).await;
    assert_eq!(opened.status, 303, "{}", opened.text);
    opened.to().to_owned()
}

/// Does something, with the revision that the page shows.
async fn does(browser: &Browser, case: &str, act: &str, more: &[Part<'_>]) -> Page {
    let page = browser.get(case).await.text;
    let revision = page
        .split("name=\"revision\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or("0")
        .to_owned();
    let mut parts = vec![text("revision", &revision), text("reason", "材料齐全,内容可行")];
    parts.extend(more);
    browser.parts(&format!("{case}/acts/{act}"), &parts).await
}

#[test]
fn a_survey_of_a_department_is_applied_for_reviewed_and_approved_by_forms_alone() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = Browser::of(&app, &county.county).await;
        let second = Browser::of(&app, &colleague(&app, &county).await).await;
        assert!(own.get("/cases").await.text.contains("还没有事项"));
        assert!(
            own.get("/units").await.text.contains("href=\"/cases\"")
                && own.get("/inbox").await.text.contains("href=\"/cases\"")
        );
        let case = applied(&own).await;
        let page = own.get(&case).await.text;
        for words in [
            "<h1>用工&lt;script&gt;",
            "轮到本级统计机构办理",
            "期限 2026-04-10,还有 5 个工作日",
            "国办发明电〔2025〕7号",
            "掌握用工变化<br>为政策提供依据",
            "调查制度.pdf",
            "登记申请",
            "一次告知补正",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("<script>alert"));
        let inbox = second.get("/inbox").await.text;
        assert!(inbox.contains("部门统计调查项目审批 · 兰溪市发改局") && inbox.contains("/cases?turn=mine"), "{inbox}");
        assert!(second.get("/messages").await.text.contains("部门统计调查项目审批:待受理"));
        let list = second.get("/cases?turn=mine").await.text;
        assert!(list.contains("共 1 条") && list.contains("待您办理"), "{list}");
        assert!(second.get("/cases?turn=ended").await.text.contains("没有符合条件的事项"));

        assert_eq!(does(&own, &case, "accept", &[]).await.status, 303);
        let stale =
            own.parts(&format!("{case}/acts/propose"), &[text("revision", "0"), text("reason", "材料齐全")]).await;
        assert!(stale.status == 409 && stale.text.contains("刚才有其他人也在办理"), "{}", stale.text);
        assert_eq!(does(&own, &case, "propose", &[]).await.status, 303);
        let alone = own.get(&case).await.text;
        assert!(
            alone.contains("“提出审查意见”是您本人办理的")
                && !alone.contains(&format!("action=\"{case}/acts/approve\"")),
            "{alone}"
        );
        assert!(second.get(&case).await.text.contains(&format!("action=\"{case}/acts/approve\"")));
        let more: [Part<'_>; 3] = [
            text("f.number", "兰统批〔2026〕1号"),
            text("f.valid_until", "2029-04-30"),
            ("file.decision", Some("批复.pdf"), b"%PDF-1.7 decision"),
        ];
        let approved = does(&second, &case, "approve", &more).await;
        assert_eq!((approved.status, approved.to()), (303, case.as_str()));
        let done = own.get(&case).await.text;
        assert!(done.contains("已批准") && done.contains("兰统批〔2026〕1号") && !done.contains("轮到"), "{done}");
        let hash = done.split(&format!("{case}/files/")).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert_eq!(own.get(&format!("{case}/files/{hash}")).await.status, 200);
        assert_eq!(own.get(&format!("{case}/acts/approve")).await.to(), case);
    });
}

#[test]
fn every_address_of_a_case_answers_whom_it_concerns() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = Browser::of(&app, &county.county).await;
        let case = applied(&own).await;
        let page = own.get(&case).await.text;
        let file = page.split(&format!("{case}/files/")).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let factory = &county.factories[0];
        let everybody = [
            &factory.clerk,
            &factory.head,
            &county.township,
            &county.county,
            &county.city,
            &county.neighbour,
            &county.admin,
        ];
        let rows = [
            (case.clone(), [404, 404, 404, 200, 200, 404, 404]),
            (format!("{case}/files/{file}"), [404, 404, 404, 200, 200, 404, 404]),
            (format!("{case}/files/00"), [404; 7]),
            ("/cases/new/interference_record".to_owned(), [404, 404, 200, 200, 200, 200, 404]),
        ];
        for (path, promised) in &rows {
            for (actor, status) in everybody.iter().zip(promised) {
                assert_eq!(Browser::of(&app, actor).await.get(path).await.status, *status, "{} {path}", actor.name);
            }
        }
        let acts = [("accept", [404, 404, 404, 303, 403, 404, 404]), ("nonsense", [404, 404, 404, 422, 403, 404, 404])];
        for (act, promised) in acts.iter().rev() {
            for (actor, status) in everybody.iter().zip(promised) {
                let parts = [text("revision", "0"), text("reason", "材料齐全")];
                let done = Browser::of(&app, actor).await.parts(&format!("{case}/acts/{act}"), &parts).await;
                // Whoever comes after the county's officer is told that the case has gone on.
                let status = if *act == "accept" && *status == 403 { 409 } else { *status };
                assert_eq!(done.status, status, "{} {act}: {}", actor.name, done.text);
            }
        }
    });
}

/// The township's officer writes down what a leader asked for; the address of the case.
pub async fn recorded(app: &App, county: &County) -> String {
    let fields = [
        ("f.matter", "要求调高三月产值"),
        ("f.situation", "自行修改统计资料"),
        ("f.happened_on", "2026-04-01"),
        ("f.leader", "虚构某领导"),
        ("f.post", "虚构市副市长"),
        ("f.account", "会后口头要求"),
        ("f.response", "拒绝、抵制"),
    ];
    let parts: Vec<Part<'_>> = fields.iter().map(|(name, value)| text(name, value)).collect();
    let opened = Browser::of(app, &county.township).await.parts("/cases/new/interference_record", &parts).await;
    assert_eq!(opened.status, 303, "{}", opened.text);
    opened.to().to_owned()
}

#[test]
fn a_record_of_interference_passes_by_the_countys_own_office() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let town = Browser::of(&app, &county.township).await;
        let case = recorded(&app, &county).await;
        assert!(town.get(&case).await.text.contains("轮到市级或省级办理"));
        let office = Browser::of(&app, &county.county).await;
        assert_eq!(office.get(&case).await.status, 404);
        assert!(!office.get("/cases").await.text.contains("调高三月产值"));
        let city = Browser::of(&app, &county.city).await;
        assert!(city.get("/inbox").await.text.contains("要求调高三月产值"));
        let messages = city.get("/messages").await.text;
        assert!(messages.contains("领导干部干预统计工作记录:待受理") && !messages.contains("虚构某领导"), "{messages}");
        assert_eq!(does(&city, &case, "ask", &[]).await.status, 303);
        assert!(town.get(&case).await.text.contains(&format!("action=\"{case}/acts/add\"")));
    });
}
