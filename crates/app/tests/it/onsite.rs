//! 实地核查 and 走访: planned in the office, done on the spot, sent by a phone whose line breaks, confirmed by a second account, concluded, and
//! done again where something had to be mended.

use std::collections::BTreeMap;

use youju_app::attachment::{Looked, look_at};
use youju_app::case::{self, Filter, Seen};
use youju_app::list::PageRequest;
use youju_app::{App, Cx, Result, message};
use youju_domain::Problem;
use youju_domain::access::Actor;
use youju_domain::case::{Command, Device, Point, Shot, clock_remarks, photo_remarks};
use youju_domain::id::CaseId;
use youju_store::journal;
use youju_testkit::{County, april, bare_photograph, on_both_engines, photograph, signature};

use crate::make::{act, look, refusal, verified};

/// Files of a step by kind of material, each with what its device said.
type Brought = Vec<(&'static str, Vec<u8>, Option<Shot>)>;

const HERE: Option<Point> = Point::new(29_208_333, 119_460_277);
/// The same as a camera writes it: 29°12′30″ north, 119°27′37″ east.
const CAMERA: ([u32; 3], [u32; 3]) = ([29, 12, 3_000], [119, 27, 3_700]);

/// A photograph of this morning, at the place where the phone is.
fn now(kind: &'static str, hour: u32) -> (&'static str, Vec<u8>, Option<Shot>) {
    let shot = Shot { at: Some(april(2)), point: HERE, accuracy: Some(12), ..Shot::default() };
    (kind, photograph(Some(&format!("2026:04:02 {hour:02}:00:00")), Some(CAMERA)), Some(shot))
}

fn names() -> Brought {
    let name = |kind, who| (kind, signature(who), None);
    vec![name("first_sign", "张三"), name("second_sign", "李四"), name("unit_sign", "王五")]
}

/// What a visit brings home: the entrance, the site and three names.
fn brought(hour: u32) -> Brought {
    [vec![now("gate", hour), now("site", hour)], names()].concat()
}

fn values(of: &[(&str, &str)]) -> BTreeMap<String, String> {
    of.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Everything that is asked at a factory, with a yes to everything.
fn filled() -> BTreeMap<String, String> {
    let items = [
        "exists",
        "licence",
        "address",
        "activity",
        "opened",
        "scale",
        "single",
        "records",
        "production",
        "power",
        "software",
    ];
    let mut typed: BTreeMap<String, String> =
        items.iter().map(|item| (format!("check.{item}"), "yes".to_owned())).collect();
    typed.extend(values(&[
        ("met", "王五 财务经理"),
        ("phone", "0579-88880000"),
        ("findings", "设备运转,凭证齐全。"),
        ("unit_opinion", "无异议,已签名"),
        ("opinion", "属实"),
    ]));
    typed
}

async fn planned(app: &App, county: &County) -> CaseId {
    let fields = [
        ("reason", "申报入库"),
        ("domain", "工业"),
        ("planned_on", "2026-04-02"),
        ("first", "张三"),
        ("second", "李四"),
    ];
    let command = Command { values: values(&fields), ..Command::default() };
    let unit = county.factories[0].unit.to_string();
    let open = async |cx: &mut Cx<'_>| case::open(cx, "onsite_verification", &unit, command, BTreeMap::new()).await;
    act(app, &county.county, open).await.unwrap()
}

async fn seen(app: &App, by: &Actor, id: CaseId) -> Seen {
    look(app, by, async |cx| case::get(cx, id).await).await.unwrap()
}

/// Does something with files, as the present revision stands.
async fn take(app: &App, by: &Actor, id: CaseId, name: &str, more: Command, files: Brought) -> Result<()> {
    let revision = look(app, by, async |cx| case::get(cx, id).await).await?.case.revision;
    let (mut sent, mut shots) =
        (BTreeMap::<String, Vec<(String, Vec<u8>)>>::new(), BTreeMap::<String, Vec<Shot>>::new());
    for (kind, content, shot) in files {
        sent.entry(kind.into()).or_default().push((format!("{kind}.jpg"), content));
        shots.entry(kind.into()).or_default().extend(shot);
    }
    let looked: BTreeMap<String, Looked> =
        sent.into_iter().map(|(kind, files)| (kind, look_at(app, files).unwrap())).collect();
    let command = Command { act: name.into(), revision, shots, ..more };
    act(app, by, async |cx| case::take(cx, id, command, looked).await).await
}

async fn verify(app: &App, by: &Actor, id: CaseId, files: Brought) -> Result<()> {
    take(app, by, id, "verify", Command { values: filled(), ..Command::default() }, files).await
}

async fn does(app: &App, by: &Actor, id: CaseId, name: &str, typed: &[(&str, &str)]) -> Result<()> {
    let command = Command { values: values(typed), reason: "情况与核查一致".into(), ..Command::default() };
    take(app, by, id, name, command, Vec::new()).await
}

/// What the people of the unit learn of a verification that is over: that it was, when, and what came of it.
async fn the_unit_is_told(app: &App, county: &County, id: CaseId) {
    let (clerk, head) = (&county.factories[0].clerk, &county.factories[0].head);
    let told = seen(app, head, id).await;
    let words: Vec<(&str, &str)> = told.values.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let expected = [
        ("conclusion", "单位真实,符合纳入条件"),
        ("domain", "工业"),
        ("mend", "补设统计台账"),
        ("mended", "已设台账"),
        ("met", "王五 财务经理"),
        ("unit_opinion", "无异议,已签名"),
    ];
    assert_eq!((words, told.is_whole), (expected.to_vec(), false), "and not what officers found between themselves");
    let steps: Vec<&str> = told.case.steps.iter().map(|step| step.act.as_str()).collect();
    assert_eq!(steps, ["verify", "order", "verify", "verify", "approve"], "when somebody came, and what it led to");
    assert!(told.case.steps.iter().all(|step| step.reason.is_empty() && step.materials.is_empty()));
    let list =
        look(app, clerk, async |cx| case::list(cx, &Filter::default(), PageRequest::default()).await).await.unwrap();
    assert_eq!(list.rows.iter().map(|row| (row.id, row.state.as_str())).collect::<Vec<_>>(), [(id, "属实")]);
    let messages = look(app, head, async |cx| message::list(cx, PageRequest::default()).await).await.unwrap();
    assert!(messages.rows.iter().any(|one| one.title == "实地核查:属实"), "{messages:?}");
    let sheet = case::sheet::take(app, clerk, id).await.map(|_| ());
    assert!(matches!(refusal(sheet), Problem::NotFound { .. }), "the sheet is the officers'");
    let photo = seen(app, &county.county, id).await.case.materials().next().unwrap().hash.clone();
    let file = act(app, clerk, async |cx| case::fetch(cx, id, &photo).await).await.map(|_| ());
    assert!(matches!(refusal(file), Problem::NotFound { .. }), "and so are the photographs");
    let other = look(app, &county.factories[1].clerk, async |cx| case::get(cx, id).await).await.map(|_| ());
    assert!(matches!(refusal(other), Problem::NotFound { .. }));
}

#[test]
fn a_verification_is_confirmed_by_a_second_account_mended_and_repeated_with_new_photographs() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (town, office, clerk) = (&county.township, &county.county, &county.factories[0].clerk);
        let id = planned(&app, &county).await;
        let waiting = look(&app, town, async |cx| case::onsite_waiting(cx).await).await.unwrap();
        assert_eq!(waiting.iter().map(|(_, act)| act.label.as_str()).collect::<Vec<_>>(), ["现场核查"]);
        let hidden = look(&app, clerk, async |cx| case::get(cx, id).await).await.map(|_| ());
        assert!(matches!(refusal(hidden), Problem::NotFound { .. }), "nobody is told beforehand");
        let none = app.clone();
        let early = case::sheet::take(&none, office, id).await.map(|_| ());
        assert!(matches!(refusal(early), Problem::NotFound { .. }), "there is nothing to print yet");

        verify(&app, town, id, brought(9)).await.unwrap();
        let alone = refusal(does(&app, town, id, "confirm", &[]).await).says();
        assert_eq!(alone, "“现场核查”是您本人办理的,“第二人确认”应由另一位人员办理。");
        does(&app, office, id, "confirm", &[]).await.unwrap();
        does(&app, office, id, "order", &[("mend", "补设统计台账")]).await.unwrap();
        // Now it is the unit's turn, and it sees what is asked of it.
        does(&app, clerk, id, "mended", &[("mended", "已设台账")]).await.unwrap();
        does(&app, office, id, "again", &[]).await.unwrap();
        let old = refusal(verify(&app, town, id, names()).await).says();
        assert_eq!(old, "“门头照片”至少 1 份,现为 0 份。请上传。", "those of the first visit prove nothing now");
        verify(&app, town, id, brought(10)).await.unwrap();
        does(&app, office, id, "dispute", &[]).await.unwrap();
        verify(&app, town, id, brought(11)).await.unwrap();
        does(&app, office, id, "confirm", &[]).await.unwrap();
        does(&app, office, id, "approve", &[("conclusion", "单位真实,符合纳入条件")]).await.unwrap();
        let done = seen(&app, office, id).await;
        assert_eq!((done.case.state(), done.case.materials().count()), ("genuine", 15));
        the_unit_is_told(&app, &county, id).await;

        let (name, sheet) = case::sheet::take(&app, office, id).await.unwrap();
        assert!(name.starts_with(&format!("一套表实地核查表 {}", county.factories[0].name)), "{name}");
        assert_eq!((sheet.checks.len(), sheet.photos.len(), sheet.names.len(), sheet.seals.len()), (11, 2, 3, 2));
        assert!(sheet.unit.contains(&("联系电话".into(), "0579-88880000".into())), "{:?}", sheet.unit);
        assert!(sheet.opinions.iter().any(|(label, words)| label == "第二人确认" && words.contains(&office.name)));
        let gate = &sheet.photos[0];
        assert_eq!((gate.label.as_str(), gate.format, gate.content.is_empty()), ("门头照片", "jpg", false));
        assert!(gate.words[0].contains("北纬 29.208333°,东经 119.460277°(±12 米) · HONOR 60"), "{:?}", gate.words);
        let pdf = youju_app::paper::site(&app, sheet).await.unwrap();
        assert!(String::from_utf8_lossy(&pdf).contains("一套表实地核查表"));
        let stranger = case::sheet::take(&app, &county.neighbour, id).await.map(|_| ());
        assert!(matches!(refusal(stranger), Problem::NotFound { .. }));
        verified(&app).await;
    });
}

#[test]
fn what_a_phone_sends_twice_is_one_step_and_a_slower_hand_is_told() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (town, office) = (&county.township, &county.county);
        let id = planned(&app, &county).await;
        let device = Some(Device { sent_at: april(3), ahead: Some(3) });
        let sending = Some("0190f3a2b4c5d6e7f8091a2b3c4d5e6f".to_owned());
        let send = async |by: &Actor, sending: &Option<String>, revision: i64| {
            let (mut looked, mut shots) = (BTreeMap::new(), BTreeMap::new());
            for (kind, content, shot) in brought(9) {
                let files = vec![(format!("{kind}.jpg"), content)];
                looked.insert(kind.to_owned(), look_at(&app, files).unwrap());
                shots.insert(kind.to_owned(), shot.into_iter().collect::<Vec<_>>());
            }
            let (sending, values) = (sending.clone(), filled());
            let command =
                Command { act: "verify".into(), values, shots, sending, device, revision, ..Command::default() };
            act(&app, by, async |cx| case::take(cx, id, command, looked).await).await
        };
        send(town, &sending, 0).await.unwrap();
        // The answer was lost on the way: the phone sends the same again, although the case has gone on.
        send(town, &sending, 0).await.unwrap();
        let at = seen(&app, town, id).await;
        assert_eq!((at.case.steps.len(), at.case.state(), at.case.materials().count()), (2, "confirming", 5));
        assert!(clock_remarks(at.case.last().unwrap())[0].contains("手机的时间比服务器"), "{:?}", at.case.last());
        let entries =
            app.read(None, async |cx| Ok(journal::of_object(cx.tx(), "case", &id.to_string()).await?)).await.unwrap();
        assert_eq!(entries.iter().filter(|entry| entry.action == "case.stepped").count(), 1);
        // Somebody else who was there, too, is told that it has been done; a key of another phone helps nobody.
        assert_eq!(refusal(send(office, &sending, 0).await), Problem::Conflict);
        let other = Some("0190f3a2b4c5d6e7f8091a2b3c4d5e70".to_owned());
        assert_eq!(refusal(send(town, &other, 0).await), Problem::Conflict);
        assert!(refusal(send(town, &other, 1).await).says().contains("现在是“待第二人确认”"));
        verified(&app).await;
    });
}

#[test]
fn files_that_are_cut_off_or_show_nothing_are_refused_and_old_photographs_are_told() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let town = &county.township;
        let id = planned(&app, &county).await;
        let told = async |gate: (&'static str, Vec<u8>, Option<Shot>)| {
            let files = [vec![gate, now("site", 9)], names()].concat();
            refusal(verify(&app, town, id, files).await).says()
        };
        let (_, whole, shot) = now("gate", 9);
        let cut = whole[..whole.len() - 10].to_vec();
        assert!(told(("gate", cut, shot.clone())).await.contains("“gate.jpg”:图片不完整,后面缺了一段"));
        let paper = told(("gate", b"%PDF-1.7 gate".to_vec(), shot.clone())).await;
        assert!(paper.contains("这里要的是现场照片"), "{paper}");
        let nowhere = told(("gate", bare_photograph(), None)).await;
        assert!(nowhere.contains("照片“gate.jpg”没有位置"), "{nowhere}");
        assert_eq!(seen(&app, town, id).await.case.steps.len(), 1, "nothing of it was kept");

        let old = ("gate", photograph(Some("2026:01:05 08:00:00"), Some(CAMERA)), shot);
        let because = Shot { no_place: "地下车间没有信号".into(), ..Shot::default() };
        let files = [vec![old, ("site", bare_photograph(), Some(because))], names()].concat();
        verify(&app, town, id, files).await.unwrap();
        let at = seen(&app, town, id).await;
        let step = at.case.last().unwrap();
        let photos = step.materials.iter().filter(|file| ["gate", "site"].contains(&file.kind.as_str()));
        let remarks: Vec<String> = photos.flat_map(|file| photo_remarks(&at.case, step, file)).collect();
        for words in
            ["照片内的拍摄时间是 2026-01-05 08:00", "以后才收到", "没有拍摄信息", "没有位置,原因:地下车间没有信号"]
        {
            assert!(remarks.iter().any(|remark| remark.contains(words)), "{words}: {remarks:?}");
        }
    });
}

#[test]
fn a_visit_is_written_down_by_whoever_planned_it_and_followed_to_its_end() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let town = &county.township;
        let unit = county.factories[0].unit.to_string();
        let command = Command {
            values: values(&[("purpose", "指导报表和台账"), ("planned_on", "2026-04-02")]),
            ..Command::default()
        };
        let open = async |cx: &mut Cx<'_>| case::open(cx, "visit", &unit, command, BTreeMap::new()).await;
        let id = act(&app, town, open).await.unwrap();
        let said = [("met", "王五"), ("situation", "新换统计员"), ("needs", "要培训"), ("next", "四月中旬上门培训")];
        assert_eq!(refusal(does(&app, &county.county, id, "visit_open", &said).await), Problem::Forbidden);
        does(&app, town, id, "visit_open", &said).await.unwrap();
        does(&app, town, id, "follow", &[]).await.unwrap();
        does(&app, town, id, "close", &[("outcome", "已培训")]).await.unwrap();
        assert_eq!(seen(&app, &county.county, id).await.case.state(), "done");
        assert!(matches!(refusal(case::sheet::take(&app, town, id).await.map(|_| ())), Problem::NotFound { .. }));
    });
}
