//! 新入库辅导 by links and forms alone, and every address of it for everybody.

use youju_domain::access::Actor;
use youju_domain::register::Listing;
use youju_testkit::{County, april, known_unit, list_unit, newcomer, on_sqlite};

use crate::browser::Browser;

#[test]
fn every_address_of_an_onboarding_answers_whom_it_concerns() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let unit = known_unit(&app, &county.county, 88_001, april(1).date_naive(), &[]).await;
        list_unit(&app, unit, Listing::Above, april(2).date_naive()).await;
        let clerk = newcomer(&county, "tb900", &Actor { unit: Some(unit), ..county.factories[0].clerk.clone() }).await;
        let (officer, own) = (Browser::of(&app, &county.township).await, Browser::of(&app, &clerk).await);
        let page = format!("/units/{unit}/onboarding");
        assert!(officer.get("/onboarding").await.text.contains(&page));
        let sheet = officer.get(&page).await.text;
        assert!(sheet.contains("一次上门走访辅导") && sheet.contains("通行的缺省设置"), "{sheet}");
        let visit = format!("{page}/items/visit/note");
        let parts: [(&str, Option<&str>, &[u8]); 2] = [("note", None, "看了车间".as_bytes()), ("done_on", None, b"")];
        let strike = "reason=%E7%99%BB%E9%94%99%E4%BA%86%E5%8D%95%E4%BD%8D";

        for other in [&county.factories[0].clerk, &county.factories[1].head, &county.neighbour, &county.admin] {
            let browser = Browser::of(&app, other).await;
            for path in [page.clone(), format!("/units/{unit}/service-pack"), format!("/units/{unit}/service-pack/zip")]
            {
                assert_eq!(browser.get(&path).await.status, 404, "{} {path}", other.name);
            }
            assert_eq!(browser.post(&format!("{page}/confirm"), "").await.status, 404, "{}", other.name);
            assert_eq!(browser.parts(&visit, &parts).await.status, 404, "{}", other.name);
            assert_eq!(browser.post(&format!("{page}/items/visit/strike"), strike).await.status, 404, "{}", other.name);
            assert_eq!(browser.get(&format!("{page}/files/00")).await.status, 404, "{}", other.name);
        }
        assert_eq!(own.parts(&visit, &parts).await.status, 403, "nobody notes for an office");
        assert_eq!(officer.post(&format!("{page}/confirm"), "").await.status, 403, "nobody confirms for the unit");
        assert_eq!(officer.parts(&visit, &parts).await.status, 303);
        assert_eq!(officer.post(&format!("{page}/items/visit/strike"), strike).await.status, 303);
        let pack = own.get(&format!("/units/{unit}/service-pack")).await.text;
        assert!(pack.contains("致企业的一封信") && pack.contains("统计法律事务告知书"), "{pack}");
        assert!(own.get(&page).await.text.contains("确认收到服务包"));
        assert_eq!(own.post(&format!("{page}/confirm"), "").await.status, 303);
        let sheet = officer.get(&page).await.text;
        assert!(sheet.contains("(单位确认)") && sheet.contains("登错了单位"), "{sheet}");
        for back in ["confirm", "items/visit/note", "items/visit/strike"] {
            assert_eq!(officer.get(&format!("{page}/{back}")).await.to(), page);
        }
        for (path, expected) in [
            ("/onboarding?from=x", 422),
            ("/onboarding/bulletin?month=x", 422),
            ("/onboarding/bulletin?month=2099-01", 422),
            ("/onboarding/first-reports/csv?verdict=due", 200),
        ] {
            assert_eq!(officer.get(path).await.status, expected, "{path}");
        }
        let bulletin = officer.get("/onboarding/bulletin?month=2026-04").await.text;
        assert!(bulletin.contains("辅导服务情况通报") && bulletin.contains("sort=owed"), "{bulletin}");
        // Each figure of an item leads to its units: those with whom it is done, overdue, and not due yet.
        let links = bulletin.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let items: Vec<String> =
            links.filter(|link| link.contains("stands=")).map(|link| link.replace("&amp;", "&")).collect();
        assert!(!items.is_empty(), "{bulletin}");
        for link in &items {
            let list = officer.get(link).await.text;
            assert!(list.contains("只列“") && list.contains("虚构第88001号商行"), "{link}: {list}");
        }
        let inbox = officer.get("/inbox").await.text;
        assert!(inbox.contains("新入库辅导") && inbox.contains("纳入,待办:"), "{inbox}");
        let csv = officer.get("/onboarding/bulletin/csv?month=2026-04").await.text;
        assert!(csv.contains("兰江街道"), "{csv}");
    });
}

/// What of an area each of the eight is answered: clerk, head, another unit's clerk, township, county, city, neighbour, administrator.
const ROWS: &[(&str, [u16; 8])] = &[
    ("/onboarding", [404, 404, 404, 200, 200, 200, 200, 404]),
    ("/onboarding?area=330781001&sort=overdue&item=x&stands=lacking&page=2", [404, 404, 404, 200, 200, 200, 404, 404]),
    ("/onboarding/bulletin", [404, 404, 404, 200, 200, 200, 200, 404]),
    ("/onboarding/bulletin?month=2099-01", [404, 404, 404, 422, 422, 422, 422, 404]),
    ("/onboarding/bulletin/csv?month=2026-03&area=330781001", [404, 404, 404, 200, 200, 200, 404, 404]),
    ("/onboarding/first-reports?verdict=clean", [404, 404, 404, 200, 200, 200, 200, 404]),
    ("/onboarding/first-reports/csv?verdict=clean", [404, 404, 404, 200, 200, 200, 200, 404]),
    ("/sampling-frames", [404, 404, 404, 403, 200, 200, 200, 404]),
    ("/sampling-frames/new", [404, 404, 404, 403, 200, 200, 200, 404]),
    ("/sampling-frames/new?name=x&purpose=y&on=2026-04-01&area=330781", [404, 404, 404, 403, 200, 200, 404, 404]),
    ("/sampling-frames/new?name=x&purpose=y&on=x", [404, 404, 404, 403, 422, 422, 422, 404]),
    ("/sampling-frames/verify", [404, 404, 404, 200, 200, 200, 200, 404]),
];

#[test]
fn what_an_area_has_is_shown_to_its_officers_alone() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let browsers = crate::matrix::browsers(&app, &county).await;
        for (path, expected) in ROWS {
            for ((who, browser), expected) in browsers.iter().zip(expected) {
                assert_eq!(browser.get(path).await.status, *expected, "{who} {path}");
            }
        }
    });
}
