//! Attachments: what is written down about them, the scanner that every file must pass, and what stays when one is taken away.

use std::sync::Arc;

use serde_json::Value as Json;
use youju_app::attachment::{self, Looked, Verdict, Wanted, add, fetch, look_at, remove};
use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::{App, Result};
use youju_codes::Period;
use youju_domain::access::Actor;
use youju_domain::attachment::{ATTACHMENTS_MAX, Attachment, FILE_BYTES_MAX, Proves};
use youju_domain::id::{AttachmentId, UnitId};
use youju_store::journal;
use youju_testkit::{County, Factory, TRIAL_BALANCE, on_both_engines, on_sqlite};

use crate::make::{act, look, refusal, verified};

const PDF: &[u8] = b"%PDF-1.7";

fn march() -> Period {
    Period::parse("2026-03").unwrap()
}

fn looked(app: &App, name: &str, content: &[u8]) -> Looked {
    look_at(app, vec![(name.to_owned(), content.to_vec())]).unwrap()
}

async fn attach(app: &App, by: &Actor, unit: UnitId, name: &str, content: &[u8]) -> Result<Vec<Attachment>> {
    let looked = looked(app, name, content);
    let added = act(app, by, async |cx| add(cx, (unit, march()), &Proves::Period, " 三月 ", looked).await).await?;
    assert!(added.refused.is_empty(), "{:?}", added.refused);
    Ok(added.added)
}

/// What the journal says about an object: who, what, and the rest.
async fn told(app: &App, kind: &str, id: &str) -> Vec<(String, String, Json)> {
    let entries = app.read(None, async |cx| Ok(journal::of_object(cx.tx(), kind, id).await?)).await.unwrap();
    entries.into_iter().map(|entry| (entry.actor_name, entry.action, entry.payload)).collect()
}

async fn one(app: &App, by: &Actor, unit: UnitId) -> AttachmentId {
    attach(app, by, unit, "电费单.pdf", PDF).await.unwrap()[0].id
}

#[test]
fn everything_that_happens_to_an_attachment_is_in_the_journal() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, unit, .. } = &county.factories[0];
        let id = one(&app, clerk, *unit).await;
        for actor in [clerk, head, &county.township, &county.county] {
            let file = fetch(&app, actor.clone(), Wanted::Attachment(id)).await.unwrap();
            assert_eq!((file.name.as_str(), file.content.as_slice()), ("电费单.pdf", PDF));
        }
        let gone = act(&app, clerk, async |cx| remove(cx, id, "传错了文件").await).await.unwrap();
        assert_eq!(gone.removed.unwrap().reason, "传错了文件");
        let entries = told(&app, "attachment", &id.to_string()).await;
        let steps: Vec<(&str, &str)> = entries.iter().map(|(who, what, _)| (who.as_str(), what.as_str())).collect();
        let expected = [
            (clerk.name.as_str(), "attachment.added"),
            (county.township.name.as_str(), "attachment.viewed"),
            (county.county.name.as_str(), "attachment.viewed"),
            (clerk.name.as_str(), "attachment.removed"),
        ];
        assert_eq!(steps, expected, "who of the unit looks is nobody's business");
        for (_, what, payload) in &entries {
            assert_eq!(payload["file_name"], "电费单.pdf", "{what}");
            assert_eq!(
                (payload["unit"].as_str().unwrap(), &payload["period"]),
                (&*unit.to_string(), &"2026-03".into())
            );
            assert_eq!(payload["file_hash"].as_str().unwrap().len(), 64, "{what}");
        }
        assert_eq!((&entries[0].2["note"], &entries[3].2["reason"]), (&"三月".into(), &"传错了文件".into()));
        let book = read_trial_balance("三月.csv", TRIAL_BALANCE.as_bytes()).unwrap();
        let import =
            act(&app, clerk, async |cx| import_trial_balance(cx, *unit, march(), book).await).await.unwrap().id;
        let file = fetch(&app, county.city.clone(), Wanted::Ledger(import)).await.unwrap();
        assert_eq!(file.content, TRIAL_BALANCE.as_bytes());
        let entries = told(&app, "import", &import.to_string()).await;
        assert_eq!((entries.len(), entries[1].1.as_str()), (2, "attachment.viewed"));
        verified(&app).await;
    });
}

#[test]
fn who_may_not_fill_may_not_attach_or_take_away() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (own, other) = (&county.factories[0], &county.factories[1]);
        let id = one(&app, &own.clerk, own.unit).await;
        for (actor, code) in [
            (&own.head, "access.forbidden"),
            (&county.township, "access.forbidden"),
            (&county.county, "access.forbidden"),
            (&county.city, "access.forbidden"),
            (&other.clerk, "not_found"),
            (&county.neighbour, "not_found"),
            (&county.admin, "not_found"),
        ] {
            let refused = attach(&app, actor, own.unit, "二.pdf", b"%PDF-1.4").await;
            assert_eq!(refusal(refused).code(), code, "{}", actor.name);
            let refused = act(&app, actor, async |cx| remove(cx, id, "传错了文件").await).await;
            assert_eq!(refusal(refused).code(), code, "{}", actor.name);
        }
        for actor in [&other.clerk, &county.neighbour, &county.admin] {
            for wanted in [Wanted::Attachment(id), Wanted::Attachment(AttachmentId::new(own.unit.uuid()))] {
                let refused = refusal(fetch(&app, actor.clone(), wanted).await);
                assert!(refused.says().contains("没有找到这个附件"), "{}: {refused}", actor.name);
            }
        }
        let listed =
            look(&app, &county.township, async |cx| attachment::list(cx, own.unit, march()).await).await.unwrap();
        assert_eq!(
            listed.iter().map(|one| (one.id, one.added.name.as_str())).collect::<Vec<_>>(),
            [(id, own.clerk.name.as_str())]
        );
    });
}

#[test]
fn the_scanner_looks_at_every_file_and_keeps_only_the_suspicious_ones_out() {
    on_sqlite(async |app| {
        let app = app.with_scanner(Arc::new(|content: &[u8]| {
            Ok(if content.ends_with(b"EICAR") { Verdict::Suspicious } else { Verdict::Clean })
        }));
        let sent = vec![("好.pdf".to_owned(), PDF.to_vec()), ("坏.pdf".to_owned(), b"%PDF-1.7 EICAR".to_vec())];
        let looked = look_at(&app, sent).unwrap();
        assert_eq!(looked.good.len(), 1);
        assert!(looked.refused[0].name == "坏.pdf" && looked.refused[0].reason.contains("没有通过病毒检查"));
        let huge = look_at(&app, vec![("大.pdf".to_owned(), vec![b'1'; FILE_BYTES_MAX + 1])]).unwrap();
        assert!(huge.refused[0].reason.contains("超过上限 33554432 字节"), "{:?}", huge.refused);
        let broken = app.with_scanner(Arc::new(|_: &[u8]| {
            Err(youju_app::Fault::new("scanning", std::io::Error::other("the scanner is gone")))
        }));
        assert!(
            look_at(&broken, vec![("好.pdf".to_owned(), PDF.to_vec())]).is_err(),
            "an accident is not a clean file"
        );
    });
}

#[test]
fn a_period_has_room_for_so_many_and_says_when_it_is_full() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let mut left = ATTACHMENTS_MAX;
        while left > 0 {
            let files =
                (0..20.min(left)).map(|n| (format!("{n}.pdf"), format!("%PDF-{left}-{n}").into_bytes())).collect();
            left -= left.min(20);
            let looked = look_at(&app, files).unwrap();
            act(&app, clerk, async |cx| add(cx, (*unit, march()), &Proves::Period, "", looked).await).await.unwrap();
        }
        let looked = looked(&app, "多.pdf", PDF);
        let added =
            act(&app, clerk, async |cx| add(cx, (*unit, march()), &Proves::Period, "", looked).await).await.unwrap();
        assert!(added.added.is_empty() && added.refused[0].reason.contains("已有 500 个,达到上限"), "{added:?}");
    });
}
