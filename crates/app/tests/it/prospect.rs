//! 准四上: units whose figure reaches the line of their industry are found in a list, verified by the township, called due and applied for by
//! the county; an enterprise that refuses says why.

use youju_app::App;
use youju_app::list::PageRequest;
use youju_app::prospect::{self, Filter, Found};
use youju_app::roster::{self, Wanted};
use youju_codes::AreaCode;
use youju_domain::access::Actor;
use youju_domain::id::{ProspectId, RosterRunId};
use youju_domain::prospect::{Act, State};
use youju_domain::roster::{Coverage, Verdict};
use youju_testkit::{County, april, on_both_engines};

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
