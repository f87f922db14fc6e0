//! What offices and units say to each other about figures: queries, corrections, notes.

use youju_app::correction::{self, Typed as Wanted};
use youju_app::list::{PageRequest, QueryFilter};
use youju_app::query::{self, Judgement, NewQuery, read_list};
use youju_app::{App, Result, message, note, report, review, survey};
use youju_domain::access::Actor;
use youju_domain::correction::{Cause as Why, Stage as At};
use youju_domain::id::ReportId;
use youju_domain::query::{Cause, Outcome, Query, Stage};
use youju_domain::report::{Level, State};
use youju_testkit::{County, april, on_both_engines};

use crate::make::{act, actions, look, refusal, save, typed};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };

fn new(report: ReportId, cells: &[&str]) -> NewQuery {
    NewQuery {
        report,
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        question: "营业收入比上年同期增长过快,请说明原因并提供凭证".into(),
        due_at: None,
        source: String::new(),
    }
}

async fn ask(app: &App, by: &Actor, new: NewQuery) -> Result<Query> {
    act(app, by, async |cx| query::ask(cx, new).await).await
}

async fn told(app: &App, of: &Actor, words: &str) -> bool {
    let messages = look(app, of, async |cx| message::list(cx, ALL).await).await.unwrap();
    messages.rows.iter().any(|message| message.title.starts_with(words))
}

#[test]
fn a_query_of_the_city_is_answered_opined_on_and_closed() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Accepted(Level::County)).await;
        let (clerk, officer, city) = (&county.factories[0].clerk, &county.county, &county.city);
        let refused = ask(&app, city, new(id, &["c999"])).await;
        assert_eq!(refusal(refused).code(), "report.unknown_cell");
        let refused = ask(&app, city, new(county.factories[1].report, &[])).await;
        assert!(refusal(refused).says().contains("还没有上报过"));
        let refused = ask(&app, clerk, new(id, &[])).await;
        assert_eq!(refusal(refused).code(), "access.forbidden");
        let query = ask(&app, city, new(id, &["c301"])).await.unwrap();
        assert!(told(&app, clerk, "查询:").await);
        let waiting = look(&app, clerk, async |cx| query::waiting(cx, 10).await).await.unwrap();
        assert_eq!((waiting[0].title.as_str(), waiting[0].total), ("待回复的查询", 1));
        // An answer must say something, and only the unit gives it.
        let answer =
            async |by: &Actor, text: &str| act(&app, by, async |cx| query::answer(cx, query.id, text).await).await;
        assert_eq!(refusal(answer(clerk, "核实无误").await).code(), "finding.explanation_length");
        assert_eq!(refusal(answer(officer, "三月新增一条生产线").await).code(), "access.forbidden");
        answer(clerk, "三月新增一条生产线,订单增加,附发票汇总").await.unwrap();
        assert!(told(&app, city, "查询已回复").await && told(&app, officer, "查询已回复").await);
        // The county checks the evidence and says so; only the city, who asked, closes.
        let judge =
            async |by: &Actor, judgement| act(&app, by, async |cx| query::judge(cx, query.id, judgement).await).await;
        judge(officer, Judgement::Opinion("已核对发票,与申报一致".into())).await.unwrap();
        let close = || Judgement::Close(Outcome::Confirmed, Cause::Business, String::new());
        assert_eq!(refusal(judge(officer, close()).await).says(), "这一步应由市级办理。");
        let corrected = Judgement::Close(Outcome::Corrected, Cause::Slip, String::new());
        assert!(refusal(judge(city, corrected).await).says().contains("没有重新上报"));
        let again = judge(city, Judgement::Reopen("请补充三月的销售合同".into(), None)).await.unwrap();
        assert_eq!((again.stage, again.reopened), (Stage::Asked, 1));
        answer(clerk, "合同已作为附件上传到营业收入").await.unwrap();
        let closed = judge(city, close()).await.unwrap();
        let acts: Vec<&str> = closed.turns.iter().map(|turn| turn.act.label()).collect();
        assert_eq!(acts, ["提出查询", "回复", "核实意见", "再次查询", "回复", "办结"]);
        let neighbour = look(&app, &county.neighbour, async |cx| query::get(cx, query.id).await.map(drop)).await;
        assert_eq!(refusal(neighbour).code(), "not_found");
        let other = look(&app, &county.factories[1].clerk, async |cx| query::get(cx, query.id).await.map(drop)).await;
        assert_eq!(refusal(other).code(), "not_found");
    });
}

#[test]
fn an_unanswered_query_rises_level_by_level_and_counts_against_the_unit() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        ask(&app, &county.county, new(id, &["c301"])).await.unwrap();
        let risen = async |of: &Actor| {
            let groups = look(&app, of, async |cx| query::waiting(cx, 10).await).await.unwrap();
            groups.iter().any(|group| group.title == "逾期的查询")
        };
        // Due after two days; then it lies with the township, the next day with the county, then with the city.
        for (day, expected) in
            [(3, [false, false, false]), (4, [true, false, false]), (5, [true, true, false]), (6, [true, true, true])]
        {
            app.world().set(april(day) + chrono::TimeDelta::hours(1));
            let seen = [risen(&county.township).await, risen(&county.county).await, risen(&county.city).await];
            assert_eq!(seen, expected, "on day {day}");
        }
        let span = (april(1), april(30));
        let rows = look(&app, &county.county, async |cx| query::quality(cx, span).await).await.unwrap();
        assert_eq!((rows.len(), rows[0].asked, rows[0].answered, rows[0].pending, rows[0].late), (1, 1, 0, 0, 1));
    });
}

#[test]
fn a_national_list_is_looked_at_row_by_row_and_asked() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let usci = |factory: usize| youju_testkit::new_unit(factory, "330781001000", "1411").usci;
        let csv = format!(
            "统一社会信用代码,表号,报告期,指标代码,查询内容,回复期限\n\
             {},B203,2026-03,301,营业收入增长过快,2026-04-06\n\
             {},B203,2026-03,999,没有这个指标,2026-04-06\n\
             {},B203,2026-03,301,还没有上报,2026-04-06\n\
             91330781FAKE00000X,B203,2026-03,301,代码错误,2026-04-06\n\
             {},B203,2026-03,301,期限过了,2026-03-06\n",
            usci(0),
            usci(0),
            usci(1),
            usci(0)
        );
        let file = read_list("国家查询清单.csv", csv.as_bytes()).unwrap();
        let source = "国家查询清单 2026-03";
        let looked = look(&app, &county.county, async |cx| query::look(cx, &file, source).await).await.unwrap();
        let good: Vec<bool> = looked.iter().map(|(_, seen)| seen.is_ok()).collect();
        assert_eq!(good, [true, false, true, false, false]);
        let (done, left) = act(&app, &county.county, async |cx| query::ask_all(cx, &file, source).await).await.unwrap();
        let rows: Vec<usize> = left.iter().map(|(row, _)| row.row).collect();
        assert_eq!((done, rows), (1, vec![3, 4, 5, 6]));
        let filter = QueryFilter { source: Some(source.into()), ..QueryFilter::default() };
        let listed = look(&app, &county.county, async |cx| query::list(cx, &filter, ALL).await).await.unwrap();
        assert_eq!((listed.total, listed.rows[0].query.report), (1, id));
        assert_eq!(youju_domain::survey::print_instant(listed.rows[0].query.due_at), "2026-04-06 23:59");
    });
}

#[test]
fn a_locked_report_is_corrected_by_application_and_becomes_another_version() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Accepted(Level::City)).await;
        let factory = &county.factories[0];
        app.world().set(april(19));
        act(&app, &county.city, async |cx| survey::lock(cx, county.window).await).await.unwrap();
        let ask = async |by: &Actor, value: &str| {
            let wanted = [Wanted { cell: "c601".into(), value: value.into() }];
            act(&app, by, async |cx| {
                correction::ask(cx, id, Why::Slip, "期末用工人数漏计了二车间的人员", &wanted).await
            })
            .await
        };
        assert_eq!(refusal(ask(&factory.head, "95").await).code(), "access.forbidden");
        assert!(refusal(ask(&factory.clerk, "80").await).says().contains("同一个数"));
        let asked = ask(&factory.clerk, "95").await.unwrap();
        assert!(refusal(ask(&factory.clerk, "96").await).says().contains("在办"));
        assert!(told(&app, &county.city, "申请更正").await);
        let decide = async |by: &Actor, agrees, opinion: &str| {
            act(&app, by, async |cx| correction::decide(cx, asked.id, agrees, opinion).await).await
        };
        assert_eq!(refusal(decide(&county.county, true, "").await).says(), "这一步应由市级办理。");
        assert_eq!(decide(&county.city, true, "同意").await.unwrap().stage, At::Approved);
        assert!(told(&app, &factory.clerk, "更正申请已同意").await);
        let reopened = county.report(id).await;
        assert_eq!((reopened.state, reopened.mend_by), (State::Returned, Some(april(22))));
        // The unit mends: what it asked for, and one figure beside.
        save(&app, &factory.clerk, id, &[typed("c601", "80", "95"), typed("c205", "", "12,000")]).await.unwrap();
        act(&app, &factory.clerk, async |cx| report::sign(cx, id).await).await.unwrap();
        act(&app, &factory.head, async |cx| report::authorise(cx, id).await).await.unwrap();
        act(&app, &factory.clerk, async |cx| report::submit(cx, id).await).await.unwrap();
        let all = look(&app, &county.city, async |cx| correction::of_report(cx, id).await).await.unwrap();
        assert_eq!((all[0].stage, all[0].version, all[0].new_version), (At::Done, 1, Some(2)));
        let history = look(&app, &county.city, async |cx| report::history(cx, id).await).await.unwrap();
        let done = history.iter().find(|entry| entry.action == "correction.done").unwrap();
        assert_eq!(done.payload["changed_beside"], serde_json::json!(["c205"]));
        let versions = look(&app, &county.city, async |cx| report::versions(cx, id).await).await.unwrap();
        assert_eq!(versions[1].changed, 2);
        let (_, edited) = look(&app, &county.county, async |cx| review::edited(cx, county.window).await).await.unwrap();
        assert_eq!((edited.len(), edited[0].versions, edited[0].changed, edited[0].corrections), (1, 2, 2, 1));
        act(&app, &county.county, async |cx| review::accept(cx, id).await).await.unwrap();
    });
}

#[test]
fn an_application_is_not_left_over_when_the_report_is_sent_back_meanwhile() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Accepted(Level::County)).await;
        let factory = &county.factories[0];
        let wanted = [Wanted { cell: "c601".into(), value: "95".into() }];
        let reason = "期末用工人数漏计了二车间的人员";
        act(&app, &factory.clerk, async |cx| correction::ask(cx, id, Why::Slip, reason, &wanted).await).await.unwrap();
        let doubt = "营业收入与开票额不符";
        act(&app, &county.county, async |cx| review::return_(cx, id, doubt).await).await.unwrap();
        let stage = async || {
            let all = look(&app, &county.county, async |cx| correction::of_report(cx, id).await).await.unwrap();
            (all[0].stage, all[0].new_version)
        };
        assert_eq!(stage().await, (At::Approved, None));
        let waiting = look(&app, &county.county, async |cx| correction::waiting(cx).await).await.unwrap();
        assert!(waiting.is_empty(), "nobody waits for a decision that cannot be given");
        save(&app, &factory.clerk, id, &[typed("c601", "80", "95")]).await.unwrap();
        act(&app, &factory.clerk, async |cx| report::sign(cx, id).await).await.unwrap();
        act(&app, &factory.head, async |cx| report::authorise(cx, id).await).await.unwrap();
        act(&app, &factory.clerk, async |cx| report::submit(cx, id).await).await.unwrap();
        assert_eq!(stage().await, (At::Done, Some(2)));
    });
}

#[test]
fn a_correction_is_refused_with_an_opinion_or_withdrawn() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Accepted(Level::County)).await;
        let clerk = &county.factories[0].clerk;
        let ask = async || {
            let wanted = [Wanted { cell: "c601".into(), value: "95".into() }];
            act(&app, clerk, async |cx| {
                correction::ask(cx, id, Why::Concept, "把劳务派遣人员也计算在内了", &wanted).await
            })
            .await
        };
        let first = ask().await.unwrap();
        act(&app, clerk, async |cx| correction::withdraw(cx, first.id).await).await.unwrap();
        let second = ask().await.unwrap();
        let refuse = async |opinion: &str| {
            act(&app, &county.county, async |cx| correction::decide(cx, second.id, false, opinion).await).await
        };
        assert_eq!(refusal(refuse("不").await).code(), "finding.explanation_length");
        assert_eq!(refuse("劳务派遣人员按制度规定应计入用工单位").await.unwrap().stage, At::Refused);
        assert_eq!(county.report(id).await.state, State::Accepted(Level::County));
        assert!(told(&app, clerk, "更正申请未同意").await);
        // Before acceptance there is nothing to correct.
        let early = county.bring(1, State::Submitted).await;
        let wanted = [Wanted { cell: "c601".into(), value: "95".into() }];
        let other = &county.factories[1].clerk;
        let refused =
            act(&app, other, async |cx| correction::ask(cx, early, Why::Slip, "漏计了二车间的人员", &wanted).await);
        assert_eq!(refusal(refused.await).code(), "report.wrong_state");
    });
}

#[test]
fn notes_stand_in_threads_and_internal_ones_stay_inside() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let clerk = &county.factories[0].clerk;
        let write = async |by: &Actor, text: &str, internal| {
            act(&app, by, async |cx| note::write(cx, id, Some("c301"), text, internal).await).await
        };
        write(&county.county, "与开票额差一个数量级,请核对计量单位", false).await.unwrap();
        write(&county.county, "建议列入现场核查", true).await.unwrap();
        write(clerk, "单位没有错,开票在下月", false).await.unwrap();
        assert_eq!(refusal(write(clerk, "内部的", true).await).code(), "access.forbidden");
        assert_eq!(refusal(write(&county.admin, "看看", false).await).code(), "not_found");
        let read = async |of: &Actor| look(&app, of, async |cx| note::of_report(cx, id).await).await.unwrap().len();
        assert_eq!((read(&county.city).await, read(clerk).await), (3, 2));
        // Nor does the history, which the unit reads, tell that there is one.
        let written = actions(&app, id).await.iter().filter(|action| *action == "note.written").count();
        assert_eq!(written, 2);
    });
}
