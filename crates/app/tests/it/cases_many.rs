//! Ten thousand cases: how long a list and the badge of the inbox take. Measured by hand:
//! `cargo nextest run -p youju-app --run-ignored only -E 'test(ten_thousand_cases)' --no-capture`.

use std::time::Instant;

use youju_app::case::{self, Filter, Turn};
use youju_app::inbox;
use youju_app::list::PageRequest;
use youju_codes::AreaCode;
use youju_domain::case::{Command, New, Subject, SubjectKind, Values};
use youju_domain::id::Id;
use youju_store::case as store;
use youju_testkit::{County, on_both_engines};

use crate::make::look;

#[test]
#[ignore = "measures; a minute"]
fn ten_thousand_cases_are_listed_and_counted() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let kind = app.case_types().get(&county.county.area, "interference_record").unwrap().clone();
        let by = &county.township;
        app.write(Some(by.clone()), async |cx| {
            let now = cx.now();
            store::keep_type(cx.tx(), "hash", &kind, &serde_json::to_string(&kind).unwrap(), now).await?;
            for number in 0..10_000_u64 {
                let value = |key: &String| {
                    let field = kind.field(key).unwrap();
                    let value = match key.as_str() {
                        "matter" => format!("第 {number} 件"),
                        "happened_on" => "2026-04-01".to_owned(),
                        _ => field.choices.first().cloned().unwrap_or_else(|| "写明情况".to_owned()),
                    };
                    (key.clone(), value)
                };
                let command = Command {
                    values: kind.open.demand.owes.iter().map(value).collect::<Values>(),
                    ..Command::default()
                };
                let area = AreaCode::parse("330781001000").unwrap();
                let subject = Subject {
                    kind: SubjectKind::None,
                    id: String::new(),
                    sort: String::new(),
                    name: "兰江街道".into(),
                    area,
                    unit: None,
                };
                let moment = (now, now.date_naive() + chrono::Days::new(number % 30));
                let new = New { id: Id::new(app.world().new_id()), type_hash: "hash" };
                let opened = youju_domain::case::open(&kind, new, subject, by, command, moment)?;
                store::add(cx.tx(), &opened, &kind).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
        for (name, actor) in [("city", &county.city), ("township", by), ("county", &county.county)] {
            let begun = Instant::now();
            let page = PageRequest { offset: 0, limit: 50 };
            let mine = Filter { turn: Turn::Mine, ..Filter::default() };
            let found = look(&app, actor, async |cx| case::list(cx, &Filter::default(), page).await).await.unwrap();
            let listed = begun.elapsed();
            let last = PageRequest { offset: 9_950, limit: 50 };
            let begun = Instant::now();
            look(&app, actor, async |cx| case::list(cx, &mine, last).await).await.unwrap();
            let narrowed = begun.elapsed();
            let begun = Instant::now();
            let waiting = look(&app, actor, async |cx| inbox::count(cx).await).await.unwrap();
            println!(
                "{name}: {} listed in {listed:?}, last page of one's turn {narrowed:?}, badge {waiting} in {:?}",
                found.total,
                begun.elapsed()
            );
        }
    });
}
