//! 抽样框 by links and forms alone, and every address of it for everybody.

use youju_app::{App, sampling_frame};
use youju_domain::sampling_frame::{Bounds, Definition};
use youju_testkit::{County, april, known_unit, on_sqlite};

use crate::browser::Browser;

/// A frame that the server reads beside the pages, before it is one.
async fn how_far_a_large_one_is(app: &App, county: &County) {
    let definition = Definition {
        name: "全市大抽样框".into(),
        purpose: "交省局".into(),
        area: county.county.area,
        industries: vec!["14".into()],
        listings: Vec::new(),
        kinds: Vec::new(),
        employees: Bounds::default(),
        revenue: Bounds::default(),
        with_unknown: true,
        on: april(2).date_naive(),
    };
    let ask = async |cx: &mut youju_app::Cx<'_>| sampling_frame::ask(cx, definition).await;
    let id = app.write(Some(county.county.clone()), ask).await.unwrap();
    let path = format!("/sampling-frames/{id}");
    let officer = Browser::of(app, &county.county).await;
    let list = officer.get("/sampling-frames").await.text;
    assert!(list.contains("没有完成的冻结") && list.contains(&path), "{list}");
    let page = officer.get(&path).await.text;
    assert!(page.contains("等待服务器开始") && page.contains("刷新") && page.contains("等待冻结"), "{page}");
    assert_eq!(Browser::of(app, &county.neighbour).await.get(&path).await.status, 404);
    sampling_frame::work(app, "w").await.unwrap();
    let page = officer.get(&path).await.text;
    assert!(page.contains("SHA-256(UTF-8)"), "{page}");
    assert!(!officer.get("/sampling-frames").await.text.contains("没有完成的冻结"));
}

#[test]
fn every_address_of_a_frame_answers_whom_it_concerns() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        known_unit(&app, &county.county, 77_001, april(1).date_naive(), &[]).await;
        let officer = Browser::of(&app, &county.county).await;
        let wanted =
            "name=x&purpose=y&area=330781&industries=14&on=2026-04-02&staff_least=&unknown=yes&listing=outside";
        let preview = officer.get(&format!("/sampling-frames/new?{wanted}")).await.text;
        assert!(
            preview.contains("共 1 个单位,分 1 层") && preview.contains("action=\"/sampling-frames\""),
            "{preview}"
        );
        let frozen = officer.post("/sampling-frames", wanted).await;
        assert_eq!(frozen.status, 303, "{}", frozen.text);
        let one = frozen.to().to_owned();
        let second = officer.post("/sampling-frames", wanted).await.to().to_owned();
        let id = one.rsplit('/').next().unwrap();
        let pages = [
            one.clone(),
            format!("{one}/file?encoding=utf8"),
            format!("{one}/file?encoding=gbk"),
            format!("{second}/compare?with={id}"),
            format!("{second}/compare/csv?with={id}"),
        ];
        for (who, expected) in [
            (&county.county, 200),
            (&county.city, 200),
            (&county.township, 404),
            (&county.neighbour, 404),
            (&county.admin, 404),
            (&county.factories[0].clerk, 404),
        ] {
            let browser = Browser::of(&app, who).await;
            for path in &pages {
                assert_eq!(browser.get(path).await.status, expected, "{} {path}", who.name);
            }
            let allowed = if expected == 200 {
                303
            } else if who.name == county.township.name {
                403
            } else {
                404
            };
            let wanted =
                if who.name == county.neighbour.name { wanted.to_owned() } else { wanted.replace("name=x", "name=z") };
            assert_eq!(browser.post("/sampling-frames", &wanted).await.status, allowed, "{}", who.name);
        }
        assert_eq!(officer.get(&format!("{one}/file?encoding=latin")).await.status, 422);
        how_far_a_large_one_is(&app, &county).await;
        let page = officer.get(&one).await.text;
        let hash = page.split("SHA-256(UTF-8)").nth(1).unwrap().split("code\">").nth(1).unwrap()[..64].to_owned();
        let verify = async |browser: &Browser, hash: &str| {
            browser.parts("/sampling-frames/verify", &[("file", Some(""), b""), ("hash", None, hash.as_bytes())]).await
        };
        assert!(verify(&officer, &hash).await.text.contains("是这里交付的抽样框"));
        assert!(verify(&officer, &"0".repeat(64)).await.text.contains("不是这里交付的抽样框"));
        assert_eq!(verify(&officer, "x").await.status, 422);
        let uploaded = officer.upload("/sampling-frames/verify", "a.csv", "单位标识\r\n").await;
        assert!(uploaded.text.contains("不是这里交付的抽样框"), "{}", uploaded.text);
        assert_eq!(verify(&Browser::of(&app, &county.township).await, &hash).await.status, 200);
        assert_eq!(verify(&Browser::of(&app, &county.factories[0].clerk).await, &hash).await.status, 404);
    });
}
