//! 数据质量评估 by links and forms alone: from the line above the totals to the feedback, and back.

use youju_domain::report::{Level, State};
use youju_testkit::{County, on_both_engines};

use crate::browser::{Browser, Page};

const TOTALS: &str = "/totals?of=B203/2026-03&level=county";
const NOT_FOR_USE: &str = "未经上级评估反馈,不得对外使用。";

/// `三月新增生产线一条` and more, as a form sends it.
const WORDS: &str = "%E4%B8%89%E6%9C%88%E6%96%B0%E5%A2%9E%E7%94%9F%E4%BA%A7%E7%BA%BF";

/// The page of a browser after a command, which must have been done.
async fn after(browser: &Browser, path: &str, form: &str) -> Page {
    let done = browser.post(path, form).await;
    assert_eq!(done.status, 303, "{path}: {}", done.text);
    browser.get(done.to()).await
}

#[test]
fn totals_say_in_the_first_line_whether_they_may_be_used() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (own, city) = (Browser::of(&app, &county.county).await, Browser::of(&app, &county.city).await);
        let township = Browser::of(&app, &county.township).await;
        let report = county.bring(0, State::Accepted(Level::County)).await;
        let parts = "/totals/parts?of=B203/2026-03&area=330781001&level=county&cell=c301";
        for browser in [&own, &township] {
            for path in [TOTALS, parts] {
                let page = browser.get(path).await.text;
                let (line, table) = (page.find(NOT_FOR_USE).unwrap(), page.find("<table").unwrap());
                assert!(line < table && page.contains("兰溪市数据:"), "the line stands above the figures: {path}");
            }
        }
        // The city's own totals have nobody above them here; its county is not assessed.
        let whole = city.get(TOTALS).await.text;
        assert!(whole.contains("金华市数据:本级数据由省级统计机构评估,而它不在本系统内"), "{whole}");
        assert!(whole.contains("兰溪市 未评估"));
        let undeclared = own.get("/totals?of=101-1/2026&level=county").await.text;
        assert!(undeclared.contains("本表没有制定评估办法,系统内没有评估记录。未经上级评估反馈,不得对外使用。"));

        // From the window to the list, and there the city begins.
        let window = city.get(&format!("/windows/{}", county.window)).await.text;
        assert!(window.contains("href=\"/assessments?form=B203&amp;period=2026-03\""), "{window}");
        assert!(own.get("/assessments").await.text.contains("由市级评估"));
        assert!(!township.get(TOTALS).await.text.contains("href=\"/assessments\""), "a township's list would be empty");
        assert!(!township.get(&format!("/windows/{}", county.window)).await.text.contains("/assessments"));
        assert!(city.get("/assessments").await.text.contains("开始评估"));
        let page = after(&city, "/assessments", "form=B203&period=2026-03&area=330781").await.text;
        for words in [
            "营业收入利润率",
            "0.1754",
            "缺数据",
            "205-1 电力:没有已验收的报表",
            "连续性",
            "本系统增加 8 项",
            "已验收 1 个单位",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let listed = city.get("/assessments?stage=assessing").await.text;
        let address = listed.split("href=\"/assessments/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let address = format!("/assessments/{address}");
        assert!(own.get(&address).await.text.contains("上级正在评估"));

        // From the assessment to the totals of that area, and not of the reader's own.
        let totals = "/totals?of=B203%2F2026-03&amp;by=township&amp;level=county&amp;area=330781";
        assert!(page.contains(totals), "{page}");
        let narrowed = city.get(&totals.replace("&amp;", "&")).await.text;
        assert!(narrowed.contains("金华市 › 兰溪市 · ") && narrowed.contains("兰溪市数据:上级正在评估"), "{narrowed}");

        // It feeds back, and asks for words.
        let act = |act: &str| format!("{address}/{act}");
        assert_eq!(city.post(&act("feed-back"), "overall=explain&text=").await.status, 422);
        after(&city, &act("feed-back"), &format!("overall=explain&text={WORDS}")).await;
        let inbox = own.get("/inbox").await.text;
        assert!(inbox.contains(&format!("href=\"{address}\"")) && inbox.contains("请核实后答复"), "{inbox}");
        let banner = own.get(TOTALS).await.text;
        assert!(banner.contains("市级统计人员 shi反馈:认可但需说明") && banner.contains("说明尚未答复"), "{banner}");
        after(&own, &act("answer"), &format!("text={WORDS}")).await;
        let closed = after(&city, &act("close"), "text=").await.text;
        assert!(closed.contains("已办结") && closed.contains("反馈时的数"));
        assert!(!own.get(TOTALS).await.text.contains("不得对外使用"));
        let other = own.get("/totals?of=B203/2026-03&level=city").await.text;
        let says = "本口径(市级已验收)不是评估所依据的口径(县级已验收),不得对外使用。";
        assert!(other.contains(says) && other.contains("notice error"), "{other}");

        // A report goes back: the line is there again, and the way on.
        let reason = "reason=%E8%90%A5%E4%B8%9A%E6%94%B6%E5%85%A5%E6%9C%89%E8%AF%AF";
        after(&own, &format!("/reports/{report}/return"), reason).await;
        let banner = own.get(TOTALS).await.text;
        assert!(banner.contains("评估后数据有变动") && banner.contains("上级重新确认前不得对外使用"), "{banner}");
        assert!(city.get("/inbox").await.text.contains("请重新评估"));
        let again = after(&city, &act("reassess"), &format!("text={WORDS}")).await.text;
        assert!(again.contains("第 2 轮") && again.contains("没有已验收的报表"));
        assert!(own.get(&address).await.text.contains("上一轮反馈时的数"), "these figures are not those of now");
    });
}
