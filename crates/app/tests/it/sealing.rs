//! Stories of what is kept encrypted: files, and words about persons.

use youju_app::access::{Browser, enter};
use youju_app::attachment::{Wanted, add, fetch, look_at};
use youju_app::crypto::{Cipher, SecretKeys};
use youju_app::secrets::{seal_all, survey};
use youju_app::{App, Result, account, contact, record, second_factor, trace};
use youju_codes::Period;
use youju_domain::access::Actor;
use youju_domain::attachment::Proves;
use youju_domain::contact::{Cadence, Contact};
use youju_domain::id::AttachmentId;
use youju_domain::trace::{Method, Origin};
use youju_store::sealed::{self, Place};
use youju_testkit::{County, Factory, PASSWORD, figures, on_both_engines, on_sqlite};

use crate::make::{act, look, refusal, save, verified};

const PDF: &[u8] = b"%PDF-1.7 payroll of March";
/// What a thief of the data base would look for.
const PLAIN: [&str; 4] = ["kuaiji@example.com", "10.1.2.3", "Firefox", "payroll"];

fn march() -> Period {
    Period::parse("2026-03").unwrap()
}

/// A clerk signs in, wants letters, types figures and attaches a paper.
async fn a_day(app: &App, county: &County) -> Result<AttachmentId> {
    let Factory { clerk, unit, report, .. } = &county.factories[0];
    let browser = Browser { address: "10.1.2.3".into(), agent: "Firefox/140".into(), key: "k".into() };
    enter(app, "tb000", PASSWORD, &browser).await?;
    let wanted = Contact {
        person: clerk.person,
        channel: "mail".into(),
        address: "kuaiji@example.com".into(),
        cadence: Cadence::AtOnce,
        quiet: None,
    };
    act(app, clerk, async |cx| contact::set(cx, "mail", Some(wanted)).await).await?;
    let origin =
        Origin { address: "10.1.2.3".into(), device: "aa".into(), method: Method::Typed, seconds: 9, purpose: None };
    save(app, &Actor { origin: Some(origin), ..clerk.clone() }, *report, &figures()).await?;
    let looked = look_at(app, vec![("工资.pdf".into(), PDF.to_vec())])?;
    let added = act(app, clerk, async |cx| add(cx, (*unit, march()), &Proves::Period, "", looked).await).await?;
    Ok(added.added[0].id)
}

/// Everything of that day as it is read by those who may.
async fn as_read(app: &App, county: &County, paper: AttachmentId) -> String {
    let Factory { clerk, report, .. } = &county.factories[0];
    let reach = look(app, clerk, async |cx| contact::own(cx).await).await.unwrap();
    let own = look(app, clerk, async |cx| account::own(cx).await).await.unwrap();
    let (_, traces) = look(app, &county.county, async |cx| trace::of_report(cx, *report).await).await.unwrap();
    let file = fetch(app, clerk.clone(), Wanted::Attachment(paper)).await.unwrap();
    let session = &own.sessions[0];
    let text = String::from_utf8(file.content).unwrap();
    format!("{} {} {} {} {text}", reach.contacts[0].address, session.address, session.agent, traces[0].origin.address)
}

/// The same as it lies in the data base.
async fn as_kept(app: &App) -> Vec<Vec<u8>> {
    app.read(None, async |cx| {
        let mut kept = Vec::new();
        for place in [Place::Contact, Place::SessionAddress, Place::SessionAgent] {
            kept.extend(sealed::words(cx.tx(), place, "-").await?.into_iter().map(|words| words.words.into_bytes()));
        }
        kept.extend(sealed::traces(cx.tx(), "-", 0).await?.into_iter().map(|traced| traced.words.into_bytes()));
        kept.extend(sealed::files(cx.tx(), b"-", "").await?.into_iter().map(|file| file.content));
        Ok(kept)
    })
    .await
    .unwrap()
}

fn holds(kept: &[Vec<u8>], text: &str) -> bool {
    kept.iter().any(|one| one.windows(text.len()).any(|part| part == text.as_bytes()))
}

const READ: &str = "kuaiji@example.com 10.1.2.3 Firefox/140 10.1.2.3 %PDF-1.7 payroll of March";

#[test]
fn whoever_has_the_data_base_alone_reads_neither_files_nor_words_about_persons() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let paper = a_day(&app, &county).await.unwrap();
        assert_eq!(as_read(&app, &county, paper).await, READ);
        let kept = as_kept(&app).await;
        assert_eq!(kept.len(), 5);
        assert!(PLAIN.iter().all(|text| !holds(&kept, text)));
        assert!(survey(&app).await.unwrap().iter().all(|sort| sort.rest == 0));
        // Without the key file there are pages, and what is sealed stays shut.
        let bare = app.clone().with_secret_keys(SecretKeys::default());
        let clerk = &county.factories[0].clerk;
        let refused = look(&bare, clerk, async |cx| contact::own(cx).await.map(drop)).await;
        assert_eq!(refusal(refused).code(), "account.no_key");
        assert_eq!(
            refusal(fetch(&bare, clerk.clone(), Wanted::Attachment(paper)).await.map(drop)).code(),
            "account.no_key"
        );
    });
}

#[test]
fn what_lay_open_is_sealed_later_and_a_new_key_of_the_other_algorithm_takes_over() {
    on_both_engines(async |app| {
        let open = app.clone().with_secret_keys(SecretKeys::default());
        let county = County::open(&open).await;
        let paper = a_day(&open, &county).await.unwrap();
        let kept = as_kept(&app).await;
        assert!(PLAIN.iter().all(|text| holds(&kept, text)), "it lies open");
        assert_eq!(as_read(&app, &county, paper).await, READ);
        let old = SecretKeys::draw(Cipher::Aes).unwrap();
        let new = SecretKeys::draw(Cipher::Sm4).unwrap();
        for (text, begins) in [(old.clone(), "aes-256-gcm:"), (format!("{new}{old}"), "sm4-gcm:")] {
            let app = app.clone().with_secret_keys(SecretKeys::parse(&text).unwrap());
            let rest: i64 = survey(&app).await.unwrap().iter().map(|sort| sort.rest).sum();
            assert_eq!((rest, as_read(&app, &county, paper).await.as_str()), (6, READ));
            let mut told = Vec::new();
            assert_eq!(seal_all(&app, |done| told.push(done)).await.unwrap(), 6);
            assert_eq!((told[0], told.last()), (1, Some(&6)));
            let kept = as_kept(&app).await;
            assert!(kept.iter().all(|one| holds(std::slice::from_ref(one), begins)));
            assert!(PLAIN.iter().all(|text| !holds(&kept, text)));
            assert_eq!(seal_all(&app, |_| {}).await.unwrap(), 0);
        }
        // The old key is not needed any more.
        let only = app.clone().with_secret_keys(SecretKeys::parse(&new).unwrap());
        assert_eq!(as_read(&only, &county, paper).await, READ);
        verified(&app).await;
    });
}

#[test]
fn the_secret_of_a_phone_survives_a_new_key() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let pending = async |app: &App| look(app, &county.county, async |cx| second_factor::pending(cx).await).await;
        let old = SecretKeys::draw(Cipher::Aes).unwrap();
        let before = app.clone().with_secret_keys(SecretKeys::parse(&old).unwrap());
        second_factor::begin(&before, county.county.clone(), PASSWORD).await.unwrap();
        let secret = pending(&before).await.unwrap().unwrap().secret;
        let new = SecretKeys::draw(Cipher::Sm4).unwrap();
        let both = app.clone().with_secret_keys(SecretKeys::parse(&format!("{new}{old}")).unwrap());
        assert_eq!(seal_all(&both, |_| {}).await.unwrap(), 1);
        let only = app.clone().with_secret_keys(SecretKeys::parse(&new).unwrap());
        assert_eq!(pending(&only).await.unwrap().unwrap().secret, secret);
    });
}

#[test]
fn a_sealed_value_that_was_moved_to_another_row_stays_shut() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let paper = a_day(&app, &county).await.unwrap();
        app.write(None, async |cx| {
            let of_session = sealed::words(cx.tx(), Place::SessionAddress, "-").await?.remove(0);
            let of_contact = sealed::words(cx.tx(), Place::Contact, "-").await?.remove(0);
            Ok(sealed::put(cx.tx(), Place::Contact, &of_contact, &of_session.words).await?)
        })
        .await
        .unwrap();
        let clerk = &county.factories[0].clerk;
        assert!(look(&app, clerk, async |cx| contact::own(cx).await.map(drop)).await.is_err());
        let file = fetch(&app, clerk.clone(), Wanted::Attachment(paper)).await.unwrap();
        assert_eq!(file.content, PDF);
        app.write(None, async |cx| {
            let file = sealed::files(cx.tx(), b"-", "").await?.remove(0);
            let mut content = file.content;
            *content.last_mut().unwrap() ^= 1;
            Ok(sealed::put_file(cx.tx(), &file.sha256, content).await?)
        })
        .await
        .unwrap();
        assert!(fetch(&app, clerk.clone(), Wanted::Attachment(paper)).await.is_err());
    });
}

#[test]
fn a_file_that_waits_to_be_imported_comes_back_as_it_was() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let file = youju_app::attachment::take_in(&app, "工资.csv", "姓名,金额\n张三,1\n".into()).unwrap();
        let id = act(&app, clerk, async |cx| record::choose_file(cx, *unit, march(), file).await).await.unwrap();
        let back = look(&app, clerk, async |cx| youju_app::attachment::upload(cx, id).await).await.unwrap();
        assert_eq!(back.content, "姓名,金额\n张三,1\n".as_bytes());
        let raw = app.read(None, async |cx| Ok(youju_store::attachment::upload(cx.tx(), id).await?)).await.unwrap();
        assert!(!holds(&[raw.unwrap().content], "张三"));
    });
}
