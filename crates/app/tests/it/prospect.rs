//! 准四上: units whose figure reaches the line of their industry are found in a list, verified by the township, called due and applied for by
//! the county; an enterprise that refuses says why.

use youju_app::App;
use youju_app::list::PageRequest;
use youju_app::prospect::{self, Filter, Found, Meant, Tipped};
use youju_app::roster::{self, Wanted};
use youju_codes::{AreaCode, Industry};
use youju_domain::access::Actor;
use youju_domain::id::{ProspectId, RosterRunId};
use youju_domain::prospect::{Act, Channel, State, Tip};
use youju_domain::register::Fact;
use youju_domain::roster::{Coverage, Verdict};
use youju_testkit::{County, april, known_unit, new_unit, on_both_engines};

use crate::make::{act, look, refusal, verified};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };

/// 税务: a factory of 3,000 万元, a shop of 600, one of 450, a kindergarten without an industry.
const TAX: &str = "纳税人识别号,纳税人名称,生产经营地址,行业代码,应税销售额(万元)
,兰溪市大山机械有限公司,浙江省兰溪市兰江街道丹溪大道1号,3411,3000
,兰溪市小山超市,浙江省兰溪市兰江街道丹溪大道2号,5212,600
,兰溪市微山超市,浙江省兰溪市云山街道振兴路3号,5212,450
,兰溪市阳光幼儿园,浙江省兰溪市云山街道振兴路4号,,900
";

async fn matched(app: &App, county: &County) -> RosterRunId {
    let wanted = Wanted {
        department: "税务".into(),
        area: AreaCode::parse("330781").unwrap(),
        coverage: Coverage::Part,
        origin: "市税务局 4 月 1 日提供".into(),
        into: None,
    };
    let mut file = roster::open("税.csv", Box::new(TAX.as_bytes())).unwrap();
    let by = Some(county.county.clone());
    let (list, _) = roster::take(app, by, &mut file, &wanted, |_, _| {}).await.unwrap();
    let run = act(app, &county.county, async |cx| roster::ask(cx, Some(list)).await).await.unwrap();
    assert_eq!(roster::work(app, "w").await.unwrap(), Some(run));
    run
}

async fn list(app: &App, by: &Actor) -> Found {
    look(app, by, async |cx| prospect::list(cx, Filter::default(), false, ALL).await).await.unwrap()
}

fn names(found: &Found) -> Vec<&str> {
    found.page.rows.iter().map(|one| one.name.as_str()).collect()
}

async fn take(app: &App, by: &Actor, id: ProspectId, what: (Act, &str)) -> youju_app::Result<()> {
    let (one, _) = look(app, by, async |cx| prospect::get(cx, id).await).await?;
    act(app, by, async |cx| prospect::take(cx, id, what, (None, one.revision)).await).await
}

#[test]
fn who_reaches_the_line_is_found_verified_and_applied_for() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let run = matched(&app, &county).await;
        let gather =
            async |percent| act(&app, &county.county, async |cx| prospect::gather(cx, run, percent).await).await;
        assert_eq!(gather(100).await.unwrap(), 2);
        // Nobody is found twice; at 90 % of the line the shop of 450 is.
        assert_eq!((gather(100).await.unwrap(), gather(90).await.unwrap()), (0, 1));
        assert!(gather(55).await.is_err());
        let all = list(&app, &county.county).await;
        assert_eq!(all.page.total, 3);
        assert_eq!(all.kinds["限额以上零售业"][&State::Lead], 2);
        // The township sees its own.
        let own = list(&app, &county.township).await;
        assert_eq!(names(&own), ["兰溪市大山机械有限公司", "兰溪市小山超市"]);
        let (factory, shop) = (own.page.rows[0].id, own.page.rows[1].id);
        assert!(own.page.rows[0].is_reached() && own.page.rows[0].threshold.to_string() == "2000");
        // The township verifies and hears refusals; what is due is for the county to say.
        take(&app, &county.township, factory, (Act::Verify, "")).await.unwrap();
        assert_eq!(refusal(take(&app, &county.township, factory, (Act::Call, "")).await).code(), "access.forbidden");
        assert_eq!(refusal(take(&app, &county.township, shop, (Act::Refuse, "不")).await).code(), "bad_input");
        take(&app, &county.township, shop, (Act::Refuse, "业主担心税负,暂不愿意纳入")).await.unwrap();
        for step in [Act::Call, Act::Apply, Act::List] {
            take(&app, &county.county, factory, (step, "")).await.unwrap();
        }
        assert_eq!(
            refusal(take(&app, &county.county, factory, (Act::Decline, "已经入库了")).await).code(),
            "bad_input"
        );
        let (one, steps) = look(&app, &county.county, async |cx| prospect::get(cx, factory).await).await.unwrap();
        assert_eq!((one.state, one.verified_by, steps.len()), (State::Listed, Some(county.township.person), 5));
        // Who was overtaken is told; who has no business here finds nothing.
        let late = act(&app, &county.county, async |cx| {
            prospect::take(cx, shop, (Act::Reopen, "再去一次看看"), (None, 0)).await
        });
        assert_eq!(refusal(late.await).code(), "conflict");
        let foreign = look(&app, &county.neighbour, async |cx| prospect::get(cx, shop).await).await;
        assert_eq!(refusal(foreign).code(), "not_found");
        // After a quarter, what nobody moved is stale.
        app.world().set(april(1) + chrono::TimeDelta::days(100));
        assert_eq!(list(&app, &county.county).await.stale, 1);
        verified(&app).await;
    });
}

#[test]
fn a_row_that_the_register_lacks_becomes_a_lead_by_hand() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let run = matched(&app, &county).await;
        let enrol =
            look(&app, &county.county, async |cx| roster::results(cx, run, (Verdict::Enrol, ""), ALL).await).await;
        let number = |name: &str| {
            let rows = &enrol.as_ref().unwrap().page.rows;
            rows.iter().find(|one| one.row_name.as_deref() == Some(name)).unwrap().found.pair.number
        };
        let enter =
            async |name| act(&app, &county.township, async |cx| prospect::enter(cx, run, number(name)).await).await;
        enter("兰溪市小山超市").await.unwrap();
        assert_eq!(refusal(enter("兰溪市小山超市").await).code(), "bad_input");
        // In another township; and one whose line nobody knows.
        assert_eq!(refusal(enter("兰溪市微山超市").await).code(), "not_found");
        let blind =
            act(&app, &county.county, async |cx| prospect::enter(cx, run, number("兰溪市阳光幼儿园")).await).await;
        assert!(refusal(blind).says().contains("行业代码"));
    });
}

fn tip(name: &str, area: &str) -> Tip {
    Tip {
        name: name.into(),
        code: String::new(),
        area: AreaCode::parse(area).unwrap(),
        industry: Industry::parse("52").unwrap(),
        address: String::new(),
        phone: "0579-88887777".into(),
        revenue: None,
        channel: Channel::Village,
        words: "村干部说新开了两家分店".into(),
    }
}

async fn tipped(app: &App, by: &Actor, one: Tip, meant: Meant) -> youju_app::Result<Tipped> {
    act(app, by, async |cx| prospect::tip(cx, one, meant).await).await
}

#[test]
fn what_a_village_told_is_written_down_unless_the_register_knows_better() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (town, unsaid) = (&county.township, Meant::Unsaid);
        let Tipped::Entered(id) = tipped(&app, town, tip("小山超市", "330781001"), unsaid).await.unwrap() else {
            panic!("the register has no such name")
        };
        let (one, steps) = look(&app, town, async |cx| prospect::get(cx, id).await).await.unwrap();
        assert_eq!((one.state, one.unit, one.source.as_str()), (State::Lead, None, "村级线索"));
        assert_eq!((one.kind.as_str(), one.threshold.to_string().as_str()), ("限额以上零售业", "500"));
        assert_eq!((steps.len(), steps[0].reason.as_str()), (1, "村干部说新开了两家分店"));
        assert!(one.revenue.is_zero() && !one.is_reached(), "nobody knows a figure");
        let twice = refusal(tipped(&app, &county.county, tip("小山超市", "330781001"), unsaid).await).says();
        assert!(twice.contains("已在准四上单位中"), "{twice}");
        take(&app, town, id, (Act::Verify, "上门看过")).await.unwrap();

        // A name of the register: somebody says which it is. The wholesaler reports nothing, the factories do.
        let shop =
            look(&app, &county.county, async |cx| youju_app::register::get(cx, county.shop).await).await.unwrap();
        let place = shop.area.as_str().to_owned();
        let like = tip(&shop.name, &place);
        let Tipped::Alike(units) = tipped(&app, &county.county, like.clone(), unsaid).await.unwrap() else {
            panic!("the register has this name")
        };
        assert_eq!(units.iter().map(|unit| unit.id).collect::<Vec<_>>(), [county.shop]);
        assert_eq!(list(&app, &county.county).await.page.total, 1, "nothing was kept of it");
        let factory = new_unit(0, "330781001000", "1411");
        let listed = Tip { code: factory.usci.as_str().to_owned(), ..tip("虚构食品厂", "330781001") };
        let above = refusal(tipped(&app, town, listed, unsaid).await).says();
        assert!(above.contains("已是一套表调查单位"), "{above}");

        // Where one has no business, and whoever is no officer.
        let elsewhere = tipped(&app, &county.neighbour, tip("小山超市", "330781001"), unsaid).await;
        assert_eq!(refusal(elsewhere).code(), "not_found");
        let clerk = tipped(&app, &county.factories[0].clerk, tip("小山超市", "330781001"), unsaid).await;
        assert_eq!(refusal(clerk).code(), "not_found");
        verified(&app).await;
    });
}

#[test]
fn a_tip_about_a_unit_that_is_only_known_leads_to_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (town, since) = (&county.township, "2026-04-01".parse().unwrap());
        let unit = known_unit(&app, &county.county, 88_007, since, &[(Fact::Phone, "0579-88887777")]).await;
        // The telephone is the same, and so is the name: somebody says whether it is the same unit.
        for name in ["虚构第88007号商行", "另一个名字的店"] {
            let asked = tipped(&app, town, tip(name, "330781001"), Meant::Unsaid).await.unwrap();
            assert!(matches!(asked, Tipped::Alike(units) if units.len() == 1 && units[0].id == unit), "{name}");
        }
        let other = tipped(&app, town, tip("另一个名字的店", "330781001"), Meant::NoneOfThem).await.unwrap();
        let Tipped::Entered(other) = other else { panic!("it is another one") };
        let (one, _) = look(&app, town, async |cx| prospect::get(cx, other).await).await.unwrap();
        assert_eq!((one.unit, one.industry.code()), (None, "52"));
        let same = tipped(&app, town, tip("商行", "330781001"), Meant::Is(unit)).await.unwrap();
        let Tipped::Entered(same) = same else { panic!("it is that one") };
        let (one, _) = look(&app, town, async |cx| prospect::get(cx, same).await).await.unwrap();
        // What the register knows goes before what was told.
        assert_eq!((one.unit, one.name.as_str(), one.industry.code()), (Some(unit), "虚构第88007号商行", "1411"));
        assert_eq!((one.kind.as_str(), one.code.len()), ("规模以上工业", 18));
        let again = tipped(&app, town, Tip { code: one.code.clone(), ..tip("店", "330781001") }, Meant::Unsaid).await;
        assert_eq!(refusal(again).code(), "bad_input", "a name of one character");
        let again = tipped(&app, town, Tip { code: one.code, ..tip("小店", "330781001") }, Meant::Unsaid).await;
        assert!(refusal(again).says().contains("已在准四上单位中"), "found by its code");
    });
}
