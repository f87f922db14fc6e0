//! Check lists on pages: a unit sees what it owes, the county writes its list and hands it in, the city reads it.

use youju_testkit::{County, Factory, april, on_both_engines};

use crate::browser::{Browser, Page};

/// The value of a hidden field.
fn hidden<'p>(page: &'p Page, name: &str) -> &'p str {
    let mark = format!("type=\"hidden\" name=\"{name}\" value=\"");
    page.text.split(mark.as_str()).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

fn form(pairs: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(pairs).unwrap()
}

#[test]
fn a_unit_sees_what_it_owes_today_and_where_to_put_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let window = county.open_projects().await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let report = county.hand_in_projects(0, &[("P-1", "二期厂房", "1,500"), ("P-2", "冷链物流园", "3,200")]).await;
        let browser = Browser::of(&app, clerk).await;
        let page = browser.get(&format!("/reports/{report}")).await.text;
        for words in [
            "支撑材料:应有 2 项,还缺 2 项",
            "今天应提供",
            "重点审核:本月完成投资 3,200 万元 ≥ 2,000 万元",
            "节假日不顺延",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let place = format!("/units/{unit}/ledger?period=2026-03&amp;proves=report%3A{report}%3Ax.2.B140#attachments");
        assert!(page.contains(&place), "{page}");
        let inbox = browser.get("/inbox").await.text;
        assert!(inbox.contains("支撑材料待提供") && inbox.contains("缺 2 项:二期厂房、冷链物流园"), "{inbox}");
        // The place is chosen in the form that the link leads to.
        let ledger = browser.get(&place.replace("&amp;", "&").replace("#attachments", "")).await.text;
        let wanted = format!("report:{report}:x.2.B140");
        assert!(ledger.contains(&wanted), "{ledger}");
        let parts: [(&str, Option<&str>, &[u8]); 2] =
            [("file", Some("监理月报.pdf"), b"%PDF-1.7"), ("proves", None, wanted.as_bytes())];
        let sent = browser.parts(&format!("/units/{unit}/attachments?period=2026-03"), &parts).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        assert!(browser.get("/inbox").await.text.contains("缺 1 项:二期厂房"));

        let officer = Browser::of(&app, &county.county).await;
        let review = format!("/windows/{window}/review");
        let listed = officer.get(&review).await.text;
        assert!(listed.contains("今天应提供 1") && listed.contains(&county.factories[0].name), "{listed}");
        let none = officer.get(&format!("{review}?evidence=overdue")).await.text;
        assert!(none.contains("没有这样的报表"), "{none}");
        let seen = officer.get(&format!("/reports/{report}")).await.text;
        assert!(seen.contains("还缺 1 项") && !seen.contains("添加材料"), "{seen}");
        assert!(
            seen.contains("加入核实清单") && seen.contains("/check-lists/330781/2026-04-02?unit=91330781"),
            "{seen}"
        );
        app.world().set(april(3));
        let officer = Browser::of(&app, &county.county).await;
        let late = officer.get(&format!("{review}?evidence=overdue")).await.text;
        assert!(late.contains(&county.factories[0].name) && late.contains("逾期未提供"), "{late}");
    });
}

#[test]
fn the_county_writes_the_list_of_the_day_and_the_city_reads_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let window = county.open_projects().await;
        county.hand_in_projects(0, &[("P-1", "二期厂房", "1,500"), ("P-2", "冷链物流园", "3,200")]).await;
        let officer = Browser::of(&app, &county.county).await;
        let own = format!("/windows/{window}/check-lists/330781/2026-04-02");
        let inbox = officer.get("/inbox").await.text;
        assert!(inbox.contains("核实清单待上报") && inbox.contains(&own), "{inbox}");
        assert!(
            officer.get(&format!("/windows/{window}")).await.text.contains(&format!("/windows/{window}/check-lists"))
        );
        let page = officer.get(&own).await;
        for words in ["共 2 条", "支撑材料今天应提供", "还有 2 项没有记录", "按日历日逐日上报", "<caption>"]
        {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        // A line half filled is told, not guessed.
        let (first, second) = (hidden(&page, "subject.1").to_owned(), hidden(&page, "subject.2").to_owned());
        let half = [("subject.1", first.as_str()), ("data.1", "good"), ("papers.1", ""), ("measure.1", "")];
        let refused = officer.post(&format!("{own}/note"), &form(&half)).await;
        assert!(refused.status == 422 && refused.text.contains("都要选"), "{}", refused.text);
        let words = [
            ("page", "1"),
            ("subject.1", first.as_str()),
            ("data.1", ""),
            ("papers.1", ""),
            ("measure.1", ""),
            ("subject.2", second.as_str()),
            ("data.2", "doubt"),
            ("papers.2", "none"),
            ("measure.2", "请单位补充监理月报 <b>"),
        ];
        let noted = officer.post(&format!("{own}/note"), &form(&words)).await;
        assert_eq!((noted.status, noted.to()), (303, format!("{own}?page=1").as_str()), "{}", noted.text);
        let page = officer.get(&own).await;
        assert!(page.text.contains("还有 1 项没有记录") && page.text.contains("监理月报 &lt;b&gt;"), "{}", page.text);
        let name = county.factories[0].name.as_str();
        let added = [("unit", name), ("row", ""), ("reason", "实地走访听说已经停工")];
        assert_eq!(officer.post(&format!("{own}/add"), &form(&added)).await.status, 303);
        let seal = hidden(&officer.get(&own).await, "seal").to_owned();
        let bare = officer.post(&format!("{own}/hand-in"), &form(&[("seal", &seal)])).await;
        assert!(bare.status == 422 && bare.text.contains("还有 2 项没有记录"), "{}", bare.text);
        let left = [("seal", seal.as_str()), ("left", "单位联系人出差,明天现场核实")];
        assert_eq!(officer.post(&format!("{own}/hand-in"), &form(&left)).await.status, 303);
        let done = officer.get(&own).await.text;
        for words in ["已报", "不再改动", "未核实", "人工加入:实地走访听说已经停工", "补充上报"]
        {
            assert!(done.contains(words), "{words}: {done}");
        }
        assert!(!done.contains("name=\"data.1\""), "nothing can be typed any more");
        let rows = done.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap().split("<tr>").skip(1);
        assert!(rows.map(|row| row.matches("<td").count()).eq([7, 7, 7]), "as many cells as heads: {done}");

        let city = Browser::of(&app, &county.city).await;
        let all = city.get(&format!("/windows/{window}/check-lists")).await.text;
        for words in ["兰溪市", "未报", "3 项,数据存疑或有误 1,资料不全 1,未核实 2", "共 18 条", &own]
        {
            assert!(all.contains(words), "{words}: {all}");
        }
        assert!(city.get("/inbox").await.text.contains("县级未报的核实清单"));
        let read = city.get(&own).await.text;
        assert!(read.contains("请单位补充监理月报") && !read.contains("补充上报</button>"), "{read}");
        let csv = city.get(&format!("/windows/{window}/check-lists/csv")).await;
        assert!(csv.text.starts_with('\u{FEFF}') && csv.text.contains("冷链物流园"), "{}", csv.text);
    });
}

#[test]
fn a_day_without_anything_is_one_button_and_one_that_is_over_is_late() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let window = county.open_projects().await;
        county.hand_in_projects(0, &[("P-2", "冷链物流园", "3,200")]).await;
        app.world().set(april(3));
        let officer = Browser::of(&app, &county.county).await;
        let day = |day: &str| format!("/windows/{window}/check-lists/330781/2026-04-{day}");
        // The report came on the 2nd: it is no matter of the 1st, and still one of the 3rd.
        assert!(officer.get(&day("03")).await.text.contains("逾期未提供"));
        let page = officer.get(&day("01")).await;
        assert!(page.text.contains("上报“当日无重点项目”"), "{}", page.text);
        let seal = hidden(&page, "seal").to_owned();
        let handed = officer.post(&format!("{}/hand-in", day("01")), &form(&[("seal", &seal)])).await;
        assert_eq!((handed.status, handed.to()), (303, day("01").as_str()), "{}", handed.text);
        assert!(officer.get(&day("01")).await.text.contains("迟报"));
        let carried = officer.post(&format!("{}/carry", day("03")), "").await;
        assert_eq!((carried.status, carried.to()), (303, day("03").as_str()));
        assert!(officer.get(&day("02")).await.text.contains("未报"));
    });
}
