//! The journal in earnest: signed checkpoints, proof bundles that stand alone, printed forms looked up, letters sent.

use youju_app::contact::{self, Fate, Ready, settle, take};
use youju_app::journal::{PaperCode, bundle, look_up, published, sign};
use youju_app::{App, Result, journal, message, paper, reminder, report, review};
use youju_domain::Instant;
use youju_domain::access::Actor;
use youju_domain::contact::{Cadence, Contact, Quiet};
use youju_domain::report::State;
use youju_domain::survey::parse_local;
use youju_journal::{Algorithm, SignedCheckpoint, SigningKey, VerifyingKey, verify_bundle};
use youju_store::outbox::{self, NewJob};
use youju_testkit::{County, april, on_both_engines};

use crate::make::{act, actions, look, refusal};

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
        // The unit takes its own; of an officer it is written down.
        for (by, expected) in [(clerk, 0), (&county.county, 1)] {
            journal::fetch_bundle(&app, by.clone(), id).await.unwrap();
            let fetched = actions(&app, id).await.iter().filter(|action| *action == "report.proof_fetched").count();
            assert_eq!(fetched, expected, "{}", by.name);
        }
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
        // Each of its five pieces is altered in turn: report, version, hash, entry, root.
        let (server, pieces) = code.split_once("/verify/").unwrap();
        let pieces: Vec<&str> = pieces.split('/').collect();
        assert_eq!(pieces.len(), 5);
        for at in 0..pieces.len() {
            let mut altered: Vec<String> = pieces.iter().map(|piece| (*piece).to_owned()).collect();
            let last = if altered[at].ends_with('7') { "8" } else { "7" };
            altered[at].pop();
            altered[at].push_str(last);
            assert!(find(&format!("{server}/verify/{}", altered.join("/"))).await.is_none(), "{altered:?}");
        }
    });
}

/// How a clerk wants to be reached by mail: from 22:00 to 07:00 not at all.
fn by_mail(clerk: &Actor) -> Contact {
    Contact {
        person: clerk.person,
        channel: "mail".into(),
        address: "clerk@factory.example".into(),
        cadence: Cadence::AtOnce,
        quiet: Some(Quiet { from: 22 * 60, until: 7 * 60 }),
    }
}

async fn set_mail(app: &App, clerk: &Actor, contact: Option<Contact>) -> Result<()> {
    act(app, clerk, async |cx| contact::set(cx, "mail", contact).await).await
}

/// The office reminds the first factory.
async fn remind(app: &App, county: &County) {
    let id = county.factories[0].report;
    act(app, &county.county, async |cx| reminder::remind(cx, &[id], None, "请按时报送").await).await.unwrap();
}

fn at(text: &str) -> Instant {
    parse_local(text).unwrap()
}

#[test]
fn a_letter_is_sent_at_once_or_after_the_quiet_hours_and_tried_again_when_it_fails() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let clerk = &county.factories[0].clerk;
        let foreign = Contact { person: county.county.person, ..by_mail(clerk) };
        assert_eq!(refusal(set_mail(&app, clerk, Some(foreign)).await).code(), "access.forbidden");
        set_mail(&app, clerk, Some(by_mail(clerk))).await.unwrap();
        remind(&app, &county).await;
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
        app.world().set(at("2026-04-02 23:00"));
        remind(&app, &county).await;
        assert!(take(&app, "w").await.unwrap().is_none());
        app.world().set(at("2026-04-03 07:01"));
        settle(&app, &take(&app, "w").await.unwrap().unwrap(), Fate::Refused("地址不存在".into())).await.unwrap();
        // Whoever ends a channel gets nothing more by it.
        remind(&app, &county).await;
        set_mail(&app, clerk, None).await.unwrap();
        app.world().set(at("2026-04-03 09:00"));
        assert!(take(&app, "w").await.unwrap().is_none());
        let unread = look(&app, clerk, async |cx| message::count_unread(cx).await).await.unwrap();
        assert_eq!(unread, 3, "the reminders; the opening is a task");
    });
}

#[test]
fn a_daily_digest_is_one_letter_with_everything_unread_and_nothing_twice() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let clerk = &county.factories[0].clerk;
        remind(&app, &county).await;
        set_mail(&app, clerk, Some(Contact { cadence: Cadence::Daily, quiet: None, ..by_mail(clerk) })).await.unwrap();
        remind(&app, &county).await;
        remind(&app, &county).await;
        app.world().set(at("2026-04-04 08:01"));
        let digest = take(&app, "w").await.unwrap().unwrap();
        // The opening and the reminder from before the digest was wished for are in it: nobody has read them.
        assert!(digest.subject.ends_with("4 条消息待阅"), "{}", digest.subject);
        settle(&app, &digest, Fate::Delivered("ok".into())).await.unwrap();
        assert!(take(&app, "w").await.unwrap().is_none());
        app.world().set(at("2026-04-04 08:02"));
        // A returned report lies in the inbox as a task. Whoever reads a digest learns of it, and of nothing twice.
        county.bring(0, State::Submitted).await;
        let id = county.factories[0].report;
        let reason = "营业收入与开票额不符";
        act(&app, &county.county, async |cx| review::return_(cx, id, reason).await).await.unwrap();
        app.world().set(at("2026-04-05 08:01"));
        let digest = take(&app, "w").await.unwrap().unwrap();
        let Ready { subject, text, .. } = &digest;
        assert!(subject.contains("1 条") && text.contains("被退回"), "{subject} {text}");
    });
}

#[test]
fn work_that_no_program_knows_is_not_taken_for_done() {
    on_both_engines(async |app| {
        let foreign = NewJob {
            id: app.world().new_id(),
            kind: "totals.refresh".into(),
            payload: serde_json::json!({}),
            run_at: app.world().now(),
            dedup_key: None,
        };
        app.write(None, async |cx| Ok(outbox::enqueue(cx.tx(), foreign).await?)).await.unwrap();
        assert!(take(&app, "w").await.unwrap().is_none());
        let later = app.world().now() + chrono::TimeDelta::minutes(5);
        let kept = app.write(None, async |cx| Ok(outbox::claim(cx.tx(), "w", later, later).await?)).await.unwrap();
        assert_eq!(kept.map(|job| (job.kind, job.attempts)), Some(("totals.refresh".into(), 2)));
    });
}
