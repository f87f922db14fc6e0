//! 部门数据 through the pages: chosen, looked at, taken; beside the report and in the window; and never before a unit's eyes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use youju_app::App;
use youju_domain::report::State;
use youju_testkit::{County, new_unit, on_both_engines, on_sqlite};

use crate::browser::{Browser, Page};

fn code(factory: usize) -> String {
    new_unit(factory, "330781001000", "1411").usci.as_str().to_owned()
}

/// What the tax department says: the first factory far less than it reports, the second what it reports, and one stranger.
fn tax() -> String {
    format!(
        "纳税人识别号,纳税人名称,申报销售额(万元)\n{},虚构第000号食品厂,5000.25\n{},改了名的厂,12000\n91330783FAKE00000X,外地某厂,3\n",
        code(0),
        code(1)
    )
}

const ORIGIN: &str = "市税务局 4 月 10 日提供";

async fn chosen(browser: &Browser, content: &str) -> Page {
    let parts: [(&str, Option<&str>, &[u8]); 4] = [
        ("item", None, b"vat_sales"),
        ("period", None, b"2026-03"),
        ("origin", None, ORIGIN.as_bytes()),
        ("file", Some("三月申报.csv"), content.as_bytes()),
    ];
    browser.parts("/outside/table", &parts).await
}

async fn confirmed(browser: &Browser, content: &str, shown: &str) -> Page {
    let kept = STANDARD.encode(content);
    let parts: [(&str, Option<&str>, &[u8]); 6] = [
        ("item", None, b"vat_sales"),
        ("period", None, b"2026-03"),
        ("origin", None, ORIGIN.as_bytes()),
        ("name", None, "三月申报.csv".as_bytes()),
        ("shown", None, shown.as_bytes()),
        ("kept", None, kept.as_bytes()),
    ];
    browser.parts("/outside/table/take", &parts).await
}

/// The county imports [`tax`]; the address of the import.
pub async fn imported(app: &App, county: &County) -> String {
    let page = confirmed(&Browser::of(app, &county.county).await, &tax(), "2").await;
    assert!(page.to().starts_with("/outside/"), "{} {}", page.status, page.text);
    page.to().to_owned()
}

#[test]
fn a_table_is_looked_at_row_by_row_then_taken_and_stands_beside_the_report() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (first, second) = (county.bring(0, State::Submitted).await, county.bring(1, State::Submitted).await);
        let officer = Browser::of(&app, &county.county).await;
        assert!(officer.get("/outside").await.text.contains("还没有部门数据"));
        let form = officer.get("/outside/table").await.text;
        assert!(form.contains("税务 · 增值税申报销售额(本年累计)(元)") && form.contains("电力 · 用电量"), "{form}");
        let look = chosen(&officer, &tax()).await;
        assert_eq!(look.status, 200, "{}", look.text);
        for words in [
            "共 3 行:2 行可以导入,1 行不导入,0 行有错。",
            "导入 2 家单位的数据",
            "万元(表里写明)",
            "“申报销售额(万元)”列",
            "2026年1—3月",
            "名称不同",
            "不导入的行 1 行",
        ] {
            assert!(look.text.contains(words), "{words}: {}", look.text);
        }
        let taken = confirmed(&officer, &tax(), "2").await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        let import = officer.get(taken.to()).await.text;
        assert!(
            import.contains(ORIGIN) && import.contains("SHA-256") && import.contains("91330783FAKE00000X"),
            "{import}"
        );
        assert!(!import.contains("5000.25"), "no figure of a left row is kept: {import}");

        let report = officer.get(&format!("/reports/{first}")).await.text;
        for words in ["台账与部门数据对照", "50,002.5", "69,997.5", "差异大", "部门数为填报数的 90%–110%", ORIGIN]
        {
            assert!(report.contains(words), "{words}: {report}");
        }
        let within = officer.get(&format!("/reports/{second}")).await.text;
        assert!(within.contains("容许范围内"), "{within}");

        let list = officer.get(&format!("/windows/{}/outside", county.window)).await.text;
        let place = |name: &str| list.find(name).unwrap_or(usize::MAX);
        assert!(place(&county.factories[0].name) < place(&county.factories[1].name), "the largest difference first");
        assert!(list.contains("共 2 条") && list.contains("/outside/csv?of=vat_sales%2Fc301"), "{list}");
        let csv = officer.get(&format!("/windows/{}/outside/csv", county.window)).await;
        assert!(csv.text.starts_with('\u{feff}') && csv.text.contains(",69997.5,差异大"), "{}", csv.text);

        let order = officer.get(&format!("/windows/{}/review", county.window)).await.text;
        assert!(order.contains("只看与部门数据差异大的 1 份") && order.contains(&county.factories[1].name), "{order}");
        let far = officer.get(&format!("/windows/{}/review?only=outside", county.window)).await.text;
        assert!(far.contains("只列与部门数据差异大的 1 份") && far.contains("共 1 条"), "{far}");
        assert!(!far.contains(&county.factories[1].name), "{far}");

        let again = chosen(&officer, &tax()).await.text;
        assert!(again.contains("导入后本辖区单位以这一次的为准"), "{again}");
        confirmed(&officer, &tax(), "2").await;
        let imports = officer.get("/outside").await.text;
        assert!(imports.contains("共 2 条") && imports.contains("现行") && imports.contains("已被替代"), "{imports}");
    });
}

#[test]
fn a_table_with_a_wrong_row_has_no_button_and_cannot_be_taken_all_the_same() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let officer = Browser::of(&app, &county.county).await;
        let twice = format!("{}{},再来一次,3\n", tax(), code(0));
        let look = chosen(&officer, &twice).await.text;
        assert!(
            look.contains("整表不能导入") && look.contains("与第 2 行是同一单位") && !look.contains("家单位的数据"),
            "{look}"
        );
        for (content, shown) in [(twice.as_str(), "2"), (tax().as_str(), "3"), (tax().as_str(), "x"), ("", "0")] {
            let taken = confirmed(&officer, content, shown).await;
            assert!([409, 422].contains(&taken.status) && taken.is_page(), "{} {}", taken.status, taken.text);
        }
        let nothing =
            chosen(&officer, "纳税人识别号,纳税人名称,申报销售额\n91330783FAKE00000X,外地某厂,3\n").await.text;
        assert!(nothing.contains("没有一行是本辖区名录库中的单位"), "{nothing}");
        assert!(officer.get("/outside").await.text.contains("还没有部门数据"));
    });
}

#[test]
fn no_page_of_a_unit_or_a_township_shows_what_a_department_says() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        imported(&app, &county).await;
        let officer = Browser::of(&app, &county.county).await;
        assert!(officer.get(&format!("/reports/{id}")).await.text.contains("50,002.5"));
        let (unit, window) = (county.factories[0].unit, county.window);
        let own = [
            format!("/reports/{id}"),
            format!("/reports/{id}/history"),
            format!("/reports/{id}/cells/c301"),
            format!("/reports/{id}/cells/c301/hands"),
            format!("/reports/{id}/paper"),
            format!("/units/{unit}/ledger?period=2026-03"),
            format!("/units/{unit}/compliance"),
            format!("/windows/{window}/review"),
            format!("/windows/{window}/review?only=outside"),
            format!("/windows/{window}"),
            "/inbox".to_owned(),
            "/messages".to_owned(),
        ];
        for actor in [&county.factories[0].clerk, &county.factories[0].head, &county.township] {
            let browser = Browser::of(&app, actor).await;
            for address in &own {
                let text = browser.get(address).await.text;
                for words in ["50,002.5", "69,997.5", "部门数据差异", "台账与部门数据", "outside.viewed", ORIGIN]
                {
                    assert!(!text.contains(words), "{} {address}: {words}", actor.name);
                }
            }
        }
    });
}
