//! The search box over the register: every way to a unit, the scope of who asks, and the index that agrees with the rows.

use std::fmt::Write as _;

use youju_app::App;
use youju_app::register::search::{self, FOUND_MAX};
use youju_domain::access::Actor;
use youju_domain::id::UnitId;
use youju_domain::register::search::{Sought, sought};
use youju_domain::register::{Fact, terms};
use youju_store::register::search::{State, set_state, state};
use youju_store::register::{PageRequest, history};
use youju_testkit::{County, on_both_engines};

use crate::make::{look, refusal};
use crate::register_import::{code, day, plan, take};

const ALL: PageRequest = PageRequest { offset: 0, limit: 1_000 };

/// Names of a county's register, each with its village and street.
fn list(names: &[&str]) -> String {
    let mut list = "信用代码,名称,区划代码,行业,地址\n".to_owned();
    for (number, name) in (0_u32..).zip(names) {
        let place = ["330781001001", "330781002", "330783001"][number as usize % 3];
        writeln!(list, "{},{name},{place},1721,振兴路{number}号", code(number)).unwrap();
    }
    list
}

const NAMES: [&str; 9] = [
    "兰溪市永进纺织有限公司",
    "永进兰溪纺织有限公司",
    "東陽市（ＡＢＣ）貿易有限公司",
    "100%_棉纺厂",
    "兰溪市长乐银行",
    "金华永进棉纺厂",
    "兰溪市永进纺织有限公司第二厂",
    "🏭烟囱制造厂",
    "兰溪市绿园饭店",
];

async fn found(app: &App, by: &Actor, typed: &str) -> Vec<String> {
    let found = look(app, by, async |cx| search::find(cx, typed, ALL).await).await.unwrap();
    assert_eq!(found.page.total, found.page.rows.len() as u64);
    found.page.rows.into_iter().map(|unit| unit.name).collect()
}

#[test]
fn a_unit_is_found_by_name_pinyin_code_and_address_by_whoever_may_see_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        take(&app, None, &plan(), list(&NAMES).as_bytes()).await.unwrap();
        let by = &county.city;
        // Names that begin with the word go before those that hold it.
        assert_eq!(found(&app, by, "兰溪").await, [NAMES[0], NAMES[4], NAMES[6], NAMES[8], NAMES[1]]);
        assert_eq!(found(&app, by, "永进").await, [NAMES[1], NAMES[0], NAMES[5], NAMES[6]]);
        let whole = code(1);
        for (typed, expected) in [
            ("yjfz", vec![0, 6]),
            ("yongjinfangzhi", vec![0, 6]),
            ("cl", vec![4]),
            ("lvyuan", vec![8]),
            ("%_", vec![]),
            ("%", vec![]),
            ("100%_棉", vec![3]),
            ("东阳市abc贸易", vec![2]),
            ("abc", vec![2]),
            ("烟", vec![7]),
            (whole.as_str(), vec![1]),
            (&whole[8..17], vec![1]),
            (&whole[13..], vec![1]),
            ("振兴路4号", vec![4]),
            ("永进 路5号", vec![5]),
            ("永进 没有", vec![]),
        ] {
            let mut expected: Vec<&str> = expected.into_iter().map(|at: usize| NAMES[at]).collect();
            let mut found = found(&app, by, typed).await;
            found.sort();
            expected.sort_unstable();
            assert_eq!(found, expected, "{typed}");
        }
        // 东阳's officer sees what lies in 东阳, a township's what lies in it, and a unit's people themselves.
        assert_eq!(found(&app, &county.neighbour, "永进").await, [NAMES[5]]);
        assert_eq!(found(&app, &county.township, "永进").await, [NAMES[0], NAMES[6]]);
        let clerk = &county.factories[0].clerk;
        assert_eq!(found(&app, clerk, "永进").await, [""; 0]);
        assert_eq!(found(&app, clerk, "食品厂").await, [county.factories[0].name.as_str()]);
        assert_eq!(found(&app, clerk, "").await.len(), 1);
        let long = "厂".repeat(201);
        let refused = look(&app, by, async |cx| search::find(cx, &long, ALL).await).await;
        assert!(refusal(refused).says().contains("最多 200 个字"));
    });
}

#[test]
fn parts_of_a_long_result_follow_each_other_and_more_than_are_counted_are_said_to_be_more() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let many = FOUND_MAX + 1;
        let mut file = "信用代码,名称,区划代码,行业\n".to_owned();
        for number in 0..u32::try_from(many).unwrap() {
            writeln!(file, "{},兰溪市第{number}纺织有限公司,330781001,1721", code(number)).unwrap();
        }
        take(&app, None, &plan(), file.as_bytes()).await.unwrap();
        let ask = async |typed: &str, offset| {
            let page = PageRequest { offset, limit: 3 };
            look(&app, &county.county, async |cx| search::find(cx, typed, page).await).await.unwrap()
        };
        let all = ask("有限公司", 0).await;
        assert_eq!((all.page.rows.len(), all.page.total, all.is_more), (3, FOUND_MAX, true));
        let some = ask("第99", 0).await;
        let next = ask("第99", 3).await;
        assert_eq!((some.page.total, some.is_more, next.page.offset), (111, false, 3));
        assert!(some.page.rows.iter().all(|unit| !next.page.rows.contains(unit)));
        let beyond = ask("第99", 300).await;
        assert_eq!((beyond.page.rows.len(), beyond.page.total), (0, 111));
        let whole = ask("", 0).await;
        assert_eq!((whole.page.total, whole.is_more), (many + 3, false), "the whole list is counted as it is");
    });
}

/// Whatever is asked, the index finds the units that the rules find in the rows.
async fn agrees(app: &App, by: &Actor, asked: &[String]) {
    let units = look(app, by, async |cx| search::find(cx, "", ALL).await).await.unwrap().page.rows;
    for typed in asked {
        let Sought::Words(query) = sought(typed).unwrap() else { continue };
        let mut expected: Vec<UnitId> = Vec::new();
        for unit in &units {
            let changes = look(app, by, async |cx| Ok(history::of_unit(cx.tx(), unit.id).await?)).await.unwrap();
            let former: Vec<String> =
                changes.iter().filter_map(|change| change.facts.get(Fact::Name)).map(str::to_owned).collect();
            if query.finds(&terms::of_unit(unit, &former)) {
                expected.push(unit.id);
            }
        }
        let mut found: Vec<UnitId> = look(app, by, async |cx| search::find(cx, typed, ALL).await)
            .await
            .unwrap()
            .page
            .rows
            .iter()
            .map(|unit| unit.id)
            .collect();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{typed}");
    }
}

#[test]
fn the_index_agrees_with_the_rows_after_any_changes_and_after_it_is_written_anew() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        take(&app, None, &plan(), list(&NAMES).as_bytes()).await.unwrap();
        let mut asked: Vec<String> = NAMES
            .iter()
            .flat_map(|name| {
                name.chars().collect::<Vec<_>>().windows(3).map(|part| part.iter().collect()).collect::<Vec<String>>()
            })
            .collect();
        asked.extend(
            ["yj", "lxsyj", "lanxi", "chang", "fangzhi", "mianf", "91330781MA", "KE0000", "号", "振兴路"]
                .map(str::to_owned),
        );
        agrees(&app, &county.city, &asked).await;
        // Names go round among the units, which move to another township at the same time.
        let update = youju_app::register::import::Plan { update: true, since: day("2026-04-02"), ..plan() };
        let mut turned = NAMES;
        for round in 0..3 {
            turned.rotate_left(2 + round);
            let (tally, left) = take(&app, None, &update, list(&turned).as_bytes()).await.unwrap();
            assert_eq!(tally.changed, 9, "{left}");
            agrees(&app, &county.city, &asked).await;
        }
        assert!(!search::is_whole(&app).await.unwrap());
        let mut told = Vec::new();
        assert_eq!(search::rewrite(&app, false, |done| told.push(done)).await.unwrap(), 12);
        assert_eq!(told, [12]);
        assert!(search::is_whole(&app).await.unwrap());
        agrees(&app, &county.city, &asked).await;
    });
}

#[test]
fn an_index_that_was_left_half_written_goes_on_where_it_was_left() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let mut ids: Vec<UnitId> = county.factories.iter().map(|factory| factory.unit).chain([county.shop]).collect();
        ids.sort_unstable();
        let left = State { edition: -terms::EDITION, through: Some(ids[1]) };
        app.write(None, async |cx| Ok(set_state(cx.tx(), &left).await?)).await.unwrap();
        assert_eq!(search::rewrite(&app, false, |_| {}).await.unwrap(), 1);
        assert_eq!(search::rewrite(&app, true, |_| {}).await.unwrap(), 3);
        let state = app.read(None, async |cx| Ok(state(cx.tx()).await?)).await.unwrap();
        assert_eq!(state, State { edition: terms::EDITION, through: None });
    });
}
