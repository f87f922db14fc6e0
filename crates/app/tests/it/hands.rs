//! 倒查: everybody who touched a figure, from the file that it came in to the last acceptance.

use youju_app::correction::{self, Typed as Wanted};
use youju_app::hands::{self, Hands};
use youju_app::query::{self, NewQuery};
use youju_app::{App, Result, generate, ledger, note, report, review};
use youju_codes::Period;
use youju_domain::access::Actor;
use youju_domain::correction::Cause;
use youju_domain::id::ReportId;
use youju_domain::report::{Level, State};
use youju_testkit::{County, Factory, TRIAL_BALANCE, corrections, on_both_engines};

use crate::make::{act, look, refusal, save, typed};

async fn people(app: &App, by: &Actor, id: ReportId, cell: &str) -> Result<Hands> {
    look(app, by, async |cx| hands::of_cell(cx, id, cell).await).await
}

/// The acts as they are shown: who, what, and what was said.
fn acts(hands: &Hands) -> Vec<(String, String, String)> {
    let last = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_owned();
    hands.touches.iter().map(|touch| (last(&touch.name), touch.act(), touch.said.clone())).collect()
}

fn names(hands: &Hands) -> Vec<(String, String)> {
    hands.responsible.iter().map(|one| (one.duty.label(), one.names.join("、"))).collect()
}

fn told(expected: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    expected.iter().map(|(who, act, said)| ((*who).into(), (*act).into(), (*said).into())).collect()
}

#[test]
fn a_full_life_tells_everybody_who_touched_the_figure() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Accepted(Level::City)).await;
        let shown = people(&app, &county.county, id, "c301").await.unwrap();
        let expected = [
            ("tb000", "填写", "空 → 120,000"),
            ("tb000", "统计人员签字", ""),
            ("fz000", "单位负责人签字", ""),
            ("tb000", "上报", "第 1 版"),
            ("xian", "验收(县级)", ""),
            ("shi", "验收(市级)", ""),
        ];
        assert_eq!(acts(&shown), told(&expected));
        assert_eq!((shown.people(), shown.touches.len()), (4, 6));
        let roles: Vec<(&str, &str)> =
            shown.touches.iter().map(|touch| (touch.role.as_str(), touch.office.as_str())).collect();
        let unit = county.factories[0].name.as_str();
        assert_eq!(roles[0], ("填报人", unit));
        assert_eq!((roles[2], roles[5]), (("单位负责人", unit), ("市级统计人员", "市级")));
        let responsible = [
            ("采集", "填报人 tb000"),
            ("填报", "填报人 tb000"),
            ("单位签发", "单位负责人 fz000"),
            ("审核", "县级统计人员 xian"),
            ("验收(县级)", "县级统计人员 xian"),
            ("验收(市级)", "市级统计人员 shi"),
        ];
        assert_eq!(names(&shown), responsible.map(|(duty, name)| (duty.into(), name.into())).to_vec());
        assert!(shown.touches.is_sorted_by_key(|touch| touch.at));
    });
}

/// The county asks about a figure and the unit answers, notes go to and fro, the unit corrects the figure after acceptance.
async fn talked_about(app: &App, county: &County, id: ReportId) {
    let (clerk, officer) = (&county.factories[0].clerk, &county.county);
    for cell in ["c301", "c601"] {
        let new = NewQuery {
            report: id,
            cells: vec![cell.into()],
            question: format!("请说明{cell}"),
            due_at: None,
            source: String::new(),
        };
        let asked = act(app, officer, async |cx| query::ask(cx, new).await).await.unwrap();
        act(app, clerk, async |cx| query::answer(cx, asked.id, "三月新增一条生产线").await).await.unwrap();
    }
    for (by, cell, text, internal) in [
        (officer, Some("c301"), "与税务数据差异较大", true),
        (officer, Some("c601"), "人数看一下", false),
        (officer, Some("c301"), "请附发票汇总", false),
        (clerk, Some("c301"), "已附", false),
    ] {
        act(app, by, async |cx| note::write(cx, id, cell, text, internal).await).await.unwrap();
    }
    let wanted = [Wanted { cell: "c301".into(), value: "121000".into() }];
    let reason = "漏记三月末一笔销售收入";
    let asked = act(app, clerk, async |cx| correction::ask(cx, id, Cause::Slip, reason, &wanted).await).await.unwrap();
    act(app, officer, async |cx| correction::decide(cx, asked.id, true, "同意,请附发票").await).await.unwrap();
}

#[test]
fn questions_notes_and_corrections_of_the_figure_are_in_it_and_those_of_others_are_not() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Accepted(Level::County)).await;
        talked_about(&app, &county, id).await;
        save(&app, &county.factories[0].clerk, id, &[typed("c301", "120,000", "121,000")]).await.unwrap();
        let all = acts(&people(&app, &county.township, id, "c301").await.unwrap());
        let expected = [
            ("xian", "提出查询", "请说明c301"),
            ("tb000", "回复查询", "三月新增一条生产线"),
            ("xian", "写批注(内部)", "与税务数据差异较大"),
            ("xian", "写批注", "请附发票汇总"),
            ("tb000", "写批注", "已附"),
            ("tb000", "申请更正", "120,000 → 121,000;漏记三月末一笔销售收入;第 1 版"),
            ("xian", "同意更正(县级)", "同意,请附发票"),
            ("tb000", "填写", "120,000 → 121,000"),
        ];
        assert_eq!(all[5..], told(&expected));
        // The unit does not learn that something was written among offices; other units learn nothing at all.
        let own = people(&app, &county.factories[0].head, id, "c301").await.unwrap();
        let own = acts(&own);
        assert_eq!(own.len(), all.len() - 1);
        assert!(own.iter().all(|(_, act, said)| !act.contains("内部") && !said.contains("税务")));
        // What was accepted before is no longer accepted.
        let open = people(&app, &county.county, id, "c301").await.unwrap();
        assert_eq!(
            names(&open)[3..],
            [
                ("审核".into(), String::new()),
                ("验收(县级)".into(), String::new()),
                ("验收(市级)".into(), String::new())
            ]
        );
        for outsider in [&county.neighbour, &county.admin, &county.factories[1].clerk] {
            let refused = people(&app, outsider, id, "c301").await;
            assert_eq!(refusal(refused.map(drop)).code(), "not_found", "{}", outsider.name);
        }
        let unknown = people(&app, &county.county, id, "c999").await;
        assert_eq!(refusal(unknown.map(drop)).code(), "report.unknown_cell");
    });
}

#[test]
fn who_brought_the_books_who_typed_over_and_who_sent_back_stand_in_order() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, unit, report: id, .. } = county.factories[0].clone();
        let file = ledger::read_trial_balance("三月.csv", TRIAL_BALANCE.as_bytes()).unwrap();
        let march = Period::parse("2026-03").unwrap();
        act(&app, &clerk, async |cx| ledger::import_trial_balance(cx, unit, march, file).await).await.unwrap();
        act(&app, &clerk, async |cx| generate::single(cx, id).await.map(drop)).await.unwrap();
        let cells = county.report(id).await.cells;
        save(&app, &clerk, id, &corrections(&cells)).await.unwrap();
        act(&app, &clerk, async |cx| report::sign(cx, id).await).await.unwrap();
        act(&app, &head, async |cx| report::authorise(cx, id).await).await.unwrap();
        act(&app, &head, async |cx| report::submit(cx, id).await).await.unwrap();
        act(&app, &county.county, async |cx| review::take_up(cx, id).await).await.unwrap();
        let taken_up = people(&app, &county.county, id, "c301").await.unwrap();
        assert_eq!(names(&taken_up)[3].1, "县级统计人员 xian");
        act(&app, &county.county, async |cx| review::return_(cx, id, "主营业务收入与开票额不符").await).await.unwrap();
        let found = people(&app, &county.city, id, "c301").await.unwrap();
        let expected = [
            ("tb000", "导入科目余额表", "文件 三月.csv"),
            ("tb000", "从台账生成", "空 → 120,000"),
            ("tb000", "统计人员签字", ""),
            ("fz000", "单位负责人签字", ""),
            ("fz000", "上报", "第 1 版"),
            ("xian", "开始审核(县级)", ""),
            ("xian", "退回(县级)", "主营业务收入与开票额不符"),
        ];
        assert_eq!(acts(&found), told(&expected));
        let empty: Vec<String> =
            names(&found).into_iter().filter(|(_, name)| name.is_empty()).map(|(duty, _)| duty).collect();
        assert_eq!(empty, ["填报", "单位签发", "审核", "验收(县级)", "验收(市级)"]);
        // Excel reads the file as Chinese.
        let (name, bytes) = hands::csv(&found).unwrap();
        assert_eq!(name, "倒查 B203 2026年3月 营业收入.csv");
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("\u{feff}序号,时间,姓名,身份,单位或层级,办理,内容,日志号\r\n1,2026-04-02 "), "{text}");
        assert_eq!(text.lines().count(), 1 + found.touches.len());
    });
}
