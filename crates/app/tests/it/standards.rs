//! 规范化清单: claimed with evidence, accepted by somebody else above, sent back, lapsed and adopted anew; and who lacks what.

use chrono::{NaiveDate, TimeDelta};
use youju_app::attachment::{Looked, look_at};
use youju_app::list::PageRequest;
use youju_app::standard::{self, Asked, At, Item, Lacking};
use youju_app::{App, Result, message, organisation};
use youju_domain::Problem;
use youju_domain::access::Actor;
use youju_domain::id::OrganisationId;
use youju_domain::standard::{Claim, Progress, Standing};
use youju_store::journal;
use youju_testkit::{County, april, on_both_engines};

use crate::make::{act, look, refusal, verified};
use crate::organisations::{find, set_up};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(organisation: OrganisationId, standard: &str, requirement: &str) -> At {
    At { organisation, standard: standard.into(), requirement: requirement.into() }
}

fn rule() -> Claim {
    Claim {
        document: "兰江办〔2026〕3号".into(),
        dated: Some(day("2026-03-01")),
        signed_by: "主任".into(),
        in_force_until: Some(day("2027-02-28")),
        ..Claim::default()
    }
}

fn note(text: &str) -> Claim {
    Claim { note: text.into(), ..Claim::default() }
}

async fn claim(app: &App, by: &Actor, at: &At, claim: Claim, looked: Looked) -> Result<()> {
    act(app, by, async |cx| standard::claim(cx, at, claim, looked).await).await
}

async fn accept(app: &App, by: &Actor, at: &At) -> Result<()> {
    act(app, by, async |cx| standard::accept(cx, at, "").await).await
}

async fn item(app: &App, by: &Actor, at: &At) -> Item {
    look(app, by, async |cx| standard::get(cx, at).await).await.unwrap()
}

async fn lacking(app: &App, by: &Actor, asked: Asked) -> Lacking {
    look(app, by, async |cx| standard::lacking(cx, &asked).await).await.unwrap()
}

/// The titles of somebody's messages.
async fn told(app: &App, of: &Actor) -> Vec<String> {
    let page = PageRequest { offset: 0, limit: 100 };
    let messages = look(app, of, async |cx| message::list(cx, page).await).await.unwrap();
    messages.rows.into_iter().map(|message| message.title).filter(|title| !title.contains("开网")).collect()
}

fn of(standard: &str) -> Asked {
    Asked { standard: standard.into(), ..Asked::default() }
}

#[test]
fn a_street_claims_its_rule_book_and_the_county_accepts_it_for_a_year() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let street = find(&app, &county.county, "兰江街道办事处").await;
        let at = at(street, "township_rules", "files");
        let looked = look_at(&app, vec![("制度.pdf".into(), b"%PDF-1.7 rules".to_vec())]).unwrap();
        claim(&app, &county.township, &at, rule(), looked).await.unwrap();
        assert_eq!(told(&app, &county.county).await, ["待验收:兰江街道办事处 统计资料管理制度"]);
        assert!(told(&app, &county.city).await.is_empty());
        let seen = item(&app, &county.township, &at).await;
        assert_eq!((seen.standing, seen.may_claim, seen.may_review), (Standing::Claimed, true, false));
        assert_eq!(refusal(accept(&app, &county.township, &at).await), Problem::Forbidden);
        accept(&app, &county.county, &at).await.unwrap();
        assert_eq!(item(&app, &county.township, &at).await.standing, Standing::Met);

        // The file stays and is fetched by those who may look; an officer's look is written down.
        let hash = seen.attainment.claimed().unwrap().0.files[0].hash.clone();
        let fetch = async |who: &Actor| act(&app, who, async |cx| standard::fetch(cx, &at, &hash).await).await;
        assert_eq!(fetch(&county.county).await.unwrap().content, b"%PDF-1.7 rules");
        assert!(matches!(refusal(fetch(&county.neighbour).await), Problem::NotFound { .. }));
        let other = act(&app, &county.county, async |cx| standard::fetch(cx, &at, "00").await).await;
        assert!(matches!(refusal(other), Problem::NotFound { .. }));
        let entries =
            app.read(None, async |cx| Ok(journal::of_object(cx.tx(), "organisation", &street.to_string()).await?));
        let actions: Vec<String> = entries.await.unwrap().into_iter().map(|entry| entry.action).collect();
        assert_eq!(actions, ["standard.claimed", "standard.accepted", "standard.file_viewed"]);

        // It lapses by itself after its last day, and is adopted anew.
        app.world().set(april(2) + TimeDelta::days(333));
        assert_eq!(item(&app, &county.county, &at).await.standing, Standing::Lapsed);
        let renewed = Claim { dated: Some(day("2027-03-01")), in_force_until: Some(day("2028-02-29")), ..rule() };
        claim(&app, &county.township, &at, renewed, Looked::default()).await.unwrap();
        accept(&app, &county.city, &at).await.unwrap();
        assert_eq!(item(&app, &county.county, &at).await.standing, Standing::Met);
        verified(&app).await;
    });
}

#[test]
fn a_department_without_accounts_is_claimed_by_the_county_and_accepted_by_somebody_else() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let fagai = find(&app, &county.county, "兰溪市发改局").await;
        let at = at(fagai, "five_haves", "leader");
        let none = claim(&app, &county.county, &at, note("有"), Looked::default()).await;
        assert!(refusal(none).says().contains("请上传材料,或填写文号"));
        let broken = look_at(&app, vec![("木马.exe".into(), b"MZ\x90\x00".to_vec())]).unwrap();
        let broken = claim(&app, &county.county, &at, note("由副局长分管统计工作"), broken).await;
        assert!(matches!(refusal(broken), Problem::BadFile { .. }));
        claim(&app, &county.county, &at, note("由副局长分管统计工作"), Looked::default()).await.unwrap();
        assert!(refusal(accept(&app, &county.county, &at).await).says().contains("由您本人申报"));
        assert!(!item(&app, &county.county, &at).await.may_accept);
        // The county has one officer: the city hears of it too.
        assert_eq!(told(&app, &county.city).await, ["待验收:兰溪市发改局 有一名分管领导"]);
        let back = act(&app, &county.city, async |cx| standard::return_(cx, &at, "没有附分工文件").await);
        back.await.unwrap();
        assert_eq!(item(&app, &county.county, &at).await.standing, Standing::Returned);
        assert_eq!(told(&app, &county.county).await, ["退回:兰溪市发改局 有一名分管领导"]);
        claim(&app, &county.county, &at, note("由副局长分管统计工作,文件已附"), Looked::default()).await.unwrap();
        accept(&app, &county.city, &at).await.unwrap();

        // The township does not see departments, and nobody finds an item that the list does not have.
        let town = look(&app, &county.township, async |cx| standard::get(cx, &at).await).await;
        assert!(matches!(refusal(town), Problem::NotFound { .. }));
        for wrong in
            [At { requirement: "chair".into(), ..at.clone() }, At { standard: "township_rules".into(), ..at.clone() }]
        {
            let found = look(&app, &county.county, async |cx| standard::get(cx, &wrong).await).await;
            assert_eq!(refusal(found), Problem::NotFound { what: "清单项目" });
        }
    });
}

#[test]
fn an_enterprise_claims_for_itself_and_its_street_accepts() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let street = find(&app, &county.county, "兰江街道办事处").await;
        act(&app, &county.county, async |cx| organisation::add_enterprises(cx, street).await).await.unwrap();
        let own = &county.factories[0];
        let id = look(&app, &own.clerk, async |cx| organisation::of_unit(cx, own.unit).await).await.unwrap();
        let at = at(id, "four_systems", "management");
        claim(&app, &own.clerk, &at, note("厂长负责统计工作,制度已上墙"), Looked::default()).await.unwrap();
        assert_eq!(refusal(accept(&app, &own.head, &at).await), Problem::Forbidden);
        let stranger = claim(&app, &county.factories[1].clerk, &at, note("厂长负责统计工作"), Looked::default()).await;
        assert!(matches!(refusal(stranger), Problem::NotFound { .. }));
        accept(&app, &county.township, &at).await.unwrap();
        assert_eq!(item(&app, &own.head, &at).await.standing, Standing::Met);
        // The list of who lacks what is not for enterprises; the township's holds its own.
        let clerk = look(&app, &own.clerk, async |cx| standard::lacking(cx, &Asked::default()).await).await;
        assert!(matches!(refusal(clerk), Problem::NotFound { .. }));
        let list = lacking(&app, &county.township, of("lanxi/four_systems")).await;
        assert_eq!((list.all, list.complete, list.rows.len()), (2, 0, 2));
        assert!(list.rows.iter().any(|row| row.held.progress == Progress { met: 1, all: 4 }));
    });
}

#[test]
fn who_lacks_what_is_listed_filtered_and_written_as_csv() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let empty = lacking(&app, &county.county, Asked::default()).await;
        assert_eq!((empty.choices.len(), empty.all), (6, 0));
        set_up(&app, &county.county).await;
        let street = find(&app, &county.county, "兰江街道办事处").await;
        for item in ["function", "institution", "funds", "people"] {
            let at = at(street, "township_basics", item);
            claim(&app, &county.township, &at, note("已按街道三定方案落实"), Looked::default()).await.unwrap();
            accept(&app, &county.county, &at).await.unwrap();
        }
        let all = lacking(&app, &county.county, of("lanxi/township_basics")).await;
        assert_eq!((all.all, all.complete, all.rows.len()), (18, 1, 18));
        let open = Asked { is_lacking: true, ..of("lanxi/township_basics") };
        assert_eq!(lacking(&app, &county.city, open).await.rows.len(), 17);
        let met = Asked { standing: Some(Standing::Met), ..of("lanxi/township_basics") };
        let met = lacking(&app, &county.county, met).await;
        assert_eq!(met.rows.len(), 1);
        let (name, file) = standard::csv(&met).unwrap();
        let text = String::from_utf8(file).unwrap();
        assert_eq!(name, "乡镇(街道)统计规范化达标情况.csv");
        assert_eq!(text.lines().count(), 5, "{text}");
        assert!(
            text.contains("兰江街道办事处,街道,330781001000,乡镇(街道)统计规范化,统计工作的职能落实到位,已达到,是,"),
            "{text}"
        );
        let wrong = look(&app, &county.county, async |cx| standard::lacking(cx, &of("bozhou/unit_rules")).await).await;
        assert!(matches!(refusal(wrong), Problem::NotFound { .. }));
        let near = lacking(&app, &county.neighbour, Asked::default()).await;
        assert!(near.standard.is_none() && near.choices.is_empty());
    });
}
