//! Stories of backups: taken while people work, carried from one engine to the other, damaged on the way.

use std::io::Cursor;

use tempfile::TempDir;
use youju_app::App;
use youju_app::backup::{Archive, BackupError, Manifest, Wanted, restore, write};
use youju_app::crypto::{Cipher, Digest, Lock, SecretKeys};
use youju_domain::report::State;
use youju_store::backup::TABLES;
use youju_testkit::{County, InMemory, figures, on_both_engines, on_sqlite, open_app};

use crate::make::{save, typed, verified};

fn plain(digest: Digest) -> Wanted {
    Wanted { digest, lock: None, files: Vec::new() }
}

async fn taken(app: &App, wanted: Wanted) -> (Manifest, Vec<u8>) {
    let (mut bytes, mut last) = (Vec::new(), None);
    let manifest = write(app, &mut bytes, wanted, |progress| last = Some(progress)).await.unwrap();
    let last = last.unwrap();
    assert_eq!((last.done, last.total), (last.total, manifest.tables.iter().map(|table| table.rows).sum()));
    (manifest, bytes)
}

fn verify(bytes: &[u8]) -> Result<Manifest, BackupError> {
    let mut archive = Archive::open(Cursor::new(bytes), None)?;
    archive.verify(|_| {})?;
    Ok(archive.manifest().clone())
}

/// An empty installation on SQLite.
async fn empty() -> (TempDir, App) {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}", folder.path().join("another.sqlite").display());
    let app = open_app(&url, Box::new(InMemory::default())).await;
    (folder, app)
}

async fn put_back(app: &App, bytes: &[u8]) -> Result<(), BackupError> {
    let mut archive = Archive::open(Cursor::new(bytes), None)?;
    archive.verify(|_| {})?;
    restore(app, &mut archive, |_| {}).await
}

#[test]
fn what_goes_from_one_engine_to_the_other_and_back_is_the_same_to_the_last_digest() {
    on_both_engines(async |target| {
        let (_folder, source) = empty().await;
        let county = County::open(&source).await;
        county.bring(0, State::Submitted).await;
        county.bring(1, State::Draft).await;
        let (first, bytes) = taken(&source, plain(Digest::Sha256)).await;
        put_back(&target, &bytes).await.unwrap();
        let (second, bytes) = taken(&target, plain(Digest::Sha256)).await;
        assert_eq!((&first.tables, &first.journal_root), (&second.tables, &second.journal_root));
        let (_folder, home) = empty().await;
        put_back(&home, &bytes).await.unwrap();
        let (third, _) = taken(&home, plain(Digest::Sha256)).await;
        assert_eq!(first.tables, third.tables);
        let head = verified(&home).await;
        assert_eq!((head.root.to_string(), head.size), (first.journal_root, first.journal_size));
        // People go on where they were.
        let factory = &county.factories[1];
        save(&home, &factory.clerk, factory.report, &figures()).await.unwrap();
        verified(&home).await;
        // A data base in which something stands is left alone.
        let refused = put_back(&home, &bytes).await.unwrap_err().to_string();
        assert!(refused.starts_with("数据库不是空的(表 journal_leaf 有 "), "{refused}");
    });
}

#[test]
fn a_backup_that_is_taken_while_people_save_is_one_state() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 3).await;
        let saving = {
            let (app, factories) = (app.clone(), county.factories.clone());
            tokio::spawn(async move {
                let cell = figures()[0].cell.clone();
                for round in 0..40 {
                    for factory in &factories {
                        let was = if round == 0 { String::new() } else { (999 + round).to_string() };
                        let typed = [typed(&cell, &was, &(1000 + round).to_string())];
                        save(&app, &factory.clerk, factory.report, &typed).await.unwrap();
                    }
                }
            })
        };
        let mut roots = Vec::new();
        while !saving.is_finished() && roots.len() < 5 {
            let (manifest, bytes) = taken(&app, plain(Digest::Sm3)).await;
            let (_folder, other) = empty().await;
            put_back(&other, &bytes).await.unwrap();
            assert_eq!(verified(&other).await.root.to_string(), manifest.journal_root);
            roots.push(manifest.journal_root);
        }
        saving.await.unwrap();
        assert!(!roots.is_empty());
        verified(&app).await;
    });
}

#[test]
fn a_flipped_byte_anywhere_is_found_and_the_table_is_named() {
    on_sqlite(async |app| {
        County::open(&app).await.bring(0, State::Submitted).await;
        let (_, bytes) = taken(&app, plain(Digest::Sha256)).await;
        verify(&bytes).unwrap();
        // Every byte of the beginning, of the directory at the end and of the stamp; of the rest every hundredth.
        let end = bytes.len() - 4000;
        let places = (0..200).chain((200..end).step_by(97)).chain((end..bytes.len()).step_by(3));
        let mut named = 0;
        for place in places {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1;
            let told = verify(&damaged).map(drop).unwrap_err().to_string();
            named += usize::from(told.contains("表 "));
        }
        assert!(named > 100, "{named}");
        // One table, changed so that the zip fits again: only our digests tell.
        let cut = verify(&bytes[..bytes.len() - 1]);
        assert!(cut.is_err());
        let (_folder, other) = empty().await;
        let mut damaged = bytes.clone();
        damaged[bytes.len() / 2] ^= 1;
        assert!(put_back(&other, &damaged).await.is_err());
        // Nothing was left behind.
        put_back(&other, &bytes).await.unwrap();
    });
}

#[test]
fn a_locked_backup_opens_with_its_words_or_keys_and_shows_nothing_else() {
    on_sqlite(async |app| {
        County::open(&app).await;
        let keys = SecretKeys::parse(&SecretKeys::draw(Cipher::Sm4).unwrap()).unwrap();
        for (lock, cipher) in
            [(Lock::Passphrase("一二三四五六七八".into()), Cipher::Aes), (Lock::Keys(keys), Cipher::Sm4)]
        {
            let files = vec![("secret.key".to_owned(), b"the key".to_vec())];
            let wanted = Wanted { digest: Digest::Sm3, lock: Some((lock.clone(), cipher)), files };
            let (manifest, bytes) = taken(&app, wanted).await;
            assert!(!bytes.windows(7).any(|part| part == b"journal" || part == b"the key"));
            assert!(matches!(Archive::open(Cursor::new(&bytes), None), Err(BackupError::Unusable(_))));
            let wrong = Lock::Passphrase("不是它".into());
            assert!(Archive::open(Cursor::new(&bytes), Some(&wrong)).is_err());
            let mut archive = Archive::open(Cursor::new(&bytes), Some(&lock)).unwrap();
            archive.verify(|_| {}).unwrap();
            assert_eq!((archive.file("secret.key").unwrap(), archive.manifest()), (b"the key".to_vec(), &manifest));
            let (_folder, other) = empty().await;
            restore(&other, &mut archive, |_| {}).await.unwrap();
            assert_eq!(verified(&other).await.root.to_string(), manifest.journal_root);
            let mut damaged = bytes.clone();
            damaged[bytes.len() / 2] ^= 1;
            let opened =
                Archive::open(Cursor::new(&damaged), Some(&lock)).and_then(|mut archive| archive.verify(|_| {}));
            assert!(opened.unwrap_err().to_string().contains("这一段被改动过"));
        }
    });
}

#[test]
fn nothing_is_left_out_but_what_is_said_to_be() {
    on_sqlite(async |app| {
        County::open(&app).await.bring(0, State::Submitted).await;
        let (manifest, _) = taken(&app, plain(Digest::Sha256)).await;
        let names: Vec<&str> = manifest.tables.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, TABLES.iter().map(|table| table.name).collect::<Vec<_>>());
        assert!(manifest.tables.iter().find(|part| part.name == "report_version").unwrap().rows > 0);
    });
}
