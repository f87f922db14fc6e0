//! Programs in cases: what is sent twice is done once, what wants somebody's own hand is refused, and the journal tells who it was.

use std::collections::BTreeMap;

use youju_app::api_key::{Keyed, authenticate, create};
use youju_app::attachment::{Looked, look_at};
use youju_app::case::effect::{self, names};
use youju_app::case::{self, Filter};
use youju_app::intake::case as intake;
use youju_app::list::PageRequest;
use youju_app::{App, Result};
use youju_domain::api_key::Uses;
use youju_domain::case::Command;
use youju_profile::{Files, load, load_cases};
use youju_store::journal;
use youju_testkit::{County, Factory, on_both_engines};

use crate::make::{act, refusal, verified};
use crate::register_cases::step;

const SENDING: &str = "3f1c5e0a-7b1d-4c55-9a53-0b4a3a1c2d4e";

/// A program of a factory that has shown its key.
async fn program(app: &App, factory: &Factory, uses: Uses) -> Keyed {
    let Factory { clerk, unit, .. } = factory;
    let made = act(app, clerk, async |cx| create(cx, *unit, "办事接口", None, uses).await).await.unwrap();
    authenticate(app, &made.secret).await.unwrap()
}

const CASES: Uses = Uses { ledgers: false, cases: true };

/// The unit has another telephone.
fn telephone(sending: &str) -> Command {
    let values = [("from_on", "2026-04-02"), ("why", "换号"), ("phone", "0579-88880009")];
    let values = values.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    Command { values, sending: Some(sending.to_owned()), ..Command::default() }
}

fn licence(app: &App) -> BTreeMap<String, Looked> {
    let file = ("营业执照.pdf".to_owned(), b"%PDF-1.7 licence".to_vec());
    [("document".to_owned(), look_at(app, vec![file]).unwrap())].into()
}

async fn open(app: &App, program: &Keyed, sending: &str) -> Result<intake::Opened> {
    intake::open(app, program, ("amendment", ""), telephone(sending), licence(app)).await
}

#[test]
fn what_a_program_sends_twice_is_one_case_and_the_journal_names_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (own, other) = (&county.factories[0], &county.factories[1]);
        let keyed = program(&app, own, CASES).await;
        let first = open(&app, &keyed, SENDING).await.unwrap();
        let (id, size) = (first.seen.case.id, verified(&app).await.size);
        let again = open(&app, &keyed, SENDING).await.unwrap();
        assert_eq!((first.is_new, again.is_new, again.seen.case.id), (true, false, id));
        assert_eq!(verified(&app).await.size, size, "what changes nothing leaves no trace");
        // On the page of the clerk, too; of somebody else, the same key is another sending.
        let by_hand = act(&app, &own.clerk, async |cx| {
            case::open(cx, "amendment", "", telephone(SENDING), licence(cx.app())).await
        });
        assert_eq!(by_hand.await.unwrap(), id);
        let neighbour = program(&app, other, CASES).await;
        assert!(open(&app, &neighbour, SENDING).await.unwrap().is_new);
        assert!(open(&app, &keyed, "3f1c5e0a-7b1d-4c55-9a53-0b4a3a1c2d4f").await.unwrap().is_new);

        let told = app.read(None, async |cx| Ok(journal::of_object(cx.tx(), "case", &id.to_string()).await?)).await;
        let told = told.unwrap();
        assert_eq!((told.len(), told[0].action.as_str()), (1, "case.opened"));
        assert_eq!(told[0].actor_name, format!("{}(接口 办事接口)", own.clerk.name));
        assert_eq!(told[0].actor_id, Some(own.clerk.person.uuid()));
        for (keyed, count) in [(&keyed, 2), (&neighbour, 1)] {
            let found = intake::list(&app, keyed, Filter::default(), PageRequest::default()).await.unwrap();
            assert_eq!(found.total, count);
        }
        let foreign = intake::get(&app, &neighbour, &id.to_string()).await;
        assert_eq!(refusal(foreign.map(drop)).says(), refusal(intake::get(&app, &keyed, "x").await.map(drop)).says());
        verified(&app).await;
    });
}

#[test]
fn a_key_for_one_thing_does_not_do_the_other() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let keyed = program(&app, &county.factories[0], Uses::LEDGERS).await;
        let size = verified(&app).await.size;
        let told = [
            refusal(open(&app, &keyed, SENDING).await.map(drop)),
            refusal(intake::types(&app, &keyed).await.map(drop)),
            refusal(intake::list(&app, &keyed, Filter::default(), PageRequest::default()).await.map(drop)),
            refusal(intake::get(&app, &keyed, "x").await.map(drop)),
            refusal(intake::take(&app, &keyed, "x", telephone(SENDING), BTreeMap::new()).await.map(drop)),
        ];
        assert!(told.iter().all(|problem| problem.code() == "api_key.wrong_use"), "{told:?}");
        assert_eq!(verified(&app).await.size, size);
        let march = youju_codes::Period::parse("2026-03").unwrap();
        let keyed = program(&app, &county.factories[0], CASES).await;
        let standing = youju_app::intake::standing(&app, &keyed, march).await;
        assert_eq!(refusal(standing.map(drop)).code(), "api_key.wrong_use");
        let both = program(&app, &county.factories[0], Uses { ledgers: true, cases: true }).await;
        assert!(open(&app, &both, SENDING).await.is_ok());
        assert!(youju_app::intake::standing(&app, &both, march).await.is_ok());
    });
}

/// The shipped types, with something of 调查单位变更 otherwise.
fn otherwise(app: App, from: &str, to: &str) -> App {
    let (files, mut shared) = (Files::shipped(), Files::shipped_cases());
    let text = shared.get("amendment.toml").unwrap();
    assert!(text.contains(from), "{from}");
    let text = text.replace(from, to);
    shared.put("amendment.toml", &text);
    app.with_case_types(load_cases(&shared, &files, &load(&files).unwrap(), &names(effect::ALL)).unwrap())
}

#[test]
fn what_wants_a_name_written_by_hand_is_left_to_people() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = &county.factories[0];
        let keyed = program(&app, own, CASES).await;
        // An act: the case is there, the program reads it and is told why not.
        let returned = open(&app, &keyed, SENDING).await.unwrap().seen.case.id;
        step(&app, &county.township, returned, "return", &[], &[]).await.unwrap();
        let signed = "key = \"other\"\nlabel = \"其他材料\"\nsignature = true";
        let app = otherwise(app, "key = \"other\"\nlabel = \"其他材料\"", signed);
        let types = intake::types(&app, &keyed).await.unwrap();
        let kind = &types.iter().find(|one| one.kind.key == "amendment").unwrap().kind;
        assert!(kind.wants_a_hand(None).is_some());
        let fresh = "3f1c5e0a-7b1d-4c55-9a53-0b4a3a1c2d4f";
        let size = verified(&app).await.size;
        let refused = refusal(open(&app, &keyed, fresh).await.map(drop));
        assert_eq!(
            refused.to_string(),
            "“提出变更”要交本人的手写签名,不能由软件办理。请经办人登录系统,在事项页面上办理。"
        );
        assert_eq!(verified(&app).await.size, size);
        let by_hand = act(&app, &own.clerk, async |cx| {
            case::open(cx, "amendment", "", telephone(fresh), licence(cx.app())).await
        });
        let by_hand = by_hand.await.unwrap();
        step(&app, &county.township, by_hand, "return", &[], &[]).await.unwrap();
        // Of a case the version counts that it was opened with.
        for (id, may) in [(returned, true), (by_hand, false)] {
            let id = id.to_string();
            let revision = intake::get(&app, &keyed, &id).await.unwrap().case.revision;
            let sending = Some("aaaaaaaa-00000001".to_owned());
            let mend = Command { act: "mend".into(), revision, sending, ..Command::default() };
            let done = intake::take(&app, &keyed, &id, mend, BTreeMap::new()).await;
            if may {
                assert_eq!(done.unwrap().unwrap().case.state(), "township");
            } else {
                assert_eq!(refusal(done.map(drop)).code(), "case.only_in_person");
            }
        }
    });
}
