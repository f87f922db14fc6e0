//! 名录: a unit becomes known, is told as it was and why it owes nothing yet; what needs a case is refused with the way.

use youju_testkit::{County, on_both_engines};

use crate::browser::Browser;

const NEW: &str =
    "usci=91330781FAKE77001X&name=虚构毛纺厂&area=330781001001&industry=1721&phone=0579-88880001&since=2026-04-01";

/// The right check character is put in.
fn new() -> String {
    let usci = youju_codes::Usci::with_check("91330781FAKE77001").unwrap();
    NEW.replace("91330781FAKE77001X", usci.as_str())
}

#[test]
fn a_township_enters_a_unit_and_everybody_reads_its_history() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let town = Browser::of(&app, &county.township).await;
        let wrong = town.post("/units", NEW).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("校验码应为"), "{}", wrong.text);
        let entered = town.post("/units", &new()).await;
        let unit = entered.to().split('?').next().unwrap().to_owned();
        let page = town.get(&unit).await.text;
        for word in ["未纳入", "0579-88880001", "规模以上工业:年主营业务收入不低于 2000 万元", "还缺从业人员、营业收入"]
        {
            assert!(page.contains(word), "{word}");
        }
        assert!(!page.contains("登记变更"), "a township does not change it");
        let owed = town.get(&format!("{unit}/owed?day=2026-04-02")).await.text;
        assert!(
            owed.contains("应报 0 张") && owed.contains("2026-04-30 的纳入情况为“未纳入”(自 2026-04-01 起)"),
            "{owed}"
        );
        let officer = Browser::of(&app, &county.county).await;
        let form = officer.get(&format!("{unit}/change")).await.text;
        assert!(form.contains("name=\"revision\" value=\"0\""));
        let changed =
            officer.post(&format!("{unit}/change"), "revision=0&employees=300&revenue=30,000&since=2026-04-02").await;
        assert_eq!(changed.status, 303, "{}", changed.text);
        assert!(officer.get(&unit).await.text.contains("中型"), "the size class is computed");
        // Somebody else's page is old now; what needs a case names the way.
        assert_eq!(
            officer.post(&format!("{unit}/change"), "revision=0&employees=3&since=2026-04-02").await.status,
            409
        );
        let name = officer.post(&format!("{unit}/change"), "revision=1&name=别的&since=2026-04-02").await;
        assert!(name.text.contains("要经过审核,请在“事项”中提出"));
        let then = officer.get(&format!("{unit}/history?on=2026-04-01")).await.text;
        assert!(then.contains("2026-04-01 的情况") && then.contains("共 2 条"));
        assert!(officer.get(&format!("{unit}/history?on=2026-03-31")).await.text.contains("这一天还不在名录库中"));
    });
}

#[test]
fn a_county_writes_down_a_merger_and_a_split() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let officer = Browser::of(&app, &county.county).await;
        let [gone, stays] = [0, 1].map(|number| county.factories[number].unit);
        let code = {
            let page = officer.get(&format!("/units/{gone}")).await.text;
            let at = page.find("统一社会信用代码 ").unwrap() + "统一社会信用代码 ".len();
            page[at..at + 18].to_owned()
        };
        let merge = |code: &str| format!("merged={code}&since=2026-04-02&document=合并协议");
        let nobody = officer.post(&format!("/units/{stays}/merge"), &merge("91330100799655058B")).await;
        assert!(nobody.text.contains("名录库中没有统一社会信用代码为 91330100799655058B 的单位"));
        assert_eq!(officer.post(&format!("/units/{stays}/merge"), &merge(&code)).await.status, 303);
        let page = officer.get(&format!("/units/{stays}")).await.text;
        assert!(page.contains("并入本单位") && page.contains(&code));
        assert!(officer.get(&format!("/units/{gone}")).await.text.contains("并入"));
        let usci = youju_codes::Usci::with_check("91330781FAKE77001").unwrap();
        let one = format!("usci1={usci}&name1=虚构毛纺厂&area1=330781001001&industry1=1721");
        let split = officer
            .post(&format!("/units/{stays}/split"), &format!("{one}&goes_on=yes&since=2026-04-02&document=分立决议"))
            .await;
        assert_eq!(split.status, 303, "{}", split.text);
        assert!(officer.get(&format!("/units/{stays}")).await.text.contains("由本单位分立"));
    });
}
