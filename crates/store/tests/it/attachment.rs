//! Attachments on both engines: a content is stored once, stays while anything names it, and comes out as it went in.

use uuid::Uuid;
use youju_codes::{AreaCode, Industry, Period, Usci};
use youju_domain::access::Role;
use youju_domain::attachment::{Attachment, ContentKind, Hand, Proves, Removal};
use youju_domain::id::Id;
use youju_domain::person::Person;
use youju_domain::register::{AccountingStandard, Facts, Listing, Unit, beginning};
use youju_domain::report::CellId;
use youju_store::{Db, StoreError, Tx, attachment, person, register, sql};

use crate::engines::{both_engines, now};

const HASH: &str = "0123";

fn id<K>(number: u128) -> Id<K> {
    Id::new(Uuid::from_u128(number))
}

fn march() -> Period {
    Period::parse("2026-03").unwrap()
}

async fn filled(db: &Db) -> Tx {
    let mut tx = db.write().await.unwrap();
    let area = AreaCode::parse("330781001000").unwrap();
    let unit = Unit {
        id: id(1),
        usci: Usci::with_check("91330781FAKE00001").unwrap(),
        name: "虚构第001号食品厂".into(),
        area,
        industry: Industry::parse("1311").unwrap(),
        standard: Some(AccountingStandard::Enterprise),
        listing: Listing::Above,
        may_explain: false,
        details: Facts::default(),
        changed_on: beginning(),
        revision: 0,
    };
    register::add(&mut tx, &unit).await.unwrap();
    let clerk = Person {
        id: id(500),
        login: "tb001".into(),
        name: "王敏".into(),
        role: Role::Statistician,
        area,
        unit: Some(id(1)),
        domains: youju_domain::access::Domains::Every,
        failures: 0,
        failed_at: None,
    };
    person::add(&mut tx, &clerk, "$argon2id$…").await.unwrap();
    tx
}

fn hand() -> Hand {
    Hand { person: id(500), name: "王敏".into(), at: now() }
}

fn attached(number: u128) -> Attachment {
    Attachment {
        id: id(number),
        unit: id(1),
        period: march(),
        proves: Proves::Period,
        file_name: "电费单.pdf".into(),
        kind: ContentKind::Pdf,
        size: 8,
        hash: HASH.into(),
        note: "三月".into(),
        added: hand(),
        removed: None,
    }
}

async fn blobs(tx: &mut Tx) -> i64 {
    tx.one(sql("select count(*) as n from blob")).await.unwrap()
}

#[tokio::test]
async fn a_content_is_stored_once_however_often_it_is_attached() {
    both_engines(async |db| {
        let mut tx = filled(&db).await;
        for number in 10..13 {
            attachment::keep(&mut tx, HASH, ContentKind::Pdf, (b"%PDF-1.7".to_vec(), 8), now()).await.unwrap();
            attachment::add(&mut tx, &attached(number)).await.unwrap();
        }
        assert_eq!(blobs(&mut tx).await, 1);
        assert_eq!(attachment::count(&mut tx, id(1), march()).await.unwrap(), 3);
        let blob = attachment::blob(&mut tx, HASH).await.unwrap().unwrap();
        assert_eq!((blob.kind, blob.content.as_slice()), (ContentKind::Pdf, b"%PDF-1.7".as_slice()));
        let same = async |tx: &mut Tx, proves: &Proves, hash: &str| {
            attachment::has_same(tx, id(1), march(), proves, hash).await.unwrap()
        };
        assert!(same(&mut tx, &Proves::Period, HASH).await);
        for (proves, hash) in [
            (Proves::Period, "4567"),
            (Proves::Ledger(id(3)), HASH),
            (Proves::Records(id(3)), HASH),
            (Proves::Report(id(3), None), HASH),
            (Proves::Report(id(3), Some(CellId::new("c301"))), HASH),
        ] {
            assert!(!same(&mut tx, &proves, hash).await, "{proves}");
        }
    })
    .await;
}

#[tokio::test]
async fn taking_away_is_a_mark_that_is_made_once_and_comes_out_last() {
    both_engines(async |db| {
        let mut tx = filled(&db).await;
        attachment::keep(&mut tx, HASH, ContentKind::Pdf, (b"%PDF-1.7".to_vec(), 8), now()).await.unwrap();
        for number in [10, 11] {
            attachment::add(&mut tx, &attached(number)).await.unwrap();
        }
        let removal = Removal { by: hand(), reason: "传错了文件".into() };
        attachment::remove(&mut tx, id(11), &removal).await.unwrap();
        assert!(matches!(attachment::remove(&mut tx, id(11), &removal).await, Err(StoreError::Conflict)));
        let gone = Attachment { removed: Some(removal), ..attached(11) };
        assert_eq!(attachment::list(&mut tx, id(1), march()).await.unwrap(), [attached(10), gone.clone()]);
        assert_eq!(attachment::get(&mut tx, id(11)).await.unwrap(), Some(gone));
        assert_eq!(attachment::list(&mut tx, id(1), march().next()).await.unwrap(), []);
        assert_eq!(blobs(&mut tx).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_something_names_cannot_be_lost_and_a_missing_one_cannot_be_named() {
    both_engines(async |db| {
        let mut tx = filled(&db).await;
        attachment::keep(&mut tx, HASH, ContentKind::Pdf, (b"%PDF-1.7".to_vec(), 8), now()).await.unwrap();
        attachment::add(&mut tx, &attached(10)).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.write().await.unwrap();
        assert!(tx.run(sql("delete from blob where sha256 = $1").bind(HASH)).await.is_err());
        drop(tx);
        for broken in [
            Attachment { hash: "4567".into(), ..attached(11) },
            Attachment { proves: Proves::Report(id(3), None), ..attached(11) },
            Attachment { unit: id(2), ..attached(11) },
        ] {
            let mut tx = db.write().await.unwrap();
            assert!(attachment::add(&mut tx, &broken).await.is_err(), "{broken:?}");
        }
    })
    .await;
}
