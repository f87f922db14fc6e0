//! 抽样框: counted, frozen, delivered in two encodings, verified by its fingerprint, compared with an earlier one.

use std::io::{Cursor, Read};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use youju_app::sampling_frame::{
    self, ask, compare, compare_csv, deliver, fingerprint, freeze, freezing, is_for_the_server, preview, unfinished,
    verify, work,
};
use youju_app::{App, Result};
use youju_codes::AreaCode;
use youju_domain::access::Actor;
use youju_domain::id::{SamplingFrameId, UnitId};
use youju_domain::register::{Fact, Facts, Listing};
use youju_domain::sampling_frame::{Bounds, Definition, Encoding, FreezingState, Snapshot, Stratum};
use youju_store::register::PageRequest;
use youju_testkit::{County, april, decided, known_unit, list_unit, on_both_engines, on_sqlite};

use crate::make::{act, look, refusal, verified};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn retail(on: &str) -> Definition {
    Definition {
        name: "限下零售抽样框".into(),
        purpose: "2026 年抽样调查,交省局".into(),
        area: AreaCode::parse("330781").unwrap(),
        industries: vec!["52".into()],
        listings: Vec::new(),
        kinds: Vec::new(),
        employees: Bounds::default(),
        revenue: Bounds { least: None, below: Some(Decimal::from(5_000)) },
        with_unknown: true,
        on: day(on),
    }
}

/// Five shops that are known on 1 April; the last one is too large, the fourth tells no revenue.
async fn shops(county: &County) -> Vec<UnitId> {
    let mut units = Vec::new();
    for (number, revenue) in (0..).zip(["900", "1200", "800", "", "90000"]) {
        let facts = [
            (Fact::Industry, "5211"),
            (Fact::Employees, "8"),
            (Fact::Revenue, revenue),
            (Fact::Phone, "0579-88880001"),
            (Fact::Address, "兰荫路 1 号,二楼"),
        ];
        units.push(known_unit(&county.app, &county.county, 77_000 + number, day("2026-04-01"), &facts).await);
    }
    units
}

async fn frozen(app: &App, by: &Actor, definition: Definition) -> Result<Snapshot> {
    let id: SamplingFrameId = freeze(app, by.clone(), definition).await?;
    look(app, by, async |cx| sampling_frame::get(cx, id).await).await
}

fn unzipped(zip: Vec<u8>, end: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let name = archive.file_names().map(|name| name.unwrap().into_owned()).find(|name| name.ends_with(end)).unwrap();
    let mut content = Vec::new();
    archive.by_name(&name).unwrap().read_to_end(&mut content).unwrap();
    content
}

#[test]
fn what_is_delivered_is_what_was_frozen_and_can_be_verified() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let units = shops(&county).await;
        let wanted = || retail("2026-04-01");
        let counted = look(&app, &county.county, async |cx| preview(cx, wanted()).await).await.unwrap();
        assert_eq!((counted.rows, counted.unknown), (Some(4), 1));
        let denied = look(&app, &county.township, async |cx| preview(cx, wanted()).await).await;
        assert_eq!(refusal(denied).code(), "not_found");
        assert_eq!(refusal(frozen(&app, &county.neighbour, wanted()).await).code(), "not_found");
        let nothing = Definition { industries: vec!["0111".into()], ..wanted() };
        assert!(refusal(frozen(&app, &county.county, nothing).await).says().contains("没有一个单位"));

        let one = frozen(&app, &county.county, wanted()).await.unwrap();
        assert_eq!((one.rows, one.strata.clone()), (4, counted.strata));
        // The same units under the same definition give the same text, whoever asks, and whatever was written down since for later days.
        app.world().set(april(3));
        let facts = Facts::default().with(Fact::Employees, "60").with(Fact::Revenue, "4800");
        decided(&app, units[0], facts, day("2026-04-03")).await;
        list_unit(&app, units[1], Listing::Above, day("2026-04-03")).await;
        let again = frozen(&app, &county.city, wanted()).await.unwrap();
        assert_eq!((&again.sha256, &again.sha256_gb), (&one.sha256, &one.sha256_gb));

        for encoding in Encoding::ALL {
            let (name, zip) = deliver(&app, county.city.clone(), one.id, encoding).await.unwrap();
            assert!(name.ends_with("2026-04-01.zip"), "{name}");
            let csv = unzipped(zip.clone(), ".csv");
            assert_eq!(fingerprint(&csv), one.hash(encoding));
            let sums = String::from_utf8(unzipped(zip.clone(), "SHA256SUMS")).unwrap();
            assert!(sums.starts_with(one.hash(encoding)), "{sums}");
            let manifest: serde_json::Value = serde_json::from_slice(&unzipped(zip, "manifest.json")).unwrap();
            assert_eq!((manifest["rows"].as_u64(), manifest["sha256"].as_str()), (Some(4), Some(one.hash(encoding))));
            let hash = fingerprint(&csv).to_uppercase();
            let (_, found) = look(&app, &county.township, async |cx| verify(cx, &hash).await).await.unwrap();
            assert_eq!(
                found.iter().map(|(one, how)| (one.id, *how)).collect::<Vec<_>>(),
                [(one.id, encoding), (again.id, encoding)]
            );
            let mut changed = csv;
            changed.push(b' ');
            let hash = fingerprint(&changed);
            assert!(look(&app, &county.county, async |cx| verify(cx, &hash).await).await.unwrap().1.is_empty());
        }
        assert_eq!(refusal(deliver(&app, county.township.clone(), one.id, Encoding::Utf8).await).code(), "not_found");
        verified(&app).await;
    });
}

#[test]
fn what_is_too_large_for_a_request_is_frozen_by_the_server_in_the_name_of_who_asked() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        shops(&county).await;
        let wanted = || retail("2026-04-01");
        let ask = async |by: &Actor, one: Definition| act(&app, by, async |cx| ask(cx, one).await).await;
        let stands = async |by: &Actor, id| look(&app, by, async |cx| freezing(cx, id).await).await;
        assert!(!look(&app, &county.county, async |cx| is_for_the_server(cx, &wanted().area).await).await.unwrap());
        assert_eq!(refusal(ask(&county.township, wanted()).await).code(), "not_found");
        assert_eq!(work(&app, "w").await.unwrap(), None);
        let id = ask(&county.county, wanted()).await.unwrap();
        let twice = refusal(ask(&county.county, wanted()).await).says();
        assert!(twice.contains("已有一个抽样框在等待"), "{twice}");
        let waiting = stands(&county.city, id).await.unwrap().unwrap();
        assert_eq!((waiting.state, waiting.by), (FreezingState::Waiting, county.county.person));
        assert_eq!(refusal(stands(&county.neighbour, id).await).code(), "not_found");

        // A server that died while it read: the next one begins anew, and the dead one's result does not count.
        let claimed = app.write(None, async |cx| {
            let now = cx.now();
            Ok(youju_store::sampling_frame::job::claim(cx.tx(), "dead", (now, now)).await?)
        });
        assert_eq!(claimed.await.unwrap().unwrap().id, id);
        assert_eq!(work(&app, "w").await.unwrap(), Some(id));
        assert_eq!(stands(&county.county, id).await.unwrap(), None, "it is a frame now");
        let one = look(&app, &county.county, async |cx| sampling_frame::get(cx, id).await).await.unwrap();
        let at_once = frozen(&app, &county.county, wanted()).await.unwrap();
        assert_eq!((one.rows, &one.sha256, one.by), (4, &at_once.sha256, county.county.person));
        let late = app.write(None, async |cx| {
            let now = cx.now();
            let end = ("dead", FreezingState::Broken, "太晚");
            Ok(youju_store::sampling_frame::job::end(cx.tx(), id, end, now).await?)
        });
        assert!(late.await.is_err());

        // What cannot be frozen says why, and stays to be read.
        let nothing = Definition { industries: vec!["0111".into()], ..wanted() };
        let id = ask(&county.city, nothing).await.unwrap();
        assert_eq!(work(&app, "w").await.unwrap(), Some(id));
        let broken = stands(&county.city, id).await.unwrap().unwrap();
        assert!(broken.state == FreezingState::Broken && broken.says.contains("没有一个单位"), "{broken:?}");
        let left = look(&app, &county.county, async |cx| unfinished(cx).await).await.unwrap();
        assert_eq!(left.iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
        verified(&app).await;
    });
}

#[test]
fn a_later_frame_says_who_came_who_left_and_who_moved() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let units = shops(&county).await;
        let before = frozen(&app, &county.county, retail("2026-04-01")).await.unwrap();
        app.world().set(april(3));
        decided(&app, units[0], Facts::default().with(Fact::Area, "330781002000"), day("2026-04-03")).await;
        decided(&app, units[1], Facts::default().with(Fact::Status, "closed"), day("2026-04-03")).await;
        let came = [(Fact::Industry, "5212"), (Fact::Employees, "2"), (Fact::Revenue, "300")];
        known_unit(&app, &county.county, 77_009, day("2026-04-02"), &came).await;
        let now = frozen(&app, &county.county, retail("2026-04-03")).await.unwrap();
        let (_, _, found) = compare(&app, county.county.clone(), now.id, before.id).await.unwrap();
        assert_eq!((found.same, found.came, found.left, found.moved), (2, 1, 1, 1));
        let moved = found.shown.iter().find(|one| one.cells()[0] == "换层").unwrap();
        let township = |stratum: Option<Stratum>| stratum.unwrap().township;
        let (old, new) = moved.strata();
        assert_eq!((township(old), township(new)), ("330781001".into(), "330781002".into()));
        let (_, csv) = compare_csv(&app, county.county.clone(), now.id, before.id).await.unwrap();
        assert_eq!(String::from_utf8(csv).unwrap().lines().count(), 4);
        let all = PageRequest { offset: 0, limit: 10 };
        assert_eq!(look(&app, &county.city, async |cx| sampling_frame::list(cx, all).await).await.unwrap().total, 2);
        assert_eq!(
            look(&app, &county.neighbour, async |cx| sampling_frame::list(cx, all).await).await.unwrap().total,
            0
        );
        let denied = look(&app, &county.township, async |cx| sampling_frame::list(cx, all).await).await;
        assert_eq!(refusal(denied).code(), "access.forbidden");
    });
}

/// How long freezing takes and what it is packed to: `YOUJU_FRAME_UNITS=100000 cargo nextest run -p youju-app many_units --run-ignored all`.
#[test]
#[ignore = "measures; takes minutes"]
fn freezing_many_units_in_parts() {
    let number: usize = std::env::var("YOUJU_FRAME_UNITS").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    on_sqlite(async move |app| {
        let county = County::open(&app).await;
        let first = shops(&county).await[0];
        let like =
            app.read(None, async |cx| Ok(youju_store::register::get(cx.tx(), first).await?)).await.unwrap().unwrap();
        for part in 0..number.div_ceil(5_000) {
            let fill = async |cx: &mut youju_app::Cx<'_>| {
                for index in part * 5_000..number.min((part + 1) * 5_000) {
                    let usci = youju_codes::Usci::with_check(&format!("92330781{index:09}")).unwrap();
                    let unit = youju_domain::register::Unit { id: cx.new_id(), usci, ..like.clone() };
                    youju_store::register::add(cx.tx(), &unit).await?;
                }
                Ok(())
            };
            app.write(None, fill).await.unwrap();
        }
        let began = std::time::Instant::now();
        let one = frozen(&app, &county.county, retail("2026-04-02")).await.unwrap();
        eprintln!("{} rows, {} bytes of text, frozen in {:?}", one.rows, one.size, began.elapsed());
        let began = std::time::Instant::now();
        let (_, zip) = deliver(&app, county.county.clone(), one.id, Encoding::Gb18030).await.unwrap();
        eprintln!("delivered as {} bytes in {:?}", zip.len(), began.elapsed());
        assert_eq!(one.rows, number as u64 + 4);
    });
}
