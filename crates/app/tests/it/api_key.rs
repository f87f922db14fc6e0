//! Keys of programs: who makes and ends them, what they let in, and when they let in nothing.

use std::sync::Arc;

use chrono::TimeDelta;
use rust_decimal::Decimal;
use youju_app::api_key::{Created, Keyed, authenticate, create, list, revoke};
use youju_app::attachment::Verdict;
use youju_app::intake::{self, Said};
use youju_app::record::{self, Asked, Choice, FileKind, RecordKind};
use youju_app::{App, Result};
use youju_codes::Period;
use youju_domain::access::Actor;
use youju_domain::api_key::Uses;
use youju_domain::id::UnitId;
use youju_domain::record::RecordImport;
use youju_store::{api_key, journal};
use youju_testkit::{County, Factory, TRIAL_BALANCE, VOUCHERS, april, on_both_engines, on_sqlite};

use crate::make::{act, look, refusal, verified};

fn march() -> Period {
    Period::parse("2026-03").unwrap()
}

async fn made(app: &App, by: &Actor, unit: UnitId, name: &str) -> Result<Created> {
    act(app, by, async |cx| create(cx, unit, name, None, Uses::LEDGERS).await).await
}

/// The first factory with a program that has shown its key.
async fn with_program(app: &App) -> (County, Created, Keyed) {
    let county = County::open(app).await;
    let Factory { clerk, unit, .. } = &county.factories[0];
    let created = made(app, clerk, *unit, "用友接口").await.unwrap();
    let program = authenticate(app, &created.secret).await.unwrap();
    (county, created, program)
}

async fn give_balance(app: &App, program: &Keyed, text: &str) -> Result<(bool, usize)> {
    let file = intake::read_trial_balance(app, "三月.csv", text.as_bytes().to_vec())?;
    let outcome = intake::trial_balance(app, program, march(), file).await?;
    Ok((outcome.is_new, outcome.import.lines.len()))
}

async fn give_records(app: &App, program: &Keyed, text: &str) -> Result<(bool, RecordImport)> {
    let known = intake::known(app, program).await?;
    let said = Said { kind: RecordKind::VoucherJournal, sheet: None, period: march() };
    let file = intake::read_records(app, "三月凭证.csv", text.as_bytes().to_vec(), &known, &said)?;
    let outcome = intake::records(app, program, file).await?;
    Ok((outcome.is_new, outcome.import))
}

#[track_caller]
fn code<T>(answer: Result<T>) -> &'static str {
    refusal(answer).code()
}

#[test]
fn only_a_statistician_of_the_unit_makes_a_key_and_the_units_people_end_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, unit, .. } = &county.factories[0];
        for (actor, refused) in [
            (head, "access.forbidden"),
            (&county.factories[1].clerk, "not_found"),
            (&county.township, "access.forbidden"),
            (&county.county, "access.forbidden"),
            (&county.neighbour, "not_found"),
            (&county.admin, "not_found"),
        ] {
            assert_eq!(code(made(&app, actor, *unit, "用友接口").await), refused, "{}", actor.name);
            if actor != head {
                let listed = look(&app, actor, async |cx| list(cx, *unit).await).await;
                assert_eq!(code(listed.map(drop)), refused, "{}", actor.name);
            }
        }
        let (first, second) =
            (made(&app, clerk, *unit, "用友接口").await.unwrap(), made(&app, clerk, *unit, "金蝶接口").await.unwrap());
        assert!(first.secret.starts_with("yj_") && first.secret.len() == 67 && first.secret != second.secret);
        assert!(first.secret.starts_with(&first.key.prefix) && !format!("{:?}", first.key).contains(&first.secret));
        for by in [&county.factories[1].clerk, &county.county] {
            let refused = act(&app, by, async |cx| revoke(cx, first.key.id).await).await;
            assert!(matches!(code(refused), "not_found" | "access.forbidden"));
        }
        act(&app, head, async |cx| revoke(cx, first.key.id).await).await.unwrap();
        let again = act(&app, clerk, async |cx| revoke(cx, first.key.id).await).await.unwrap();
        assert_eq!(again.revoked, Some((april(2), head.person)), "who ended it first");
        let listed = look(&app, clerk, async |cx| list(cx, *unit).await).await.unwrap();
        let kept: Vec<_> = listed.iter().map(|one| (one.key.clone(), one.by.as_str())).collect();
        assert_eq!(kept.len(), 2);
        assert!(kept.contains(&(second.key, clerk.name.as_str())) && kept.contains(&(again, clerk.name.as_str())));
        verified(&app).await;
    });
}

#[test]
fn unknown_expired_and_revoked_keys_are_refused_alike_and_so_is_one_whose_person_has_gone() {
    on_both_engines(async |app| {
        let (county, Created { key, secret }, program) = with_program(&app).await;
        let wrong = async |secret: &str| refusal(authenticate(&app, secret).await.map(drop)).to_string();
        let unknown = wrong(&format!("yj_{}", "0".repeat(64))).await;
        assert!(unknown.starts_with("接口密钥无效。"), "{unknown}");
        for other in ["", "yj_", &secret.to_uppercase(), &key.secret_hash, &key.prefix, &format!("{secret} ")] {
            assert_eq!(wrong(other).await, unknown, "{other}");
        }
        app.world().set(key.expires_at - TimeDelta::seconds(1));
        assert!(authenticate(&app, &secret).await.is_ok());
        app.world().set(key.expires_at);
        assert_eq!(wrong(&secret).await, unknown, "expired");
        assert_eq!(
            code(give_balance(&app, &program, TRIAL_BALANCE).await),
            "api_key.wrong",
            "expired while it was read"
        );
        app.world().set(april(3));
        let Factory { clerk, head, unit, .. } = &county.factories[0];
        act(&app, head, async |cx| revoke(cx, key.id).await).await.unwrap();
        assert_eq!(wrong(&secret).await, unknown, "revoked");
        assert_eq!(
            code(give_balance(&app, &program, TRIAL_BALANCE).await),
            "api_key.wrong",
            "revoked while it was read"
        );
        // A key of somebody who does not fill in for the unit, as after they have left it.
        let foreign = youju_domain::api_key::ApiKey {
            id: youju_domain::id::ApiKeyId::new(uuid(7)),
            by: county.factories[1].clerk.person,
            secret_hash: youju_app::crypto::sha256(b"yj_left"),
            revoked: None,
            ..key
        };
        act(&app, clerk, async |cx| Ok(api_key::add(cx.tx(), &foreign).await?)).await.unwrap();
        assert_eq!((foreign.unit, wrong("yj_left").await), (*unit, unknown));
    });
}

fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

#[test]
fn the_same_content_counts_once_and_the_journal_tells_the_program_from_the_person() {
    on_both_engines(async |app| {
        let (county, created, program) = with_program(&app).await;
        assert_eq!(give_balance(&app, &program, TRIAL_BALANCE).await.unwrap(), (true, 14));
        let entries = verified(&app).await.size;
        assert_eq!(give_balance(&app, &program, TRIAL_BALANCE).await.unwrap(), (false, 14));
        let (is_new, first) = give_records(&app, &program, VOUCHERS).await.unwrap();
        assert!(is_new);
        assert_eq!(give_records(&app, &program, VOUCHERS).await.unwrap(), (false, first.clone()));
        assert_eq!(verified(&app).await.size, entries + 1, "what changes nothing leaves no trace");
        let altered = VOUCHERS.replace("收到货款", "收货款");
        assert!(give_records(&app, &program, &altered).await.unwrap().0);
        assert!(give_records(&app, &program, VOUCHERS).await.unwrap().0, "what counted before is new again");

        let standing = intake::standing(&app, &program, march()).await.unwrap();
        assert_eq!(standing.trial_balance.map(|(import, earlier)| (import.lines.len(), earlier)), Some((14, 0)));
        let held: Vec<_> =
            standing.records.iter().map(|(one, earlier)| (one.kind.as_str(), one.count, *earlier)).collect();
        assert_eq!(held, [("voucher_journal", 10, 2)]);

        let clerk = &county.factories[0].clerk;
        let of = async |kind: &str, id: String| {
            app.read(None, async |cx| Ok(journal::of_object(cx.tx(), kind, &id).await?)).await.unwrap()
        };
        let imported = of("record", first.id.to_string()).await;
        assert_eq!(imported[0].actor_name, format!("{}(接口 用友接口)", clerk.name));
        assert_eq!((imported[0].actor_id, first.by), (Some(clerk.person.uuid()), clerk.person));
        let key = of("api_key", created.key.id.to_string()).await;
        assert_eq!((key.len(), key[0].action.as_str()), (1, "api_key.created"));
        assert!(!key[0].payload.to_string().contains(&created.secret[12..]));
    });
}

#[test]
fn a_use_is_noted_once_a_minute() {
    on_both_engines(async |app| {
        let (_, created, _) = with_program(&app).await;
        let used = async || {
            let found = app.read(None, async |cx| Ok(api_key::get(cx.tx(), created.key.id).await?)).await;
            found.unwrap().unwrap().last_used_at
        };
        assert_eq!(used().await, Some(april(2)));
        for (seconds, noted) in [(60, 0), (61, 61), (100, 61), (122, 122)] {
            app.world().set(april(2) + TimeDelta::seconds(seconds));
            authenticate(&app, &created.secret).await.unwrap();
            assert_eq!(used().await, Some(april(2) + TimeDelta::seconds(noted)), "after {seconds} seconds");
        }
    });
}

#[test]
fn columns_that_nobody_has_decided_on_refuse_the_records_until_somebody_has() {
    on_both_engines(async |app| {
        let (county, _, program) = with_program(&app).await;
        let odd = VOUCHERS.replace("科目编码", "核算项").replace("制单人", "备注");
        let refused = refusal(give_records(&app, &program, &odd).await);
        assert_eq!(refused.code(), "record.undecided_columns");
        assert!(refused.says().contains("核算项"), "{refused}");
        // The next unit of the county has agreed, and the county shares its mapping.
        let other = &county.factories[1];
        let preview = odd.as_bytes().to_vec();
        let imported = act(&app, &other.clerk, async |cx| {
            let file = record::open_file(cx.app(), "凭证.csv", preview)?;
            let upload = record::choose_file(cx, other.unit, march(), file).await?;
            let upload = youju_app::attachment::upload(cx, upload).await?;
            let asked = Asked { kind: Some(FileKind::Record(RecordKind::VoucherJournal)), ..Asked::default() };
            let shown = record::preview(&upload, &[], asked)?;
            let record::Seen::Records(seen) = shown.seen else { panic!("{shown:?}") };
            let mut mapping = seen.mapping;
            let account = mapping.columns.iter().position(|column| column.name == "核算项").unwrap();
            record::change(&mut mapping, &[(account, Choice::Field("account".into()))])?;
            let agreed = record::Agreed { sheet: None, mapping, period: march(), keeps_persons: false };
            let file = record::read_records(&upload.file_name, upload.content, &agreed)?;
            record::import(cx, other.unit, file, None).await
        });
        let imported = imported.await.unwrap();
        act(&app, &county.county, async |cx| record::share(cx, imported.id, "U8").await).await.unwrap();
        assert_eq!(give_records(&app, &program, &odd).await.unwrap().1.count, 10);
    });
}

#[test]
fn what_is_handed_in_is_scanned_first_and_checked_like_a_file() {
    on_sqlite(async |app| {
        let (_, _, program) = with_program(&app).await;
        let scanned = app.clone().with_scanner(Arc::new(|content: &[u8]| {
            let is_bad = content.windows(5).any(|part| part == b"EICAR");
            Ok(if is_bad { Verdict::Suspicious } else { Verdict::Clean })
        }));
        let odd = br#"{"rows":[{"code":"1002","name":"EICAR"}]}"#.to_vec();
        assert_eq!(code(intake::read_trial_balance(&scanned, "接口数据.json", odd)), "attachment.suspicious");
        assert_eq!(
            code(give_balance(&app, &program, &TRIAL_BALANCE.replace("2026年3月", "2026年2月")).await),
            "ledger.wrong_period"
        );
        let off = refusal(give_balance(&app, &program, &TRIAL_BALANCE.replace("45000000.00", "45000000.01")).await);
        assert!(off.code() == "ledger.bad_file" && off.says().contains("第 5 行"), "{off}");
        let nul = br#"{"rows":[{"code":"1002","name":"a\u0000b"}]}"#.to_vec();
        assert_eq!(code(intake::read_trial_balance(&app, "接口数据.json", nul)), "ledger.bad_file");
        let standing = intake::standing(&app, &program, march()).await.unwrap();
        assert!(standing.trial_balance.is_none() && standing.records.is_empty(), "nothing of what was refused came in");
    });
}

#[test]
fn every_digit_of_a_table_as_json_is_kept_on_both_engines() {
    on_both_engines(async |app| {
        let (_, _, program) = with_program(&app).await;
        let table = r#"{"period": "2026-03", "measure": "元", "rows": [
            {"code": "1002", "name": "银行存款", "period_debit": 12345678901234.56, "closing_debit": "12345678901234.56"},
            {"code": "1122", "name": "应收账款", "period_debit": 0.1, "closing_debit": 0.1},
            {"code": "4001", "name": "实收资本", "period_credit": 12345678901234.66, "closing_credit": 12345678901234.66}]}"#;
        assert_eq!(give_balance(&app, &program, table).await.unwrap(), (true, 3));
        let (import, _) = intake::standing(&app, &program, march()).await.unwrap().trial_balance.unwrap();
        let exact = |text: &str| Some(Decimal::from_str_exact(text).unwrap());
        let debits: Vec<Option<Decimal>> = import.lines.iter().map(|line| line.amounts.period_debit).collect();
        assert_eq!(debits, [exact("12345678901234.56"), exact("0.1"), None]);
    });
}

#[test]
fn a_key_answers_for_its_own_unit_only() {
    on_sqlite(async |app| {
        let (county, _, program) = with_program(&app).await;
        let (own, other) = (&county.factories[0], &county.factories[1]);
        assert!(program.must_be_of(&own.unit.to_string()).is_ok());
        assert!(program.must_be_of(program.unit().usci.as_str()).is_ok());
        let told: Vec<String> = [other.unit.to_string(), county.shop.to_string(), "91330781FAKE".into(), String::new()]
            .iter()
            .map(|unit| refusal(program.must_be_of(unit)).to_string())
            .collect();
        assert!(told.iter().all(|sentence| *sentence == told[0]), "{told:?}");
    });
}

#[test]
fn the_same_content_read_in_another_way_is_something_else() {
    on_both_engines(async |app| {
        let (county, _, program) = with_program(&app).await;
        let (_, first) = give_records(&app, &program, VOUCHERS).await.unwrap();
        // The clerk decides on the page that one column is not to be kept, with the file of another period.
        let mut mapping: record::Mapping = serde_json::from_value(first.mapping.clone()).unwrap();
        let summary = mapping.columns.iter().position(|column| column.field.as_deref() == Some("summary")).unwrap();
        record::change(&mut mapping, &[(summary, Choice::Leave)]).unwrap();
        let quarter = Period::parse("2026-Q1").unwrap();
        let agreed = record::Agreed { sheet: None, mapping, period: quarter, keeps_persons: false };
        let file = record::read_records("一季度.csv", VOUCHERS.into(), &agreed).unwrap();
        let Factory { clerk, unit, .. } = &county.factories[0];
        act(&app, clerk, async |cx| record::import(cx, *unit, file, None).await).await.unwrap();
        // The same content as at first, now read as the clerk decided; once more, it is the same.
        let (is_new, again) = give_records(&app, &program, VOUCHERS).await.unwrap();
        assert!(is_new && again.mapping != first.mapping && again.file_hash == first.file_hash);
        assert!(!give_records(&app, &program, VOUCHERS).await.unwrap().0);
    });
}
