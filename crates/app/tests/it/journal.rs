//! The journal in earnest: signed checkpoints, proof bundles that stand alone, printed forms looked up, letters sent.

use youju_app::contact::{self, Fate, settle, take};
use youju_app::journal::{PaperCode, bundle, look_up, published, sign};
use youju_app::{App, message, paper, reminder, report};
use youju_domain::contact::{Cadence, Contact, Quiet};
use youju_domain::report::State;
use youju_domain::survey::parse_local;
use youju_journal::{Algorithm, SignedCheckpoint, SigningKey, VerifyingKey, verify_bundle};
use youju_testkit::{County, april, on_both_engines};

use crate::make::{act, look, refusal};

fn keyed(app: &App) -> (App, Vec<VerifyingKey>) {
    let key = |algorithm, byte| SigningKey::new("tjj.lanxi.example/youju", algorithm, &[byte; 32]).unwrap();
    let keys = vec![key(Algorithm::Ed25519, 7), key(Algorithm::Sm2, 9)];
    let public = keys.iter().map(|key| key.verifying_key().clone()).collect();
    (app.clone().with_signing_keys(keys), public)
}

#[test]
fn checkpoints_are_signed_when_the_journal_has_grown() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let none = app.write(None, async |cx| sign(cx).await).await.unwrap();
        assert!(none.is_none(), "there is no key");
        let (app, keys) = keyed(&app);
        let first = app.write(None, async |cx| sign(cx).await).await.unwrap().unwrap();
        let again = app.write(None, async |cx| sign(cx).await).await.unwrap().unwrap();
        assert_eq!(first, again);
        county.bring(0, State::Submitted).await;
        let second = app.write(None, async |cx| sign(cx).await).await.unwrap().unwrap();
        assert!(second.size > first.size);
        let all = app.read(None, async |cx| published(cx, 10).await).await.unwrap();
        assert_eq!(all, [second, first]);
        for kept in &all {
            let signed = SignedCheckpoint::parse(&kept.note).unwrap();
            for key in &keys {
                signed.verify(key).unwrap();
            }
        }
    });
}

#[test]
fn a_proof_bundle_of_a_report_stands_alone() {
    on_both_engines(async |app| {
        let (app, keys) = keyed(&app);
        let county = County::open(&app).await;
        app.write(None, async |cx| sign(cx).await).await.unwrap();
        let id = county.bring(0, State::Submitted).await;
        let clerk = &county.factories[0].clerk;
        let text = look(&app, clerk, async |cx| bundle(cx, id).await).await.unwrap();
        let proved = verify_bundle(text.as_bytes(), &keys[..1]).unwrap();
        assert!(proved.is_proved() && proved.older.is_some());
        let entries = look(&app, clerk, async |cx| report::history(cx, id).await).await.unwrap();
        assert_eq!(proved.entries.len(), entries.len());
        // The figures themselves are in it: what was handed in can be read without this program.
        let cells: serde_json::Value = serde_json::from_slice(&proved.documents[0].bytes).unwrap();
        assert_eq!(cells["c301"]["value"]["number"], "120000");
        // One digit changed, and it is found.
        let forged = text.replace("\"version\\\":1", "\"version\\\":2");
        assert_ne!(forged, text);
        assert!(verify_bundle(forged.as_bytes(), &keys).is_err());
        // Without the key from elsewhere nothing is proved, and that is said.
        assert!(!verify_bundle(text.as_bytes(), &[]).unwrap().is_proved());
        let other = look(&app, &county.factories[1].clerk, async |cx| bundle(cx, id).await).await;
        assert_eq!(refusal(other).code(), "not_found");
    });
}

#[test]
fn a_printed_form_is_looked_up_by_its_code_and_an_altered_code_is_not() {
    on_both_engines(async |app| {
        let app = app.with_address("https://tj.lanxi.example/");
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let printed = look(&app, &county.factories[0].clerk, async |cx| paper::of_report(cx, id).await).await.unwrap();
        let code = printed.proof.unwrap().payload;
        assert!(code.starts_with("https://tj.lanxi.example/verify/"), "{code}");
        let find = async |code: &str| {
            let code = PaperCode::parse(code).unwrap();
            app.read(None, async |cx| look_up(cx, &code).await).await.unwrap()
        };
        let facts = find(&code).await.unwrap();
        assert_eq!((facts.version, facts.latest, facts.state), (1, 1, State::Submitted));
        let flip = |at: usize| {
            let mut altered: Vec<char> = code.chars().collect();
            altered[at] = if altered[at] == '0' { '1' } else { '0' };
            altered.into_iter().collect::<String>()
        };
        let (hash, root) = (code.len() - 64 - 4 - 60, code.len() - 5);
        for at in [hash, root] {
            assert!(find(&flip(at)).await.is_none(), "{}", flip(at));
        }
    });
}

#[test]
fn a_letter_is_sent_at_once_or_after_the_quiet_hours_and_tried_again_when_it_fails() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let clerk = &county.factories[0].clerk;
        let contact = Contact {
            person: clerk.person,
            channel: "mail".into(),
            address: "clerk@factory.example".into(),
            cadence: Cadence::AtOnce,
            quiet: Some(Quiet { from: 22 * 60, until: 7 * 60 }),
        };
        let set =
            async |contact: Option<Contact>| act(&app, clerk, async |cx| contact::set(cx, "mail", contact).await).await;
        let foreign = Contact { person: county.county.person, ..contact.clone() };
        assert_eq!(refusal(set(Some(foreign)).await).code(), "access.forbidden");
        set(Some(contact.clone())).await.unwrap();
        let remind = async || {
            let id = county.factories[0].report;
            act(&app, &county.county, async |cx| reminder::remind(cx, &[id], None, "请按时报送").await).await.unwrap()
        };
        remind().await;
        let ready = take(&app, "w").await.unwrap().unwrap();
        assert_eq!((ready.address.as_str(), ready.channel.as_str()), ("clerk@factory.example", "mail"));
        assert!(ready.subject.starts_with("请按时报送:B203") && take(&app, "w").await.unwrap().is_none());
        settle(&app, &ready, Fate::Failed("对方服务器忙".into(), chrono::TimeDelta::seconds(60))).await.unwrap();
        assert!(take(&app, "w").await.unwrap().is_none(), "it waits before it is tried again");
        app.world().set(april(2) + chrono::TimeDelta::minutes(2));
        let again = take(&app, "w").await.unwrap().unwrap();
        assert_eq!((again.job.id, again.job.attempts), (ready.job.id, 2));
        settle(&app, &again, Fate::Delivered("250 OK".into())).await.unwrap();
        let reach = look(&app, clerk, async |cx| contact::own(cx).await).await.unwrap();
        let states: Vec<&str> = reach.deliveries.iter().map(|delivery| delivery.state.as_str()).collect();
        assert_eq!(states, ["delivered", "failed"]);
        // At night it waits for the morning.
        app.world().set(parse_local("2026-04-02 23:00").unwrap());
        remind().await;
        assert!(take(&app, "w").await.unwrap().is_none());
        app.world().set(parse_local("2026-04-03 07:01").unwrap());
        settle(&app, &take(&app, "w").await.unwrap().unwrap(), Fate::Refused("地址不存在".into())).await.unwrap();
        // A daily digest is one letter, however many messages; what was read is not in it.
        set(Some(Contact { cadence: Cadence::Daily, quiet: None, ..contact })).await.unwrap();
        remind().await;
        remind().await;
        app.world().set(parse_local("2026-04-04 08:01").unwrap());
        let digest = take(&app, "w").await.unwrap().unwrap();
        assert!(digest.subject.ends_with("4 条消息待阅"), "{}", digest.subject);
        settle(&app, &digest, Fate::Delivered("ok".into())).await.unwrap();
        assert!(take(&app, "w").await.unwrap().is_none());
        // Whoever ends a channel gets nothing more by it.
        remind().await;
        set(None).await.unwrap();
        app.world().set(parse_local("2026-04-06 08:01").unwrap());
        assert!(take(&app, "w").await.unwrap().is_none());
        let unread = look(&app, clerk, async |cx| message::count_unread(cx).await).await.unwrap();
        assert_eq!(unread, 5, "the inbox has them all the same");
    });
}
