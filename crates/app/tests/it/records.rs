//! Source records: from the chosen file over the agreed mapping to the comparison with the ledger.

use std::sync::Arc;

use youju_app::attachment::{self, File, Verdict};
use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::record::{
    Agreed, Asked, Choice, FileKind, MappedColumn, Origin, Preview, PreviewedRecords, RecordKind, Seen, Take,
    UPLOAD_HOURS_MAX, change, choose_file, import, known, open_file, preview, read_records, share,
};
use youju_app::{App, Result, consistency, generate, record};
use youju_codes::Period;
use youju_domain::access::Actor;
use youju_domain::consistency::{Agreement, Between};
use youju_domain::id::{UnitId, UploadId};
use youju_domain::record::RecordImport;
use youju_testkit::{County, TRIAL_BALANCE, VOUCHERS, on_both_engines, on_sqlite};

use crate::make::{act, look, refusal, verified};

fn march() -> Period {
    Period::parse("2026-03").unwrap()
}

fn file(app: &App, name: &str, text: &str) -> File {
    open_file(app, name, text.as_bytes().to_vec()).unwrap()
}

async fn chosen(app: &App, by: &Actor, unit: UnitId, name: &str, text: &str) -> UploadId {
    let file = file(app, name, text);
    act(app, by, async |cx| choose_file(cx, unit, march(), file).await).await.unwrap()
}

/// What the page would show of a chosen file.
async fn shown(app: &App, by: &Actor, upload: UploadId, asked: Asked) -> Preview {
    let (upload, known) = look(app, by, async |cx| {
        let upload = attachment::upload(cx, upload).await?;
        let known = known(cx, upload.unit).await?;
        Ok((upload, known))
    })
    .await
    .unwrap();
    preview(&upload, &known, asked).unwrap()
}

#[track_caller]
fn records(preview: &Preview) -> &PreviewedRecords {
    match &preview.seen {
        Seen::Records(records) => records,
        other => panic!("{other:?}"),
    }
}

/// Chooses a file, agrees to what is proposed, imports.
pub async fn take(app: &App, by: &Actor, unit: UnitId, text: &str, keeps_persons: bool) -> Result<RecordImport> {
    let upload = chosen(app, by, unit, "三月凭证.csv", text).await;
    let preview = shown(app, by, upload, Asked::default()).await;
    let mapping = records(&preview).mapping.clone();
    let agreed = Agreed { sheet: Some(preview.sheet), mapping, period: march(), keeps_persons };
    let content = text.as_bytes().to_vec();
    let file = read_records("三月凭证.csv", content, &agreed)?;
    act(app, by, async |cx| import(cx, unit, file, Some(upload)).await).await
}

async fn with_ledger(app: &App) -> County {
    let county = County::open(app).await;
    let book = read_trial_balance("三月.csv", TRIAL_BALANCE.as_bytes()).unwrap();
    let unit = county.factories[0].unit;
    act(app, &county.factories[0].clerk, async |cx| import_trial_balance(cx, unit, march(), book).await).await.unwrap();
    county
}

#[test]
fn a_journal_is_recognised_agreed_to_and_its_mapping_serves_the_next_file() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = &county.factories[0];
        let upload = chosen(&app, &own.clerk, own.unit, "三月凭证.csv", VOUCHERS).await;
        let first = shown(&app, &own.clerk, upload, Asked::default()).await;
        assert_eq!(first.kind, FileKind::Record(RecordKind::VoucherJournal));
        assert_eq!((records(&first).origin.clone(), records(&first).others.len()), (Origin::Program, 0));
        let taken = take(&app, &own.clerk, own.unit, VOUCHERS, false).await.unwrap();
        assert_eq!((taken.count, taken.table.vouchers, taken.kind.as_str()), (10, Some(2), "voucher_journal"));
        let read = look(&app, &own.head, async |cx| record::get(cx, taken.id).await).await.unwrap();
        assert_eq!(read, taken);
        let next = chosen(&app, &own.clerk, own.unit, "四月凭证.csv", VOUCHERS).await;
        let again = shown(&app, &own.clerk, next, Asked::default()).await;
        assert_eq!(
            (records(&again).origin.clone(), &records(&again).others[..]),
            (Origin::Unit, &[Origin::Program][..])
        );
        let other = chosen(&app, &own.clerk, own.unit, "别的.csv", &VOUCHERS.replace("科目编码", "科目代码")).await;
        let changed = shown(&app, &own.clerk, other, Asked::default()).await;
        assert_eq!(records(&changed).origin, Origin::Program);
        assert!(records(&changed).doubts[0].contains("保存的对应关系不适合这个文件"), "{:?}", records(&changed).doubts);
        verified(&app).await;
    });
}

#[test]
fn nobodys_name_is_kept_unless_it_is_asked_for() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = &county.factories[0];
        let kept = async |import: &RecordImport| {
            look(&app, &own.clerk, async |cx| attachment::is_kept(cx, own.unit, &import.file_hash).await).await.unwrap()
        };
        let upload = chosen(&app, &own.clerk, own.unit, "三月凭证.csv", VOUCHERS).await;
        let preview = shown(&app, &own.clerk, upload, Asked::default()).await;
        assert!(preview.tells_persons && !format!("{preview:?}").contains("钱会计"));
        let taken = take(&app, &own.clerk, own.unit, VOUCHERS, false).await.unwrap();
        assert!(!format!("{taken:?}").contains("钱会计"));
        assert!(!kept(&taken).await);
        let gone = look(&app, &own.clerk, async |cx| attachment::upload(cx, upload).await).await;
        assert_eq!(refusal(gone).code(), "not_found");
        let asked = take(&app, &own.clerk, own.unit, VOUCHERS, true).await.unwrap();
        assert!(kept(&asked).await && !format!("{:?}", asked.table).contains("钱会计"));
        let nameless = VOUCHERS.replace(",制单人", ",备注").replace("钱会计", "");
        let taken = take(&app, &own.clerk, own.unit, &nameless, false).await.unwrap();
        assert!(kept(&taken).await);
    });
}

#[test]
fn a_chosen_file_belongs_to_who_chose_it_and_is_gone_after_a_day() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (own, other) = (&county.factories[0], &county.factories[1]);
        let upload = chosen(&app, &own.clerk, own.unit, "三月凭证.csv", VOUCHERS).await;
        for actor in [&own.head, &other.clerk, &county.county, &county.admin] {
            let seen = look(&app, actor, async |cx| attachment::upload(cx, upload).await).await;
            assert_eq!(refusal(seen).code(), "not_found", "{}", actor.name);
        }
        for (actor, code) in
            [(&own.head, "access.forbidden"), (&county.county, "access.forbidden"), (&other.clerk, "not_found")]
        {
            let file = file(&app, "三月凭证.csv", VOUCHERS);
            let refused = act(&app, actor, async |cx| choose_file(cx, own.unit, march(), file).await).await;
            assert_eq!(refusal(refused).code(), code, "{}", actor.name);
        }
        let later = app.world().now() + chrono::TimeDelta::hours(UPLOAD_HOURS_MAX + 1);
        app.world().set(later);
        chosen(&app, &other.clerk, other.unit, "别家.csv", VOUCHERS).await;
        let gone = look(&app, &own.clerk, async |cx| attachment::upload(cx, upload).await).await;
        assert_eq!(refusal(gone).code(), "not_found");
    });
}

#[test]
fn a_file_that_does_not_fit_writes_nothing() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = &county.factories[0];
        let before = verified(&app).await;
        let cases = [
            (VOUCHERS.replace("40030000.25", "40030000.26"), "借贷不平"),
            (VOUCHERS.replace("2026-03-05", "2026-04-05"), "不在2026年3月之内"),
            (VOUCHERS.replace("30000.00", "三万"), "三万"),
        ];
        for (text, says) in cases {
            let upload = chosen(&app, &own.clerk, own.unit, "三月凭证.csv", &text).await;
            let preview = shown(&app, &own.clerk, upload, Asked::default()).await;
            let mapping = records(&preview).mapping.clone();
            let agreed = Agreed { sheet: None, mapping, period: march(), keeps_persons: false };
            let problem = refusal(read_records("三月凭证.csv", text.into_bytes(), &agreed));
            assert!(problem.says().contains(says), "{}", problem.says());
        }
        assert_eq!(verified(&app).await, before);
        let listed = look(&app, &own.clerk, async |cx| record::list(cx, own.unit, march()).await).await.unwrap();
        assert!(listed.is_empty());
    });
}

#[test]
fn a_person_may_say_otherwise_column_by_column() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let own = &county.factories[0];
        let upload = chosen(&app, &own.clerk, own.unit, "三月凭证.csv", VOUCHERS).await;
        let preview = shown(&app, &own.clerk, upload, Asked::default()).await;
        let mut mapping = records(&preview).mapping.clone();
        change(&mut mapping, &[(2, Choice::Leave), (4, Choice::Own), (0, Choice::Field("date".into()))]).unwrap();
        assert!(mapping.of("summary").is_none() && mapping.columns[0].reason.to_string() == "名称一致");
        // Whatever is chosen, a column that names persons is not kept.
        change(&mut mapping, &[(7, Choice::Own)]).unwrap();
        // Nor is anything saved that does not stand in the file.
        let invented =
            MappedColumn { name: "不在文件中\0".into(), take: Take::Leave, ..mapping.columns[0].clone() };
        mapping.columns.push(invented);
        let agreed = Agreed { sheet: None, mapping: mapping.clone(), period: march(), keeps_persons: false };
        let file = read_records("三月凭证.csv", VOUCHERS.as_bytes().to_vec(), &agreed).unwrap();
        let taken = act(&app, &own.clerk, async |cx| import(cx, own.unit, file, None).await).await.unwrap();
        let names: Vec<&str> = taken.table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["日期", "凭证字号", "科目编码", "科目名称", "借方金额", "贷方金额"]);
        assert!(!taken.mapping.to_string().contains("不在文件中"), "{}", taken.mapping);
        for bad in [(99, Choice::Leave), (0, Choice::Field("nothing".into()))] {
            assert_eq!(refusal(change(&mut mapping, &[bad])).code(), "bad_input");
        }
    });
}

#[test]
fn a_template_of_the_county_serves_its_units_and_nobody_else_may_share_one() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (own, other) = (&county.factories[0], &county.factories[1]);
        let taken = take(&app, &own.clerk, own.unit, VOUCHERS, false).await.unwrap();
        for (actor, code) in [
            (&own.clerk, "not_found"),
            (&other.clerk, "not_found"),
            (&county.township, "access.forbidden"),
            (&county.city, "access.forbidden"),
            (&county.neighbour, "not_found"),
        ] {
            let refused = act(&app, actor, async |cx| share(cx, taken.id, "用友U8").await).await;
            assert_eq!(refusal(refused).code(), code, "{}", actor.name);
        }
        for name in ["", &"长".repeat(41)] {
            let refused = act(&app, &county.county, async |cx| share(cx, taken.id, name).await).await;
            assert_eq!(refusal(refused).code(), "bad_input");
        }
        act(&app, &county.county, async |cx| share(cx, taken.id, "用友U8").await).await.unwrap();
        act(&app, &county.county, async |cx| share(cx, taken.id, "用友U8").await).await.unwrap();
        let upload = chosen(&app, &other.clerk, other.unit, "凭证.csv", VOUCHERS).await;
        let preview = shown(&app, &other.clerk, upload, Asked::default()).await;
        assert!(matches!(&records(&preview).origin, Origin::Template(_, name) if name == "用友U8"));
        assert_eq!(records(&preview).others, [Origin::Program]);
        let asked = Asked { origin: Some(Origin::Program), ..Asked::default() };
        assert_eq!(records(&shown(&app, &other.clerk, upload, asked).await).origin, Origin::Program);
    });
}

#[test]
fn vouchers_ledger_and_report_are_compared_and_a_difference_is_found() {
    on_both_engines(async |app| {
        let county = with_ledger(&app).await;
        let own = &county.factories[0];
        let compared = async |between: Between| {
            let found = look(&app, &own.head, async |cx| consistency::of(cx, own.unit, march()).await).await.unwrap();
            let mut found = found.comparisons;
            found.retain(|one| one.between == between);
            found
        };
        let count = |found: &[youju_domain::consistency::Comparison], wanted: Agreement| {
            found.iter().filter(|one| one.agreement() == wanted).count()
        };
        assert!(compared(Between::VouchersAndLedger).await.is_empty());
        take(&app, &own.clerk, own.unit, VOUCHERS, false).await.unwrap();
        let agreed = compared(Between::VouchersAndLedger).await;
        assert_eq!((agreed.len(), count(&agreed, Agreement::Same)), (10, 10), "{agreed:?}");
        let altered = VOUCHERS.replace("30000000.00", "30000001.00").replace("33050000.00", "33050001.00");
        take(&app, &own.clerk, own.unit, &altered, false).await.unwrap();
        let found = compared(Between::VouchersAndLedger).await;
        let odd: Vec<&str> =
            found.iter().filter(|one| one.agreement() == Agreement::Differs).map(|one| one.label.as_str()).collect();
        assert_eq!(odd, ["1002 银行存款 本期贷方", "6401 主营业务成本 本期借方"]);
        assert_eq!(count(&compared(Between::LedgerAndLedger).await, Agreement::Same), 4);
        let blank = compared(Between::LedgerAndReport).await;
        assert_eq!(count(&blank, Agreement::OneSided), blank.len());
        act(&app, &own.clerk, async |cx| generate::single(cx, own.report).await.map(drop)).await.unwrap();
        let generated = compared(Between::LedgerAndReport).await;
        assert_eq!((count(&generated, Agreement::Same), generated.is_empty()), (blank.len(), false));
    });
}

#[test]
fn a_scanner_is_asked_about_every_file_before_anything_reads_it() {
    on_sqlite(async |app| {
        let scanned = app.with_scanner(Arc::new(|content: &[u8]| {
            let is_bad = content.windows(5).any(|part| part == b"EICAR");
            Ok(if is_bad { Verdict::Suspicious } else { Verdict::Clean })
        }));
        let refused = open_file(&scanned, "凭证.csv", b"EICAR,1\n2,3\n".to_vec());
        assert_eq!(refusal(refused).code(), "attachment.suspicious");
        assert!(open_file(&scanned, "凭证.csv", VOUCHERS.as_bytes().to_vec()).is_ok());
    });
}

#[test]
fn what_is_no_table_is_refused_whatever_it_is_called() {
    on_sqlite(async |app| {
        let cases: [(&str, &[u8]); 7] = [
            ("凭证.xlsx", b"%PDF-1.7\n"),
            ("凭证.xlsx", b"PK\x03\x04 not a workbook"),
            ("凭证.xls", b"<html><script>alert(1)</script></html>"),
            ("凭证.csv", b"MZ\x90\x00\x03"),
            ("凭证.csv", b""),
            ("凭证.csv", b"a,b\n\0,1\n"),
            ("凭证.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 cut off"),
        ];
        for (name, content) in cases {
            assert_eq!(refusal(open_file(&app, name, content.to_vec())).code(), "ledger.bad_file", "{content:?}");
        }
        let named = open_file(&app, "../../etc/凭\u{7}证.csv", VOUCHERS.as_bytes().to_vec()).unwrap();
        assert_eq!(named.name, "凭证.csv");
    });
}
