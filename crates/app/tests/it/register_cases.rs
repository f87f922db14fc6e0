//! 纳入、变更、退出、更换样本: cases of the register from the tip to what stands there afterwards.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use youju_app::attachment::{Looked, look_at};
use youju_app::case::effect::{self, names};
use youju_app::case::{self, Seen};
use youju_app::grid;
use youju_app::list::PageRequest;
use youju_app::register::{self, history};
use youju_app::{App, Result, message};
use youju_domain::access::Actor;
use youju_domain::case::{Command, Shot};
use youju_domain::id::{CaseId, UnitId};
use youju_domain::register::{Change, Fact, Facts, Listing, NewChange, Origin, Source, Status};
use youju_profile::{Files, load, load_cases};
use youju_testkit::{County, april, newcomer, on_both_engines};

use crate::make::{act, look, refusal, verified};

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub type Said<'a> = &'a [(&'a str, &'a str)];

fn values(of: Said<'_>) -> BTreeMap<String, String> {
    of.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A paper of each kind; what has to be a photograph is one.
fn papers(app: &App, kinds: &[&str]) -> BTreeMap<String, Looked> {
    let paper = |kind: &str| {
        let (name, content) = match kind {
            "gate" | "site" => {
                let picture =
                    [b"\x89PNG\r\n\x1a\n".as_slice(), kind.as_bytes(), b"IEND\xAE\x42\x60\x82".as_slice()].concat();
                (format!("{kind}.png"), picture)
            }
            _ => (format!("{kind}.pdf"), format!("%PDF-1.7 {kind}").into_bytes()),
        };
        (kind.to_owned(), look_at(app, vec![(name, content)]).unwrap())
    };
    kinds.iter().map(|kind| paper(kind)).collect()
}

fn shots(kinds: &[&str]) -> BTreeMap<String, Vec<Shot>> {
    let shot = || vec![Shot { no_place: "车间里没有信号".into(), ..Shot::default() }];
    kinds.iter().filter(|kind| ["gate", "site"].contains(kind)).map(|kind| ((*kind).to_owned(), shot())).collect()
}

/// Opens a case about a unit.
pub async fn open(app: &App, by: &Actor, key: &str, unit: UnitId, said: Said<'_>, kinds: &[&str]) -> Result<CaseId> {
    let (command, papers) = (Command { values: values(said), ..Command::default() }, papers(app, kinds));
    act(app, by, async |cx| case::open(cx, key, &unit.to_string(), command, papers).await).await
}

pub async fn seen(app: &App, by: &Actor, id: CaseId) -> Seen {
    look(app, by, async |cx| case::get(cx, id).await).await.unwrap()
}

/// A step without a word of reason.
pub async fn silent(app: &App, by: &Actor, id: CaseId, name: &str) -> Result<()> {
    let revision = seen(app, by, id).await.case.revision;
    let command = Command { act: name.into(), revision, ..Command::default() };
    act(app, by, async |cx| case::take(cx, id, command, BTreeMap::new()).await).await
}

pub async fn step(app: &App, by: &Actor, id: CaseId, name: &str, said: Said<'_>, kinds: &[&str]) -> Result<()> {
    let revision = seen(app, by, id).await.case.revision;
    let command = Command {
        act: name.into(),
        reason: "已核对,情况属实".into(),
        values: values(said),
        shots: shots(kinds),
        revision,
        ..Command::default()
    };
    let papers = papers(app, kinds);
    act(app, by, async |cx| case::take(cx, id, command, papers).await).await
}

async fn enter(app: &App, by: &Actor, usci: &str, more: Facts) -> UnitId {
    let usci = youju_codes::Usci::with_check(usci).unwrap();
    let mut facts = Facts::read([
        (Fact::Usci, usci.as_str()),
        (Fact::Name, "兰溪市虚构毛纺厂"),
        (Fact::Area, "330781001000"),
        (Fact::Industry, "1721"),
        (Fact::Phone, "0579-88880001"),
    ])
    .unwrap();
    facts.overlay(&more);
    let new = NewChange { since: day("2026-01-10"), facts };
    act(app, by, async |cx| register::enter(cx, new).await).await.unwrap()
}

async fn unit(app: &App, by: &Actor, id: UnitId) -> youju_domain::register::Unit {
    look(app, by, async |cx| register::get(cx, id).await).await.unwrap()
}

const TIP: Said<'_> =
    &[("channel", "月度新增"), ("cause", "1 新开业(投产)"), ("profession", "工业"), ("revenue", "1500")];
const FIGURES: Said<'_> =
    &[("revenue", "2500"), ("opened_on", "2026-01-10"), ("contact", "王统计"), ("phone", "0579-88880001")];
const FOUND: Said<'_> = &[
    ("findings", "设备在产"),
    ("check.exists", "yes"),
    ("check.licence", "yes"),
    ("check.activity", "yes"),
    ("check.opened", "yes"),
    ("check.scale", "yes"),
    ("check.single", "yes"),
];
const PAPERS: &[&str] = &["application", "licence", "profit", "tax"];

/// From a tip to the hands of the county's professions.
async fn visited(app: &App, county: &County, mill: UnitId) -> CaseId {
    let id = open(app, &county.township, "enrolment", mill, TIP, &[]).await.unwrap();
    step(app, &county.township, id, "verify", &[("verified", "已投产")], &[]).await.unwrap();
    step(app, &county.township, id, "hand_in", FIGURES, PAPERS).await.unwrap();
    step(app, &county.township, id, "township_pass", &[], &[]).await.unwrap();
    step(app, &county.county, id, "visit", FOUND, &["gate", "site"]).await.unwrap();
    step(app, &county.township, id, "confirm", &[], &[]).await.unwrap();
    id
}

/// What the page says of a tip below the line, beside a unit of the same name.
async fn told_at_first(app: &App, county: &County, id: CaseId, twin: UnitId) {
    // Below the line: told, and answered by whoever goes on.
    let told = seen(app, &county.township, id).await.told;
    let below = "“年主营业务收入(万元)”为 1,500 万元,没有达到纳统标准(规模以上工业:年主营业务收入不低于 2000 万元)。";
    assert_eq!(told.contradictions, [below]);
    let rounds: Vec<String> = told.rounds.iter().map(case_round).collect();
    assert_eq!(rounds, ["月度新增(到县级):2026-04-15 截止。", "月度新增(到市级):2026-04-20 截止。"]);
    assert_eq!(
        told.alike.iter().map(|one| (one.unit, one.same.clone())).collect::<Vec<_>>(),
        [(twin, vec!["单位名称", "联系电话"])]
    );
    let said = refusal(silent(app, &county.township, id, "verify").await).says();
    assert!(said.contains("线索核实情况"), "{said}");
}

#[test]
fn a_tip_becomes_a_unit_with_an_empty_report_past_every_return() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let second = newcomer(&county, "xian2", &county.county).await;
        let mill = enter(&app, &county.township, "91330781FAKE77001", Facts::default()).await;
        let twin = enter(&app, &county.county, "91330781FAKE77002", Facts::default()).await;
        let id = open(&app, &county.township, "enrolment", mill, TIP, &[]).await.unwrap();
        told_at_first(&app, &county, id, twin).await;
        let again = open(&app, &county.county, "enrolment", mill, TIP, &[]).await;
        assert!(refusal(again).says().contains("已有正在办理的“调查单位纳入”"));
        step(&app, &county.township, id, "verify", &[("verified", "一月已投产")], &[]).await.unwrap();
        let bare = refusal(step(&app, &county.township, id, "hand_in", FIGURES, &["application", "licence"]).await);
        assert_eq!(bare.says(), "“利润表”至少 1 份,现为 0 份。请上传。");
        step(&app, &county.township, id, "hand_in", FIGURES, PAPERS).await.unwrap();
        assert!(seen(&app, &county.county, id).await.told.contradictions.is_empty());
        step(&app, &county.township, id, "township_return", &[], &[]).await.unwrap();
        step(&app, &county.township, id, "mend", FIGURES, &[]).await.unwrap();
        step(&app, &county.township, id, "township_pass", &[], &[]).await.unwrap();
        // Two people go there; who was there does not review, and who reviewed is not the register's section.
        app.world().set(april(16));
        let no_photo = step(&app, &county.county, id, "visit", FOUND, &["gate"]).await;
        assert!(refusal(no_photo).says().contains("生产经营场所照片"));
        step(&app, &county.county, id, "visit", FOUND, &["gate", "site"]).await.unwrap();
        step(&app, &county.township, id, "confirm", &[], &[]).await.unwrap();
        let sources: Said<'_> = &[("sources", "市场监管登记、税务")];
        let own = refusal(step(&app, &county.county, id, "profession_pass", sources, &[]).await);
        assert!(own.says().contains("“实地核查”是您本人办理的"));
        step(&app, &second, id, "profession_pass", sources, &[]).await.unwrap();
        assert!(refusal(step(&app, &second, id, "register_pass", &[], &[]).await).says().contains("另一位"));
        step(&app, &county.county, id, "register_pass", &[], &[]).await.unwrap();
        step(&app, &county.city, id, "return_down", &[], &[]).await.unwrap();
        step(&app, &county.township, id, "correct", FIGURES, &[]).await.unwrap();
        step(&app, &second, id, "profession_pass", sources, &[]).await.unwrap();
        step(&app, &county.county, id, "register_pass", &[], &["sheet"]).await.unwrap();
        let rounds: Vec<String> = seen(&app, &county.city, id).await.told.rounds.iter().map(case_round).collect();
        assert_eq!(
            rounds,
            ["月度新增(到县级):列入 2026-04-15 截止的一批。", "月度新增(到市级):列入 2026-04-20 截止的一批。"]
        );
        step(&app, &county.city, id, "city_pass", &[], &[]).await.unwrap();
        step(&app, &county.city, id, "province_pass", &[("province_document", "省函〔2026〕1号")], &[]).await.unwrap();
        // A day on which nobody knew the unit is refused with everything that goes with it.
        let size = verified(&app).await.size;
        let day_of = |day: &'static str| [("document", "国函〔2026〕2号"), ("effective_on", day)];
        let early = refusal(step(&app, &county.city, id, "enter", &day_of("2025-12-01"), &[]).await);
        assert_eq!(early.says(), "“兰溪市虚构毛纺厂”在 2025-12-01 还不在名录库中,生效日期不能这样早。");
        assert_eq!((verified(&app).await.size, unit(&app, &county.city, mill).await.listing), (size, Listing::Outside));
        step(&app, &county.city, id, "enter", &day_of("2026-03-01"), &[]).await.unwrap();
        let listed = unit(&app, &county.county, mill).await;
        assert_eq!((listed.listing, listed.details.get(Fact::OpenedOn)), (Listing::Above, Some("2026-01-10")));
        let known = look(&app, &county.county, async |cx| history::as_of(cx, mill, None, None).await).await.unwrap();
        let source = &known.changes.last().unwrap().source;
        assert_eq!((source.origin, source.about.as_str()), (Origin::Case, id.to_string().as_str()));
        let march = youju_codes::Period::parse("2026-03").unwrap();
        let reports =
            look(&app, &county.county, async |cx| youju_app::report::of_unit_and_period(cx, mill, march).await);
        assert_eq!(reports.await.unwrap().len(), 1, "an empty report in the window that is open");
        let third = open(&app, &county.township, "enrolment", mill, TIP, &[]).await;
        assert!(refusal(third).says().contains("纳入情况是“一套表调查单位”"));
        verified(&app).await;
    });
}

fn case_round(round: &youju_domain::case::InRound) -> String {
    round.say()
}

#[test]
fn a_refused_unit_is_applied_for_again_and_of_two_offices_one_opens() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let second = newcomer(&county, "xian2", &county.county).await;
        let mill = enter(&app, &county.township, "91330781FAKE77003", Facts::default()).await;
        let first = visited(&app, &county, mill).await;
        step(&app, &second, first, "refuse", &[], &[]).await.unwrap();
        assert_eq!(seen(&app, &county.township, first).await.case.state(), "refused");
        let (one, two) = tokio::join!(
            open(&app, &county.township, "enrolment", mill, TIP, &[]),
            open(&app, &county.county, "enrolment", mill, TIP, &[]),
        );
        assert!(one.is_ok() != two.is_ok(), "only one of two offices opens it");
        assert_eq!(unit(&app, &county.county, mill).await.listing, Listing::Outside);
    });
}

async fn told(app: &App, of: &Actor) -> Vec<String> {
    let page = PageRequest { offset: 0, limit: 100 };
    let messages = look(app, of, async |cx| message::list(cx, page).await).await.unwrap();
    messages.rows.into_iter().map(|message| message.title).collect()
}

#[test]
fn a_telephone_is_the_countys_and_a_move_the_citys_and_people_go_with_the_unit() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (from, clerk) = (county.factories[0].unit, &county.factories[0].clerk);
        let whole = youju_codes::AreaCode::parse("330781").unwrap();
        let cut = look(&app, &county.county, async |cx| grid::propose(cx, whole).await).await.unwrap();
        act(&app, &county.county, async |cx| grid::adopt(cx, whole, &cut.fingerprint).await).await.unwrap();
        let way =
            async || app.read(None, async |cx| Ok(youju_store::grid::way_of(cx.tx(), from).await?)).await.unwrap();
        assert!(way().await.last().is_some_and(|cell| cell.until.is_none()));
        app.world().set(april(3));
        let phone: Said<'_> = &[("from_on", "2026-04-02"), ("why", "换号"), ("phone", "0579-88880009")];
        let nothing: Said<'_> = &[("from_on", "2026-04-02"), ("why", "换号")];
        let empty = refusal(open(&app, clerk, "amendment", from, nothing, &["document"]).await).says();
        assert!(empty.starts_with("请至少填写一项:"), "{empty}");
        let id = open(&app, clerk, "amendment", from, phone, &["document"]).await.unwrap();
        step(&app, &county.township, id, "township_pass", &[], &[]).await.unwrap();
        step(&app, &county.county, id, "settle", &[], &[]).await.unwrap();
        assert_eq!(unit(&app, clerk, from).await.details.get(Fact::Phone), Some("0579-88880009"));

        let there = youju_codes::AreaCode::parse("330781002000").unwrap();
        let receiver = newcomer(&county, "zhen2", &Actor { area: there, ..county.township.clone() }).await;
        let wrong: Said<'_> = &[("from_on", "2026-04-02"), ("why", "搬迁"), ("area", "33078100200")];
        assert_eq!(refusal(open(&app, clerk, "amendment", from, wrong, &["document"]).await).code(), "bad_input");
        let moves: Said<'_> = &[("from_on", "2026-04-02"), ("why", "搬迁"), ("area", "330781002000")];
        let id = open(&app, clerk, "amendment", from, moves, &["document"]).await.unwrap();
        step(&app, &county.township, id, "township_pass", &[], &[]).await.unwrap();
        let alone = refusal(step(&app, &county.county, id, "settle", &[], &[]).await).says();
        assert_eq!(alone, "填写了“所在地区划”的,不能由这一步办结,请办理其他动作。");
        step(&app, &county.county, id, "pass_on", &[], &[]).await.unwrap();
        step(&app, &county.city, id, "agree", &[], &[]).await.unwrap();
        assert_eq!(unit(&app, &county.county, from).await.area.as_str(), "330781002000");
        let people = app.read(None, async |cx| Ok(youju_store::person::of_unit(cx.tx(), from).await?)).await.unwrap();
        assert!(people.iter().all(|person| person.area.as_str() == "330781002000"));
        assert!(way().await.last().is_some_and(|cell| cell.until.is_some()), "a cell of the township that it left");
        assert!(told(&app, &receiver).await.iter().any(|title| title.ends_with("迁入")));

        // The code of another unit, from a day to come.
        let other = unit(&app, &county.county, county.shop).await.usci.to_string();
        let taken = [("from_on", "2026-05-02"), ("why", "换证"), ("usci", other.as_str())];
        let id = open(&app, &county.county, "amendment", from, &taken, &["document"]).await.unwrap();
        step(&app, &receiver, id, "township_pass", &[], &[]).await.unwrap();
        assert!(refusal(step(&app, &county.county, id, "pass_on", &[], &[]).await).says().contains("另一位"));
        let second = newcomer(&county, "xian2", &county.county).await;
        step(&app, &second, id, "pass_on", &[], &[]).await.unwrap();
        assert_eq!(refusal(step(&app, &county.city, id, "agree", &[], &[]).await).code(), "register.unit_exists");
    });
}

#[test]
fn a_unit_leaves_from_a_day_to_come() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let second = newcomer(&county, "xian2", &county.county).await;
        let why: Said<'_> = &[("cause", "3 破产、注(吊)销"), ("account", "四月注销登记")];
        let id = open(&app, &county.township, "withdrawal", county.shop, why, &["proof"]).await.unwrap();
        step(&app, &county.township, id, "verify", &[], &[]).await.unwrap();
        step(&app, &second, id, "profession_pass", &[], &[]).await.unwrap();
        step(&app, &county.county, id, "register_pass", &[], &[]).await.unwrap();
        step(&app, &county.city, id, "city_pass", &[], &[]).await.unwrap();
        let when: Said<'_> = &[("document", "国函〔2026〕3号"), ("effective_on", "2026-05-01")];
        let open_status = refusal(step(&app, &county.city, id, "leave", when, &[]).await).says();
        assert!(open_status.contains("请把“运营状态”填为"), "{open_status}");
        let when = [when, &[("status", "当年注销")]].concat();
        step(&app, &county.city, id, "leave", &when, &[]).await.unwrap();
        assert_eq!(unit(&app, &county.county, county.shop).await.listing, Listing::Above);
        app.world().set(april(32));
        app.write(None, async |cx| history::ripen(cx).await).await.unwrap();
        let gone = unit(&app, &county.county, county.shop).await;
        assert_eq!((gone.listing, gone.status()), (Listing::Outside, Status::Cancelled));
    });
}

/// A unit that was a sample unit before the program came.
async fn sampled(app: &App, by: &Actor, usci: &str, more: Facts) -> UnitId {
    let id = enter(app, by, usci, more).await;
    let code = "33078100100000713";
    let facts = Facts::default().with(Fact::Listing, Listing::Sample.key()).with(Fact::SampleCode, code);
    app.write(None, async |cx| {
        let unit = youju_store::register::get(cx.tx(), id).await?.unwrap();
        let mut all = unit.facts();
        all.overlay(&facts);
        youju_store::register::put(cx.tx(), &unit.with(all, day("2026-02-01"))?).await?;
        let change = Change {
            number: 1,
            since: day("2026-02-01"),
            recorded_at: cx.now(),
            by: None,
            by_name: String::new(),
            source: Source::of(Origin::Import),
            facts,
        };
        Ok(youju_store::register::history::add(cx.tx(), id, &change).await?)
    })
    .await
    .unwrap();
    id
}

#[test]
fn a_sample_unit_is_replaced_by_one_of_its_stratum() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let inn = |industry: &str, name: &str| Facts::default().with(Fact::Industry, industry).with(Fact::Name, name);
        let old = sampled(&app, &county.county, "91330781FAKE77011", inn("6110", "虚构老旅馆")).await;
        let new = enter(&app, &county.county, "91330781FAKE77012", inn("6121", "虚构新旅馆")).await;
        let cook = enter(&app, &county.county, "91330781FAKE77013", inn("6210", "虚构饭店")).await;
        let code_of = async |id| unit(&app, &county.county, id).await.usci.to_string();
        let (good, bad) = (code_of(new).await, code_of(cook).await);
        let said = |code: &str| {
            let stranger = youju_codes::Usci::with_check("91330781FAKE77099").unwrap().to_string();
            let code = if code.is_empty() { stranger } else { code.to_owned() };
            [
                ("cause".to_owned(), "关闭或注销".to_owned()),
                ("replacement".into(), code),
                ("skipped".into(), "没有".into()),
            ]
        };
        let open_with = async |code: &str| {
            let said = said(code);
            let said: Vec<(&str, &str)> = said.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            open(&app, &county.township, "sample_replacement", old, &said, &[]).await
        };
        assert_eq!(refusal(open_with("").await).code(), "register.not_in_register");
        let id = open_with(&bad).await.unwrap();
        step(&app, &county.township, id, "visit", &[("findings", "正在经营")], &["site"]).await.unwrap();
        step(&app, &county.county, id, "county_pass", &[], &[]).await.unwrap();
        let when: Said<'_> = &[("effective_on", "2026-04-01")];
        let other = refusal(step(&app, &county.city, id, "replace", when, &[]).await).says();
        assert!(other.contains("不在同一层"), "{other}");
        step(&app, &county.city, id, "choose_again_city", &[], &[]).await.unwrap();
        let choose = [("replacement", good.as_str()), ("skipped", "虚构饭店:行业不同")];
        step(&app, &county.township, id, "choose", &choose, &[]).await.unwrap();
        step(&app, &county.township, id, "visit", &[("findings", "正在经营")], &["site"]).await.unwrap();
        step(&app, &county.county, id, "county_pass", &[], &[]).await.unwrap();
        step(&app, &county.city, id, "replace", when, &[]).await.unwrap();
        let (left, came) = (unit(&app, &county.county, old).await, unit(&app, &county.county, new).await);
        assert_eq!((left.listing, left.details.get(Fact::SampleCode)), (Listing::Outside, None));
        assert_eq!(
            (came.listing, came.details.get(Fact::SampleCode)),
            (Listing::Sample, Some("33078100100000813")),
            "the next number, which nobody had before"
        );
    });
}

#[test]
fn a_running_case_keeps_its_type_with_what_follows_from_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let from = county.factories[0].unit;
        let said: Said<'_> = &[("from_on", "2026-04-02"), ("why", "换号"), ("phone", "0579-1")];
        let old = open(&app, &county.township, "amendment", from, said, &["document"]).await.unwrap();
        let (files, mut shared) = (Files::shipped(), Files::shipped_cases());
        let text = shared.get("amendment.toml").unwrap().replace("effects = [\"register.amend\"]\n", "");
        shared.put("amendment.toml", &text);
        let types = load_cases(&shared, &files, &load(&files).unwrap(), &names(effect::ALL)).unwrap();
        let app = app.with_case_types(types);
        let said: Said<'_> = &[("from_on", "2026-04-02"), ("why", "换号"), ("phone", "0579-2")];
        let new = open(&app, &county.township, "amendment", from, said, &["document"]).await.unwrap();
        for (id, phone) in [(new, None), (old, Some("0579-1"))] {
            step(&app, &county.township, id, "township_pass", &[], &[]).await.unwrap();
            step(&app, &county.county, id, "settle", &[], &[]).await.unwrap();
            assert_eq!(unit(&app, &county.county, from).await.details.get(Fact::Phone), phone);
        }
    });
}
