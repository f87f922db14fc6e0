//! 激活: an administrator opens accounts by a table, letters are printed, and each person comes in by the code of their own letter, once.

use chrono::TimeDelta;
use youju_app::access::{Browser, Entered, Holder, actor_of, holder_of, sign_in};
use youju_app::activation::{self, Filter, Typed, activate};
use youju_app::opening::{self, counts, read_table, rows_for_all};
use youju_app::{App, Result, register, second_factor};
use youju_domain::access::{Actor, Role};
use youju_domain::account::Due;
use youju_domain::activation::{NAME_TO_COME, Standing, TERM_DAYS, Wording};
use youju_domain::id::PersonId;
use youju_domain::opening::Fate;
use youju_domain::second_factor::Duty;
use youju_store::backup::{TABLES, each};
use youju_store::register::PageRequest;
use youju_testkit::{County, PASSWORD, april, code_on_phone, new_unit, newcomer, on_both_engines};

use crate::make::{act, look, refusal, verified};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };
const NEW: &str = "Kuvo-9-Lanhua";

/// A letter as it was printed, line by line.
struct Letter {
    name: String,
    login: String,
    code: String,
    scan: String,
    text: String,
}

fn wording() -> Wording {
    Wording { contact: "李四 0579-88880000".into(), site: "http://youju.test/".into() }
}

fn read(pdf: &[u8]) -> Vec<Letter> {
    let text = String::from_utf8(pdf.to_vec()).unwrap();
    let letters = text.split("\n\n").map(|one| {
        let lines: Vec<&str> = one.lines().collect();
        let [name, login, code, scan] = [0, 3, 5, 6].map(|at: usize| lines[at].to_owned());
        Letter { name, login, code, scan, text: one.to_owned() }
    });
    letters.collect()
}

async fn print(app: &App, by: &Actor, people: &[PersonId]) -> Result<Vec<Letter>> {
    Ok(read(&activation::letters(app, by, people, wording()).await?.1))
}

async fn arrive(app: &App, login: &str, code: &str, name: &str, new: &str) -> Result<Entered> {
    let [login, code, name, new] = [login, code, name, new].map(str::to_owned);
    activate(app, Typed { login, code, name, again: new.clone(), new }, &Browser::default()).await
}

fn inside(entered: Entered) -> youju_app::access::SignedIn {
    match entered {
        Entered::In(signed) => signed,
        Entered::Halfway { .. } => panic!("halfway"),
    }
}

/// Opens the good rows of a table.
async fn opened(app: &App, by: &Actor, table: &str) -> Vec<PersonId> {
    let table = read_table(app, "名单.csv", table.as_bytes().to_vec()).unwrap();
    let looked = look(app, by, async |cx| opening::look(cx, &table.rows).await).await.unwrap();
    let (opens, _) = counts(&looked);
    act(app, by, async |cx| opening::open(cx, &table.rows, opens).await).await.unwrap()
}

/// A new unit of the register without people.
async fn unit(county: &County, number: usize) -> String {
    let new = new_unit(number, "330781001000", "1411");
    let usci = new.usci.to_string();
    act(&county.app, &county.county, async |cx| register::enrol(cx, new).await).await.unwrap();
    usci
}

#[test]
fn three_people_of_a_table_come_in_by_their_letters_and_a_broken_row_stops_nobody() {
    on_both_engines(async |app| {
        let app = app.with_second_factor(Duty::Officers);
        let county = County::open(&app).await;
        let usci = unit(&county, 500).await;
        let table = format!(
            "姓名,备注,角色,统一社会信用代码,区划代码,账号\n\
             周平,新,县级统计人员,,330781,xian02\n\
             无名,,厂长,{usci},,\n\
             吴芳,,填报人,{usci},,\n\
             ,,单位负责人,{usci},,\n"
        );
        let read_back = read_table(&app, "名单.csv", table.clone().into_bytes()).unwrap();
        let looked = look(&app, &county.admin, async |cx| opening::look(cx, &read_back.rows).await).await.unwrap();
        assert_eq!(counts(&looked), (3, 1));
        assert!(matches!(&looked[1], (typed, Fate::Wrong(reason)) if typed.row == 3 && reason.contains("厂长")));
        // What has changed since the look is not taken for what was shown.
        let other = act(&app, &county.admin, async |cx| opening::open(cx, &read_back.rows, 4).await).await;
        assert_eq!(refusal(other).code(), "conflict");
        let people = opened(&app, &county.admin, &table).await;
        assert_eq!(people.len(), 3);
        // Nobody has a password: no word opens the door, and before the letter no code either.
        assert_eq!(refusal(sign_in(&app, "xian02", "").await).code(), "access.wrong_password");
        assert_eq!(refusal(arrive(&app, "xian02", "", "", NEW).await).code(), "account.wrong_activation");

        let letters = print(&app, &county.admin, &people).await.unwrap();
        assert_eq!(letters.len(), 3);
        let of = |login: &str| letters.iter().find(|one| one.login == login).unwrap();
        let (officer, clerk, head) = (of("xian02"), of(&usci), of(&format!("{usci}-fz")));
        assert!(officer.text.contains("兰溪市") && officer.text.contains("李四 0579-88880000"), "{}", officer.text);
        assert!(clerk.text.contains("虚构第500号食品厂") && clerk.text.contains("2026-05-02 12:00"), "{}", clerk.text);
        let plain = officer.code.replace(' ', "");
        assert_eq!(officer.scan, format!("http://youju.test/activate#{plain}"));
        assert!(!officer.scan.contains("xian02"), "whatever reads the picture has half of what is needed");

        // Somebody else's code opens nothing; a weak password does not use the own one up.
        assert_eq!(refusal(arrive(&app, "xian02", &clerk.code, "", NEW).await).code(), "account.wrong_activation");
        assert_eq!(refusal(arrive(&app, "xian02", &plain, "", "Tongjiju2026").await).code(), "account.weak_password");
        let signed = inside(arrive(&app, "xian02", &plain.to_lowercase(), "", NEW).await.unwrap());
        assert_eq!((signed.actor.name.as_str(), signed.due), ("周平", Some(Due::SecondFactor)));
        assert_eq!(refusal(arrive(&app, "xian02", &plain, "", NEW).await).code(), "account.wrong_activation");
        assert_eq!(sign_in(&app, "xian02", NEW).await.unwrap().due, Some(Due::SecondFactor));
        // People of units are not obliged here; whom the letter does not name says who they are.
        let signed = inside(arrive(&app, &usci, &clerk.code, "", NEW).await.unwrap());
        assert_eq!((signed.actor.name.as_str(), signed.due), ("吴芳", None));
        actor_of(&app, &signed.token).await.unwrap();
        assert_eq!(head.name, NAME_TO_COME);
        let nameless = arrive(&app, &head.login, &head.code, "", NEW).await;
        assert_eq!(refusal(nameless).code(), "account.name_due");
        let signed = inside(arrive(&app, &head.login, &head.code, "郑强", NEW).await.unwrap());
        assert_eq!(signed.actor.name, "郑强");
        let left = look(&app, &county.admin, async |cx| activation::waiting(cx, &Filter::default(), ALL).await);
        assert_eq!(left.await.unwrap().total, 0);
        let again = print(&app, &county.admin, &people[..1]).await.map(drop);
        assert_eq!(refusal(again).code(), "account.activated");
        let codes: Vec<String> = letters.iter().map(|one| one.code.replace(' ', "")).collect();
        nothing_is_kept_in_the_open(&app, &codes).await;
        verified(&app).await;
    });
}

/// Neither code nor password stands in the journal or in a table.
async fn nothing_is_kept_in_the_open(app: &App, codes: &[String]) {
    let mut tx = app.db().read().await.unwrap();
    let mut kept = Vec::new();
    for table in TABLES {
        let take = |line: &str| {
            kept.push(line.to_owned());
            Ok(())
        };
        each(&mut tx, table, take).await.unwrap();
    }
    let all = kept.join("\n");
    assert!(all.contains("account.letter_printed") && all.contains("account.activated"));
    for code in codes {
        let spaced = code.chars().collect::<Vec<_>>().chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ");
        for secret in [code.as_str(), &code.to_lowercase(), &spaced, NEW] {
            assert!(!all.contains(secret), "a secret is kept in the open");
        }
    }
}

#[test]
fn a_letter_runs_out_and_the_next_one_makes_it_void() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let people = opened(&app, &county.admin, "角色,姓名,账号,区划代码\n县级统计人员,周平,xian02,330781\n").await;
        let first = print(&app, &county.admin, &people).await.unwrap().remove(0);
        let second = print(&app, &county.admin, &people).await.unwrap().remove(0);
        assert_ne!(first.code, second.code);
        assert_eq!(refusal(arrive(&app, "xian02", &first.code, "", NEW).await).code(), "account.wrong_activation");
        app.world().set(april(2) + TimeDelta::days(TERM_DAYS));
        let late = refusal(arrive(&app, "xian02", &second.code, "", NEW).await);
        assert_eq!(late.code(), "account.activation_run_out");
        assert!(late.says().contains("2026-05-02 12:00"), "{}", late.says());
        let over = Filter { standing: "run_out".into(), ..Filter::default() };
        let listed = look(&app, &county.admin, async |cx| activation::waiting(cx, &over, ALL).await).await.unwrap();
        assert!(matches!(listed.rows[0].activation.standing(app.world().now()), Standing::RunOut { .. }));
        assert_eq!(look(&app, &county.security, async |cx| activation::count(cx).await).await.unwrap(), (1, 1));
        let third = print(&app, &county.admin, &people).await.unwrap().remove(0);
        inside(arrive(&app, "xian02", &third.code, "", NEW).await.unwrap());
        assert_eq!(look(&app, &county.admin, async |cx| activation::count(cx).await).await.unwrap(), (0, 0));
    });
}

#[test]
fn guessing_codes_is_slowed_down_alike_for_accounts_that_wait_that_are_in_use_and_that_do_not_exist() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let people = opened(&app, &county.admin, "角色,姓名,账号,区划代码\n县级统计人员,周平,xian02,330781\n").await;
        let letter = print(&app, &county.admin, &people).await.unwrap().remove(0);
        for login in ["xian02", "xian", "nobody"] {
            let mut told = Vec::new();
            for _ in 0..6 {
                let guess = "AAAA AAAA AAAA AAAA AAAA AAAA AAAA";
                told.push(refusal(arrive(&app, login, guess, "", NEW).await).to_string());
            }
            assert!(told[4].contains("账号或激活码不正确"), "{login}: {}", told[4]);
            assert!(told[5].contains("30 秒"), "{login}: {}", told[5]);
        }
        // Whoever holds the letter waits as well, and comes in then.
        let waits = refusal(arrive(&app, "xian02", &letter.code, "", NEW).await);
        assert_eq!(waits.code(), "access.too_many_attempts");
        app.world().set(april(2) + TimeDelta::minutes(1));
        inside(arrive(&app, "xian02", &letter.code, "", NEW).await.unwrap());
    });
}

#[test]
fn a_lost_password_is_taken_away_by_the_security_administrator_and_by_nobody_else() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let clerk = county.factories[0].clerk.person;
        let token = sign_in(&app, "tb000", PASSWORD).await.unwrap().token;
        let reset =
            async |by: &Actor, who: PersonId| activation::reset(&app, by, who, "本人来电,已核实", wording()).await;
        assert_eq!(refusal(reset(&county.admin, clerk).await).code(), "access.forbidden");
        assert_eq!(refusal(print(&app, &county.admin, &[clerk]).await).code(), "account.activated");
        assert_eq!(refusal(reset(&county.county, clerk).await).code(), "not_found");
        assert_eq!(refusal(reset(&county.security, county.admin.person).await).code(), "bad_input");
        let letter = read(&reset(&county.security, clerk).await.unwrap().1).remove(0);
        assert_eq!(refusal(actor_of(&app, &token).await).code(), "access.signed_out");
        let old = sign_in(&app, "tb000", PASSWORD).await;
        assert_eq!(refusal(old).code(), "access.wrong_password");
        // Until it is activated again, whoever opens accounts has no way into it.
        assert_eq!(refusal(print(&app, &county.admin, &[clerk]).await).code(), "account.activated");
        inside(arrive(&app, "tb000", &letter.code, "", NEW).await.unwrap());
        // Lost once more: the password that was lost does not come back.
        let letter = read(&reset(&county.security, clerk).await.unwrap().1).remove(0);
        let used = arrive(&app, "tb000", &letter.code, "", NEW).await;
        assert_eq!(refusal(used).code(), "account.password_used_before");
        let signed = inside(arrive(&app, "tb000", &letter.code, "", "Kuvo-8-Lanhua").await.unwrap());
        assert_eq!(signed.due, None);
        let told = look(&app, &signed.actor, async |cx| youju_app::message::list(cx, ALL).await).await.unwrap();
        assert!(told.rows.iter().any(|one| one.body.contains("本人来电,已核实")));
    });
}

#[test]
fn a_letter_is_no_way_around_the_second_factor() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let officer = county.county.clone();
        let token = sign_in(&app, "xian", PASSWORD).await.unwrap().token;
        let Holder::Full { session, .. } = holder_of(&app, &token).await.unwrap() else { panic!("halfway") };
        second_factor::begin(&app, officer.clone(), PASSWORD).await.unwrap();
        let pending = look(&app, &officer, async |cx| second_factor::pending(cx).await).await.unwrap().unwrap();
        let code = code_on_phone(&pending.secret, app.world().now());
        second_factor::confirm(&app, officer.clone(), session, &code).await.unwrap();
        let reset = activation::reset(&app, &county.security, officer.person, "本人来电,已核实", wording()).await;
        let letter = read(&reset.unwrap().1).remove(0);
        assert!(matches!(arrive(&app, "xian", &letter.code, "", NEW).await.unwrap(), Entered::Halfway { .. }));
    });
}

#[test]
fn every_unit_without_an_account_gets_one_in_one_go_and_people_of_the_register_are_recognised() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let mut codes = Vec::new();
        for number in 500..503 {
            codes.push(unit(&county, number).await);
        }
        // The shop of the county and the three new units; the factories have their people.
        let found = look(&app, &county.admin, async |cx| opening::without(cx, "", ALL).await).await.unwrap();
        assert_eq!(found.total, 4);
        let roles = [Role::Statistician, Role::UnitHead];
        let rows = look(&app, &county.admin, async |cx| rows_for_all(cx, "虚构第50", &roles).await).await.unwrap();
        assert_eq!(rows.len(), 6);
        let written = opening::written(&rows).unwrap();
        let table = read_table(&app, "没有账号的单位.csv", written).unwrap();
        let same: Vec<&str> = table.rows.iter().map(|row| row.usci.as_str()).collect();
        assert_eq!(same, rows.iter().map(|row| row.usci.as_str()).collect::<Vec<_>>());
        let people = act(&app, &county.admin, async |cx| opening::open(cx, &table.rows, 6).await).await.unwrap();
        assert_eq!(people.len(), 6);
        let left = look(&app, &county.admin, async |cx| opening::without(cx, "", ALL).await).await.unwrap();
        assert_eq!(left.total, 1);
        // Offices and other administrators open nothing.
        for (who, code) in [(&county.county, "not_found"), (&county.security, "access.forbidden")] {
            let opened = act(&app, who, async |cx| opening::open(cx, &table.rows, 6).await).await;
            assert_eq!(refusal(opened).code(), code, "{}", who.name);
        }
        let somebody = newcomer(&county, "other", &county.admin).await;
        assert!(
            act(&app, &somebody, async |cx| opening::open(cx, &table.rows, 6).await).await.is_err(),
            "all are there"
        );
    });
}
