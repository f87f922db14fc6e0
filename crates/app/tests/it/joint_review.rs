//! 联审联评: a meeting over a redacted sheet, from the call to the minutes; and what members never get by it.

use chrono::TimeDelta;
use youju_app::joint_review::{self, Asked, NewMeeting, Seen};
use youju_app::list::{Filter, PageRequest};
use youju_app::{App, Cx, Result, inbox, message, query, register, report};
use youju_codes::AreaCode;
use youju_domain::access::Actor;
use youju_domain::id::{JointReviewId, PersonId};
use youju_domain::joint_review::{MEMBER_DAYS, Stage};
use youju_domain::query::Stage as QueryStage;
use youju_domain::report::{Level, State};
use youju_store::journal;
use youju_testkit::{County, april, new_unit, on_both_engines};

use crate::make::{act, look, refusal, verified};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };
const WORDS: &str = "与用电走势相反,请核实开票情况";
const MINUTES: &str = "逐行看过,第 1 行请单位说明,其余没有疑问。";

/// Six factories that have handed in: one of them has accepted figures, one is asked about.
async fn busy(app: &App) -> County {
    let county = County::with_factories(app, 6).await;
    for factory in 0..6 {
        county.bring(factory, if factory == 0 { State::Accepted(Level::County) } else { State::Submitted }).await;
    }
    county
}

fn new(county: &County, members: &[&Actor]) -> NewMeeting {
    let members = members.iter().map(|member| member.person).collect();
    NewMeeting { window: county.window, area: None, topic: "一季度数据".into(), members }
}

/// The county calls a competitor's clerk and the township's officer.
async fn called(app: &App, county: &County) -> JointReviewId {
    let new = new(county, &[&county.factories[1].clerk, &county.township]);
    act(app, &county.county, async |cx| joint_review::call(cx, new).await).await.unwrap().id
}

async fn seen(app: &App, by: &Actor, id: JointReviewId) -> Result<Seen> {
    look(app, by, async |cx| joint_review::get(cx, id).await).await
}

async fn remark(app: &App, by: &Actor, id: JointReviewId, line: u32) -> Result<()> {
    act(app, by, async |cx| joint_review::remark(cx, id, line, WORDS).await).await
}

async fn ask(app: &App, by: &Actor, id: JointReviewId, remark: u32) -> Result<youju_domain::id::QueryId> {
    let asked =
        Asked { remark, cells: vec!["c301".into()], question: format!("联审中提出:{WORDS}"), due_at: None };
    act(app, by, async |cx| joint_review::ask(cx, id, asked).await).await
}

async fn dismiss(app: &App, by: &Actor, id: JointReviewId, remark: u32) -> Result<()> {
    act(app, by, async |cx| joint_review::dismiss(cx, id, remark, "已有说明,见上月纪要").await).await
}

async fn close(app: &App, by: &Actor, id: JointReviewId, minutes: &str) -> Result<()> {
    act(app, by, async |cx| joint_review::close(cx, id, minutes).await).await
}

async fn waits(app: &App, by: &Actor) -> usize {
    look(app, by, async |cx| joint_review::waiting(cx).await).await.unwrap().len()
}

async fn told(app: &App, of: &Actor, words: &str) -> bool {
    let messages = look(app, of, async |cx| message::list(cx, ALL).await).await.unwrap();
    messages.rows.iter().any(|message| message.title.starts_with(words))
}

/// What happened at a meeting, by the names of the actions, with what was written down.
async fn deeds(app: &App, id: JointReviewId) -> Vec<(String, serde_json::Value)> {
    let entries = app.read(None, async |cx| Ok(journal::of_object(cx.tx(), "joint_review", &id.to_string()).await?));
    entries.await.unwrap().into_iter().map(|entry| (entry.action, entry.payload)).collect()
}

#[test]
fn a_meeting_goes_from_the_call_to_the_minutes() {
    on_both_engines(async |app| {
        let county = busy(&app).await;
        let (own, peer, town) = (&county.county, &county.factories[1].clerk, &county.township);
        let id = called(&app, &county).await;
        assert!(told(&app, peer, "请参加联审联评").await && told(&app, town, "请参加联审联评").await);
        assert_eq!([waits(&app, own).await, waits(&app, peer).await, waits(&app, town).await], [1, 1, 1]);
        assert_eq!(waits(&app, &county.city).await, 0, "it lies with the level that called");
        let before = look(&app, peer, async |cx| inbox::count(cx).await).await.unwrap();
        assert!(before >= 1);

        // The member sees six lines, which one is their own, and has no say on that.
        let theirs = seen(&app, peer, id).await.unwrap();
        let line = theirs.own.unwrap();
        assert_eq!((theirs.sheet.unwrap().lines.len(), theirs.names.len(), theirs.window), (6, 0, None));
        assert!(refusal(remark(&app, peer, id, line).await).says().contains("本单位的一行"));
        let other = if line == 1 { 2 } else { 1 };
        remark(&app, peer, id, other).await.unwrap();
        remark(&app, town, id, line).await.unwrap();
        assert_eq!(refusal(remark(&app, own, id, other).await).code(), "access.forbidden");

        // Authors are names to the office and numbers to the others.
        let authors = async |by: &Actor| {
            let remarks = seen(&app, by, id).await.unwrap().remarks;
            remarks.into_iter().map(|remark| remark.author).collect::<Vec<_>>()
        };
        assert_eq!(authors(own).await, [peer.name.clone(), town.name.clone()]);
        for (at, author) in authors(town).await.iter().enumerate() {
            assert!(author.starts_with("成员") && author.ends_with("(本人)") == (at == 1), "{author}");
        }

        // The office settles; a query goes to the unit of the line and does not say who asked for it.
        assert!(refusal(close(&app, own, id, MINUTES).await).says().contains("还有 2 条意见"));
        assert_eq!(refusal(ask(&app, town, id, 1).await).code(), "access.forbidden");
        let query = ask(&app, own, id, 1).await.unwrap();
        assert!(refusal(ask(&app, own, id, 1).await).says().contains("已经处理过"));
        let about = look(&app, own, async |cx| query::get(cx, query).await).await.unwrap().query;
        assert_eq!((about.stage, about.source.as_str()), (QueryStage::Asked, joint_review::SOURCE));
        assert!(!about.turns.iter().any(|turn| turn.text.contains(&peer.name)));
        dismiss(&app, own, id, 2).await.unwrap();
        let settled = async |by: &Actor| {
            let remarks = seen(&app, by, id).await.unwrap().remarks;
            remarks.into_iter().map(|one| one.settled.unwrap()).map(|one| (one.is_asked, one.query)).collect::<Vec<_>>()
        };
        assert_eq!(settled(own).await, [(true, Some(query)), (false, None)]);
        assert_eq!(settled(peer).await, [(true, None), (false, None)], "members do not reach the query");
        close(&app, own, id, MINUTES).await.unwrap();
        assert!(told(&app, peer, "联审已结束").await);
        assert_eq!([waits(&app, own).await, waits(&app, peer).await], [0, 0]);
        let actions: Vec<String> = deeds(&app, id).await.into_iter().map(|(action, _)| action).collect();
        let expected = ["called", "remarked", "remarked", "asked", "dismissed", "closed"];
        assert_eq!(actions, expected.map(|act| format!("joint_review.{act}")));
        verified(&app).await;
    });
}

#[test]
fn members_get_no_name_no_code_and_no_figure_of_anybody() {
    on_both_engines(async |app| {
        let county = busy(&app).await;
        let id = called(&app, &county).await;
        remark(&app, &county.township, id, 1).await.unwrap();
        ask(&app, &county.county, id, 1).await.unwrap();
        for member in [&county.factories[1].clerk, &county.township] {
            let theirs = seen(&app, member, id).await.unwrap();
            let mut text = serde_json::to_string(theirs.sheet.as_ref().unwrap()).unwrap();
            let (name, csv) = joint_review::csv(&theirs).unwrap();
            text.push_str(&name);
            text.push_str(&String::from_utf8(csv).unwrap());
            for remark in &theirs.remarks {
                text.push_str(&remark.author);
            }
            for (number, factory) in county.factories.iter().enumerate() {
                let code = new_unit(number, "330781001000", "1411").usci;
                for secret in
                    [factory.name.as_str(), code.as_str(), &factory.unit.to_string(), &factory.report.to_string()]
                {
                    assert!(!text.contains(secret), "{secret} in {text}");
                }
            }
            for (_, figure) in youju_testkit::FIGURES {
                let plain = figure.replace(',', "");
                let is_told = plain.len() > 2 && (text.contains(figure) || text.contains(&plain));
                assert!(!is_told, "{figure} in {text}");
            }
            for place in ["兰江", "330781001", "330781002", "1411"] {
                assert!(!text.contains(place), "{place} in {text}");
            }
        }
        // What the member could not reach before, it does not reach now.
        let peer = &county.factories[1].clerk;
        for (number, factory) in county.factories.iter().enumerate() {
            let found = look(&app, peer, async |cx| report::open(cx, factory.report).await.map(drop)).await;
            assert_eq!(found.is_ok(), number == 1, "{number}");
        }
        let reports = look(&app, peer, async |cx| report::list(cx, &Filter::default(), ALL).await).await.unwrap();
        let units = look(&app, peer, async |cx| register::list(cx, "", ALL).await).await.unwrap();
        assert_eq!((reports.total, units.total), (1, 1));
    });
}

#[test]
fn the_order_of_the_lines_is_not_that_of_the_register() {
    on_both_engines(async |app| {
        let county = busy(&app).await;
        let mut orders = std::collections::BTreeSet::new();
        for _ in 0..4 {
            let id = called(&app, &county).await;
            let (_, keyed) = act(&app, &county.county, async |cx| joint_review::key(cx, id).await).await.unwrap();
            let mut reports: Vec<_> = keyed.iter().map(|one| one.report).collect();
            orders.insert(reports.clone());
            reports.sort_unstable();
            let mut all: Vec<_> = county.factories.iter().map(|factory| factory.report).collect();
            all.sort_unstable();
            assert_eq!(reports, all);
        }
        assert!(orders.len() > 1, "every meeting draws anew");
    });
}

#[test]
fn the_sheet_is_frozen_and_its_hash_is_in_the_journal_and_so_is_every_look_at_the_key() {
    on_both_engines(async |app| {
        let county = busy(&app).await;
        let own = &county.county;
        let id = called(&app, &county).await;
        let before = seen(&app, own, id).await.unwrap();
        act(&app, own, async |cx| {
            youju_app::review::return_(cx, county.factories[2].report, "营业收入与开票额不符").await
        })
        .await
        .unwrap();
        let after = seen(&app, own, id).await.unwrap();
        assert_eq!((before.sheet, &before.sheet_hash), (after.sheet, &after.sheet_hash));
        let (_, keyed) = act(&app, own, async |cx| joint_review::key(cx, id).await).await.unwrap();
        assert_eq!(keyed.len(), 6);
        let deeds = deeds(&app, id).await;
        assert_eq!(deeds[0].1["sheet_hash"], before.sheet_hash);
        assert_eq!((deeds[1].0.as_str(), &deeds[1].1["lines"]), ("joint_review.key_opened", &serde_json::json!(6)));
        for stranger in [&county.factories[1].clerk, &county.township] {
            let refused = act(&app, stranger, async |cx| joint_review::key(cx, id).await.map(drop)).await;
            assert_eq!(refusal(refused).code(), "access.forbidden", "{}", stranger.name);
        }
    });
}

#[test]
fn nobody_else_finds_a_meeting_by_any_way() {
    on_both_engines(async |app| {
        let county = busy(&app).await;
        let id = called(&app, &county).await;
        remark(&app, &county.factories[1].clerk, id, if own_line(&app, &county, id).await == 1 { 2 } else { 1 })
            .await
            .unwrap();
        // Who finds it, and who is of the office.
        let cases: [(&Actor, bool, bool); 8] = [
            (&county.factories[0].clerk, false, false),
            (&county.factories[1].head, false, false),
            (&county.factories[1].clerk, true, false),
            (&county.township, true, false),
            (&county.county, true, true),
            (&county.city, true, true),
            (&county.neighbour, false, false),
            (&county.admin, false, false),
        ];
        for (actor, finds, is_office) in cases {
            let listed = look(&app, actor, async |cx| joint_review::list(cx, None, ALL).await).await.unwrap();
            assert_eq!(listed.total, u64::from(finds), "{}", actor.name);
            assert_eq!(seen(&app, actor, id).await.map(drop).is_ok(), finds, "{}", actor.name);
            for (command, answer) in commands(&app, actor, id).await {
                let expected = match (finds, is_office, command) {
                    (false, ..) => "not_found",
                    (true, false, command) if command != "remark" => "access.forbidden",
                    _ => continue,
                };
                assert_eq!(refusal(answer).code(), expected, "{} {command}", actor.name);
            }
        }
        macro_rules! refuses {
            ($($work:expr),* $(,)?) => { $(
                let answer: Result<()> = app.write(None, $work).await;
                assert_eq!(refusal(answer).code(), "access.signed_out", "{}", stringify!($work));
            )* };
        }
        let call = || new(&county, &[&county.township]);
        refuses!(
            async |cx: &mut Cx<'_>| joint_review::get(cx, id).await.map(drop),
            async |cx: &mut Cx<'_>| joint_review::list(cx, None, ALL).await.map(drop),
            async |cx: &mut Cx<'_>| joint_review::key(cx, id).await.map(drop),
            async |cx: &mut Cx<'_>| joint_review::remark(cx, id, 1, WORDS).await,
            async |cx: &mut Cx<'_>| joint_review::call(cx, call()).await.map(drop),
            async |cx: &mut Cx<'_>| joint_review::choose(cx, county.window, &[], "", ALL).await.map(drop),
        );
    });
}

async fn own_line(app: &App, county: &County, id: JointReviewId) -> u32 {
    seen(app, &county.factories[1].clerk, id).await.unwrap().own.unwrap()
}

/// Everything that can be done to a meeting; none of it ends it.
async fn commands(app: &App, actor: &Actor, id: JointReviewId) -> Vec<(&'static str, Result<()>)> {
    vec![
        ("remark", remark(app, actor, id, 1).await),
        ("ask", ask(app, actor, id, 99).await.map(drop)),
        ("dismiss", dismiss(app, actor, id, 99).await),
        ("close", close(app, actor, id, "太短").await),
        ("cancel", act(app, actor, async |cx| joint_review::cancel(cx, id, "太短").await).await),
        ("key", act(app, actor, async |cx| joint_review::key(cx, id).await.map(drop)).await),
    ]
}

#[test]
fn a_meeting_is_called_by_who_reviews_with_people_of_the_area_over_enough_lines() {
    on_both_engines(async |app| {
        let county = busy(&app).await;
        let own = &county.county;
        let call =
            async |by: &Actor, new: NewMeeting| act(&app, by, async |cx| joint_review::call(cx, new).await).await;
        let peers = || new(&county, &[&county.factories[1].clerk]);
        let town = |code: &str| NewMeeting { area: Some(AreaCode::parse(code).unwrap()), ..peers() };
        for by in [&county.factories[0].clerk, &county.neighbour, &county.admin] {
            assert_eq!(refusal(call(by, peers()).await).code(), "not_found", "{}", by.name);
        }
        // A township has three factories: too few to hide in.
        assert!(refusal(call(own, town("330781001000")).await).says().contains("只有 3 份,不足 5 份"));
        assert!(
            refusal(call(&county.township, new(&county, &[&county.factories[0].clerk])).await)
                .says()
                .contains("不足 5 份")
        );
        assert_eq!(refusal(call(own, town("330783")).await).code(), "not_found");
        assert_eq!(refusal(call(own, town("3307")).await).code(), "not_found");
        for stranger in [&county.neighbour, &county.city, &county.admin, own] {
            let refused = call(own, new(&county, &[stranger])).await;
            assert_eq!(refusal(refused).code(), "not_found", "{}", stranger.name);
        }
        assert!(refusal(call(own, new(&county, &[])).await).says().contains("现选了 0 名"));
        let named = NewMeeting { topic: format!("看看{}", county.factories[0].name), ..peers() };
        assert!(refusal(call(own, named).await).says().contains("请改用行号"));
        // Chosen twice is chosen once.
        let twice = call(own, new(&county, &[&county.township, &county.township])).await.unwrap();
        assert_eq!((twice.members.len(), twice.stage), (1, Stage::Called));

        let choose = async |by: &Actor, chosen: &[PersonId], search: &str| {
            look(&app, by, async |cx| joint_review::choose(cx, county.window, chosen, search, ALL).await).await
        };
        let all = choose(own, &[], "").await.unwrap();
        assert_eq!(all.found.total, 13, "twelve people of factories and the township's officer");
        let found = choose(own, &[county.township.person], "虚构第003号").await.unwrap();
        assert_eq!((found.found.total, found.chosen.len()), (2, 1));
        assert_eq!(found.chosen[0].name, county.township.name);
        assert_eq!(choose(&county.township, &[], "").await.unwrap().found.total, 6);
        assert!(choose(&county.factories[0].clerk, &[], "").await.is_err());
    });
}

#[test]
fn words_at_a_meeting_name_nobody() {
    on_both_engines(async |app| {
        let county = busy(&app).await;
        let id = called(&app, &county).await;
        let code = new_unit(2, "330781001000", "1411").usci.as_str().to_lowercase();
        for word in [county.factories[2].name.clone(), code] {
            let text = format!("这一行应该是{word},请核实");
            let said = act(&app, &county.township, async |cx| joint_review::remark(cx, id, 1, &text).await).await;
            assert!(refusal(said).says().contains("请改用行号"));
            assert!(refusal(close(&app, &county.county, id, &text).await).says().contains("请改用行号"));
            let cancelled = act(&app, &county.county, async |cx| joint_review::cancel(cx, id, &text).await).await;
            assert!(refusal(cancelled).says().contains("请改用行号"));
        }
    });
}

#[test]
fn members_look_back_for_a_month_and_a_cancelled_meeting_shows_them_no_sheet() {
    on_both_engines(async |app| {
        let county = busy(&app).await;
        let (own, peer) = (&county.county, &county.factories[1].clerk);
        let (closed, cancelled) = (called(&app, &county).await, called(&app, &county).await);
        close(&app, own, closed, MINUTES).await.unwrap();
        act(&app, own, async |cx| joint_review::cancel(cx, cancelled, "人员到不齐,下周再开").await).await.unwrap();
        assert!(told(&app, peer, "联审已取消").await);
        assert!(seen(&app, peer, closed).await.unwrap().sheet.is_some());
        let gone = seen(&app, peer, cancelled).await.unwrap();
        assert!(gone.sheet.is_none() && gone.own.is_none() && gone.ending.is_some());
        assert_eq!(refusal(joint_review::csv(&gone)).code(), "not_found");
        assert!(refusal(remark(&app, peer, closed, 1).await).code() == "bad_input");
        app.world().set(april(2) + TimeDelta::days(MEMBER_DAYS) + TimeDelta::seconds(1));
        for id in [closed, cancelled] {
            assert_eq!(refusal(seen(&app, peer, id).await.map(drop)).code(), "not_found");
            assert!(seen(&app, own, id).await.unwrap().sheet.is_some());
        }
        let listed = look(&app, peer, async |cx| joint_review::list(cx, None, ALL).await).await.unwrap();
        assert_eq!(listed.total, 0);
    });
}
