//! 投资项目入库: contradictions are told and answered, one project enters once, and leaves again.

use youju_app::project;
use youju_domain::project::Kind;
use youju_testkit::{County, on_both_engines};

use crate::make::{act, look, refusal, verified};
use crate::register_cases::{Said, day, open, seen, silent, step};

const LINE: Said<'_> = &[
    ("name", "年产 500 吨虚构羊毛衫技改项目"),
    ("code", "2603-330781-04-01-000001"),
    ("kind", "新建(含改扩建)"),
    ("area", "330781001000"),
    ("place", "兰江街道虚构路 1 号"),
    ("industry", "1761"),
    ("planned", "6000"),
    ("started_on", "2026-03-10"),
    ("approval_unit", "虚构第001号食品厂"),
    ("approval_on", "2026-03-20"),
    ("contract_party", "虚构第000号食品厂"),
];
const PAPERS: &[&str] = &["content", "approval", "contract", "photo", "licence"];

#[test]
fn a_project_enters_past_its_contradictions_only_with_a_word_about_them() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (unit, clerk) = (county.factories[0].unit, &county.factories[0].clerk);
        let bare = refusal(open(&app, clerk, "project_entry", unit, LINE, &["content", "licence"]).await).says();
        assert!(bare.starts_with("“② 审批、核准或备案文件”至少 1 份"), "{bare}");
        let id = open(&app, clerk, "project_entry", unit, LINE, PAPERS).await.unwrap();
        let told = seen(&app, &county.county, id).await.told.contradictions;
        let begin: Vec<&str> = told.iter().map(|one| one.split(':').next().unwrap()).collect();
        assert_eq!(begin, ["批文单位与上报单位不一致", "批文单位与合同甲方不一致", "批文时间晚于开工时间"]);
        let mute = refusal(silent(&app, &county.county, id, "county_pass").await).says();
        assert!(mute.starts_with("有 3 处矛盾或提示,请在意见中说明理由再办理:批文单位"), "{mute}");
        step(&app, &county.county, id, "county_pass", &[], &[]).await.unwrap();
        let early = refusal(step(&app, &county.city, id, "enter", &[("entered_on", "2026-03-01")], &[]).await).says();
        assert_eq!(early, "没有开工的项目不能入库:入库日期早于开工日期。");
        step(&app, &county.city, id, "enter", &[("entered_on", "2026-04-01")], &[]).await.unwrap();
        let list = async || look(&app, clerk, async |cx| project::of_unit(cx, unit).await).await.unwrap();
        let (_, found, may_write) = list().await;
        let one = &found[0].project;
        assert_eq!((one.kind, one.case, one.is_direct(), may_write), (Kind::New, id, true, false));
        assert!(found[0].tier.is_none(), "nobody has ordered sponsors here");

        // The same code a second time.
        let again = open(&app, clerk, "project_entry", unit, LINE, PAPERS).await.unwrap();
        step(&app, &county.county, again, "county_pass", &[], &[]).await.unwrap();
        let twice = step(&app, &county.city, again, "enter", &[("entered_on", "2026-04-01")], &[]).await;
        assert!(refusal(twice).says().contains("已经入库"));
        let project = one.id;
        let on = day("2026-04-02");
        let leave = async |by, why: &str| act(&app, by, async |cx| project::leave(cx, project, on, why).await).await;
        assert_eq!(refusal(leave(clerk, "项目终止建设").await).code(), "access.forbidden");
        assert_eq!(refusal(leave(&county.neighbour, "项目终止建设").await).code(), "not_found");
        assert_eq!(refusal(leave(&county.county, "").await).says(), "请写明退库原因,4 到 200 个字。");
        leave(&county.county, "项目终止建设").await.unwrap();
        assert_eq!(refusal(leave(&county.county, "项目终止建设").await).code(), "bad_input");
        step(&app, &county.city, again, "enter", &[("entered_on", "2026-04-02")], &[]).await.unwrap();
        assert_eq!(list().await.1.len(), 2, "what left stays to be read");
        verified(&app).await;
    });
}
