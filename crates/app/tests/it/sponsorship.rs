//! 包保: a county names who answers for its units and projects, sees for whom nobody does, and what somebody answered for stays after they leave.

use rust_decimal::Decimal;
use youju_app::sponsorship::{self, Filter, Typed};
use youju_app::{App, Result, staff};
use youju_domain::access::Actor;
use youju_domain::id::{SponsorshipId, StaffId};
use youju_domain::staff::{About, Appointment, Duty, Establishment, Time, Workplace};
use youju_store::register::PageRequest;
use youju_testkit::{County, april, on_both_engines};

use crate::make::{act, look, refusal, verified};
use crate::organisations::{find, set_up};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };

/// The app with the tiers of 亳州 in 兰溪, which has ordered none.
fn ordered(app: &App) -> App {
    let mut profiles = app.profiles().to_vec();
    let tiers = profiles.iter().find(|one| one.id == "bozhou").unwrap().sponsorship.clone();
    profiles.iter_mut().find(|one| one.id == "lanxi").unwrap().sponsorship = tiers;
    app.clone().with_profiles(profiles)
}

async fn enrolled(app: &App, county: &County, place: &str, name: &str, duty: Duty) -> StaffId {
    let at = Workplace::Organisation(find(app, &county.county, place).await);
    let post = Appointment {
        duty,
        time: Time::Full,
        establishment: Establishment::Hired,
        fields: Vec::new(),
        work: String::new(),
        document: "兰统〔2026〕1号".into(),
        since: april(1).date_naive(),
    };
    let about = About { name: name.into(), ..About::default() };
    // The bureau itself answers to the city.
    act(app, &county.city, async |cx| staff::enrol(cx, at, about, post, "").await).await.unwrap()
}

fn typed(tier: &str, staff: StaffId, usci: &str, name: &str, planned: Option<i64>) -> Typed {
    Typed {
        tier: tier.into(),
        staff,
        usci: usci.into(),
        name: name.into(),
        planned: planned.map(Decimal::from),
        document: "2026 年责任清单".into(),
        since: april(1).date_naive(),
    }
}

async fn named(app: &App, by: &Actor, typed: Typed) -> Result<SponsorshipId> {
    act(app, by, async |cx| sponsorship::name(cx, typed).await).await
}

#[test]
fn who_answers_for_what_is_named_missed_and_stays_after_they_leave() {
    on_both_engines(async |app| {
        let app = ordered(&app);
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let bureau = enrolled(&app, &county, "兰溪市统计局", "周平", Duty::Statistician).await;
        let street = enrolled(&app, &county, "兰江街道办事处", "郑梅", Duty::Auxiliary).await;
        let own = &county.factories[0];
        let usci =
            look(&app, &county.county, async |cx| sponsorship::of_unit(cx, own.unit).await).await.unwrap().0.usci;
        let units = async || {
            let missing = async |cx: &mut youju_app::Cx<'_>| sponsorship::missing(cx, "wages", ALL).await;
            look(&app, &county.county, missing).await.unwrap().1.total
        };
        assert_eq!(units().await, 3);
        let unit = typed("wages", bureau, usci.as_str(), "", None);
        assert_eq!(refusal(named(&app, &county.neighbour, unit.clone()).await).code(), "not_found");
        assert_eq!(refusal(named(&app, &county.township, unit.clone()).await).code(), "not_found");
        let first = named(&app, &county.county, unit.clone()).await.unwrap();
        assert_eq!(units().await, 2);
        assert!(refusal(named(&app, &county.county, unit).await).says().contains("已有包保人"));
        let project = |name: &str, planned| typed("project_county", bureau, usci.as_str(), name, planned);
        named(&app, &county.county, project("二期扩建", Some(12_000))).await.unwrap();
        let small = named(&app, &county.county, project("设备更新", Some(600))).await;
        assert!(refusal(small).says().contains("所填的不在其中"));
        named(&app, &county.township, typed("sample", street, "", "黄店村 12 号记账户", None)).await.unwrap();

        let visit = async |cx: &mut youju_app::Cx<'_>| {
            sponsorship::visit(cx, first, april(2).date_naive(), "台账齐全,工资表与个税申报一致").await
        };
        act(&app, &county.county, visit).await.unwrap();
        let end = async |by: &Actor| {
            act(&app, by, async |cx| sponsorship::end(cx, first, april(2).date_naive(), "本人调离").await).await
        };
        assert_eq!(refusal(end(&county.township).await).code(), "access.forbidden");
        end(&county.county).await.unwrap();
        assert_eq!(units().await, 3, "nobody answers for it any more");

        // The unit and the person still tell who answered, from when to when.
        let (_, told) = look(&app, &own.clerk, async |cx| sponsorship::of_unit(cx, own.unit).await).await.unwrap();
        let over = told.iter().find(|(one, _)| one.one.id == first).unwrap();
        assert_eq!((over.1.as_str(), over.0.sponsor.as_str()), ("劳动工资业务包保", "周平"));
        assert_eq!((over.0.one.until, over.0.visited_on), (Some(april(2).date_naive()), Some(april(2).date_naive())));
        let sheet = look(&app, &county.city, async |cx| staff::get(cx, bureau).await).await.unwrap();
        assert_eq!(sheet.sponsorships.len(), 2);
        let stranger = &county.factories[1].clerk;
        let other = look(&app, stranger, async |cx| sponsorship::of_unit(cx, own.unit).await).await;
        assert_eq!(refusal(other).code(), "not_found");
        let listed = async |has_ended| {
            let filter = Filter { has_ended, ..Filter::default() };
            look(&app, &county.county, async |cx| sponsorship::list(cx, &filter, ALL).await).await.unwrap().0.total
        };
        assert_eq!([listed(false).await, listed(true).await], [2, 1]);
        verified(&app).await;
    });
}
