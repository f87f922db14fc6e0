//! 名录: lists are looked at, taken, and what stays out goes home; the search box answers by whatever somebody knows of a unit.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use youju_codes::Usci;
use youju_testkit::{County, on_both_engines};

use crate::browser::{Browser, Page};

fn code(number: u32) -> String {
    Usci::with_check(&format!("91330781MAKE{number:05}")).unwrap().to_string()
}

fn list() -> String {
    let [a, b, c] = [1, 2, 3].map(code);
    format!(
        "信用代码,企业名称,行业代码,地址\n{a},兰溪市永进纺织有限公司,1721,兰溪市兰江街道振兴路15号\n\
         {b},兰溪市永顺纺织有限公司,,兰溪市兰江街道振兴路16号\n{c}9,兰溪市错码纺织有限公司,1721,兰溪市兰江街道\n"
    )
}

async fn sent(browser: &Browser, to: &str, industry: &str) -> Page {
    send(browser, to, &list(), &[("industry", industry)]).await
}

async fn send(browser: &Browser, to: &str, list: &str, said: &[(&str, &str)]) -> Page {
    let kept = STANDARD.encode(list);
    let always = [("since", "2026-04-01"), ("name", "名单.csv"), ("kept", &kept)];
    let parts = always.iter().chain(said).map(|(name, value)| (*name, None, value.as_bytes()));
    browser.parts(to, &parts.collect::<Vec<_>>()).await
}

#[test]
fn a_list_is_looked_at_taken_and_what_stays_out_goes_home() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let officer = Browser::of(&app, &county.county).await;
        assert!(officer.get("/units").await.text.contains("导入名单"));
        let look = sent(&officer, "/units/import", "").await;
        assert_eq!(look.status, 200, "{}", look.text);
        for words in [
            "共 3 行:可以入库 1 行,内容不全 1 行,有误 1 行。其中 1 行的乡镇(街道)是从地址看出的。",
            "“信用代码”列",
            "没有行业代码",
            "没有入库的行 2 行",
        ] {
            assert!(look.text.contains(words), "{words}: {}", look.text);
        }
        assert!(officer.get("/units?search=永进").await.text.contains("没有找到单位"), "a look takes nothing");
        let taken = sent(&officer, "/units/import/take", "").await;
        assert!(taken.text.contains("共 3 行:已入库 1 行"), "{}", taken.text);
        let left = sent(&officer, "/units/import/left", "").await;
        assert_eq!(left.status, 200);
        assert!(left.text.contains("没有行业代码") && !left.text.contains("永进"), "{}", left.text);
        // It bears the line that says who took it, which is no row when it comes home.
        assert!(left.text.contains("依法保密,不得外传"), "{}", left.text);
        let kept = STANDARD.encode(left.text.trim_start_matches('\u{feff}'));
        let parts: [(&str, Option<&str>, &[u8]); 4] = [
            ("since", None, b"2026-04-01"),
            ("industry", None, b"1721"),
            ("name", None, "名单.未入库.csv".as_bytes()),
            ("kept", None, kept.as_bytes()),
        ];
        let home = officer.parts("/units/import", &parts).await.text;
        assert!(home.contains("共 2 行:可以入库 1 行,有误 1 行"), "{home}");
        // Once more, with what the list does not say: the first is known, the second goes in.
        let taken = sent(&officer, "/units/import/take", "1721").await;
        assert!(taken.text.contains("已入库 1 行,已在库、没有变化 1 行,有误 1 行"), "{}", taken.text);
        let neighbour = Browser::of(&app, &county.neighbour).await;
        let look = sent(&neighbour, "/units/import", "1721").await;
        assert!(look.text.contains("不在本辖区") && look.text.contains("可以入库 0 行"), "{}", look.text);
        // A row that claims the code of a unit elsewhere hears nothing of it.
        let guess = format!("信用代码,企业名称,区划代码\n{},东阳市永进纺织有限公司,330783001000\n", code(1));
        let look = send(&neighbour, "/units/import", &guess, &[("industry", "1721")]).await;
        assert!(look.text.contains("不在您的管理范围内") && !look.text.contains("名录库为"), "{}", look.text);
    });
}

#[test]
fn a_list_changes_units_that_are_known_but_not_who_a_reporting_unit_is() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let officer = Browser::of(&app, &county.county).await;
        assert!(sent(&officer, "/units/import/take", "1721").await.text.contains("已入库 2 行"));
        let reporting = Usci::with_check("91330781FAKE00000").unwrap();
        let news = |name: &str| {
            let known = code(1);
            format!(
                "信用代码,企业名称,联系电话\n{known},兰溪市永进织造有限公司,0579-88001122\n{reporting},{name},0579-88003344\n"
            )
        };
        let named = news("虚构改名食品厂");
        let without = send(&officer, "/units/import", &named, &[]).await;
        assert!(
            without.text.contains("已在库、与名单不同 2 行") && without.text.contains("没有变更"),
            "{}",
            without.text
        );
        assert!(!without.text.contains("/units/import/take"), "nothing to take");

        let update = [("update", "yes")];
        let look = send(&officer, "/units/import", &named, &update).await;
        for words in [
            "已在库、可以变更 1 行,已在库、与名单不同 1 行",
            "变更 1 家单位",
            "名录库为“兰溪市永进纺织有限公司”,名单为“兰溪市永进织造有限公司”",
            "单位正在报送,“单位详细名称”的变更要经过审核,请在“事项”中提出",
        ] {
            assert!(look.text.contains(words), "{words}: {}", look.text);
        }
        assert!(officer.get("/units?search=织造").await.text.contains("没有找到单位"), "a look changes nothing");
        let taken = send(&officer, "/units/import/take", &named, &update).await;
        assert!(taken.text.contains("已在库、已变更 1 行,已在库、与名单不同 1 行"), "{}", taken.text);
        assert!(officer.get("/units?search=织造").await.text.contains("兰溪市永进织造有限公司"));
        assert!(officer.get("/units?search=虚构改名").await.text.contains("没有找到单位"));

        // What nobody relies on changes for a reporting unit, too.
        let taken = send(&officer, "/units/import/take", &news("虚构第000号食品厂"), &update).await;
        assert!(taken.text.contains("已在库、已变更 1 行,已在库、没有变化 1 行"), "{}", taken.text);
        let unit = officer.get(&format!("/units/{}", county.factories[0].unit)).await;
        assert!(unit.text.contains("0579-88003344"), "{}", unit.text);
    });
}

#[test]
fn the_search_box_answers_by_pinyin_code_and_address_and_says_what_it_cannot_look_for() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let officer = Browser::of(&app, &county.county).await;
        sent(&officer, "/units/import/take", "1721").await;
        for typed in ["yjfz", "YongJin", "91330781MAKE00001", "振兴路15", "永进　纺织", "MAKE00001"] {
            let page = officer.get(&format!("/units?search={typed}")).await;
            assert!(page.text.contains("兰溪市永进纺织有限公司"), "{typed}: {}", page.text);
        }
        for typed in ["%25", "_", "🏭", "永顺+15号"] {
            assert!(officer.get(&format!("/units?search={typed}")).await.text.contains("没有找到单位"), "{typed}");
        }
        let long = officer.get(&format!("/units?search={}", "厂".repeat(201))).await;
        assert_eq!(long.status, 422);
        assert!(long.text.contains("最多 200 个字,现有 201 个"), "{}", long.text);
        let clerk = Browser::of(&app, &county.factories[0].clerk).await;
        assert!(clerk.get("/units?search=yjfz").await.text.contains("没有找到单位"));
    });
}
