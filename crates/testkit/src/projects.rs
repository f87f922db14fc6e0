//! Investment projects in a story: a window of form 206-1, and reports with one row per project.

use youju_app::report::Typed;
use youju_app::survey::{self, NewWindow};
use youju_app::{App, report};
use youju_codes::Period;
use youju_domain::finding::Standing;
use youju_domain::id::{ReportId, WindowId};
use youju_domain::report::{CellId, value_of};

use crate::county::{County, Factory, new_window};

/// A project as a story tells it: code, name, and what was invested in the month, in 万元.
pub type Project<'a> = (&'a str, &'a str, &'a str);

impl County {
    /// Opens a window of form 206-1 for March 2026, from 1 to 18 April.
    pub async fn open_projects(&self) -> WindowId {
        let new = NewWindow { form: "206-1".to_owned(), ..new_window("330781", "2026-03") };
        let opened = self.app.write(Some(self.county.clone()), async |cx| survey::open(cx, new).await).await;
        opened.unwrap().window
    }

    /// The report of a factory's projects.
    pub async fn projects_of(&self, factory: usize) -> ReportId {
        let Factory { clerk, unit, .. } = self.factories.get(factory).unwrap();
        let period = Period::parse("2026-03").unwrap();
        let listed = self.app.read(Some(clerk.clone()), async |cx| report::of_unit_and_period(cx, *unit, period).await);
        listed.await.unwrap().iter().find(|report| report.form == "206-1").unwrap().id
    }

    /// A factory fills in its projects, explains what has to be explained, signs and hands in.
    pub async fn hand_in_projects(&self, factory: usize, projects: &[Project<'_>]) -> ReportId {
        let Factory { clerk, head, .. } = self.factories.get(factory).unwrap().clone();
        let (app, id) = (&self.app, self.projects_of(factory).await);
        let open = app.read(Some(clerk.clone()), async |cx| report::open(cx, id).await).await.unwrap();
        let was = |cell: &str| value_of(&open.report.cells, &CellId::new(cell)).print();
        let rows = (1..).zip(projects).flat_map(|(number, project)| row(number, project));
        let typed: Vec<Typed> = rows
            .map(|(cell, value)| Typed { was: was(&cell), cell, value, reason: None })
            .filter(|typed| typed.was != typed.value)
            .collect();
        let saved = app.write(Some(clerk.clone()), async |cx| report::save(cx, id, &typed).await).await.unwrap();
        assert!(saved.refused.is_empty(), "{:?}", saved.refused);
        for answered in &saved.findings {
            if answered.standing(saved.open.unit.may_explain) == Standing::MustExplain {
                explain(app, &clerk, id, &answered.finding.key()).await;
            }
        }
        app.write(Some(clerk.clone()), async |cx| report::sign(cx, id).await).await.unwrap();
        app.write(Some(head), async |cx| report::authorise(cx, id).await).await.unwrap();
        app.write(Some(clerk), async |cx| report::submit(cx, id).await).await.unwrap();
        id
    }
}

async fn explain(app: &App, clerk: &youju_domain::access::Actor, id: ReportId, key: &str) {
    let text = "本月集中安装设备,进度款按监理月报支付";
    app.write(Some(clerk.clone()), async |cx| report::explain(cx, id, key, text).await).await.unwrap();
}

/// A plausible row.
fn row(number: u32, (code, name, invested): &Project<'_>) -> Vec<(String, String)> {
    let fixed = [
        ("area", "330781001001"),
        ("kind", "1"),
        ("hold", "3"),
        ("industry", "1411"),
        ("level", "90"),
        ("B102", "20,000"),
        ("B103", "9,000"),
        ("B104", "5,000"),
        ("B105", "4,000"),
        ("B106", "2,500"),
        ("B107", "500"),
        ("B108", "800"),
        ("B109", "100"),
        ("B110", "200"),
        ("B111", "200"),
        ("B112", "0"),
        ("B113", "150"),
        ("B120", "0"),
        ("B121", "202503"),
        ("B123", "2"),
        ("B130", "4,200"),
        ("B131", "0"),
        ("B132", "1,000"),
        ("B133", "0"),
        ("B134", "0"),
        ("B135", "3,200"),
        ("B136", "0"),
        ("B137", "300"),
    ];
    let own = [("id", *code), ("name", *name), ("B140", *invested)];
    let cells = own.into_iter().chain(fixed);
    cells.map(|(column, value)| (format!("x.{number}.{column}"), value.to_owned())).collect()
}
