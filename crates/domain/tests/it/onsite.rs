//! What is done on the spot: check lists by domain, photographs that fit together or do not, keys of sendings, clocks.

use chrono::{DateTime, TimeDelta, Utc};
use youju_domain::access::Role;
use youju_domain::case::{
    Act, Case, CaseType, Check, Command, Demand, Device, EvidenceKind, Field, FieldKind, Inside, Least, Material, New,
    Point, Shot, Sort, Step, clock_remarks, flaws, open, photo_facts, photo_remarks, take,
};

use crate::case::{loan, moment, officer, subject, values};
use crate::make::{actor, id};

fn check(key: &str, only: &[&str]) -> Check {
    let only = only.iter().map(ToString::to_string).collect();
    Check { key: key.into(), label: key.into(), help: String::new(), only }
}

/// The loan of the other stories as something that is done on the spot: an officer goes there, looks and photographs, as often as is needed.
fn visit() -> CaseType {
    let mut kind = loan();
    let of = |key: &str, sort| EvidenceKind {
        key: key.into(),
        label: key.into(),
        help: String::new(),
        sort,
        by: None,
        only: Vec::new(),
    };
    kind.evidence = vec![of("letter", Sort::File), of("gate", Sort::Photo), of("name", Sort::Signature)];
    kind.fields.push(Field {
        key: "domain".into(),
        label: "专业".into(),
        kind: FieldKind::Choice,
        choices: vec!["工业".into(), "研发".into()],
        help: String::new(),
        fact: None,
        is_more: false,
    });
    kind.checks = vec![check("exists", &[]), check("power", &["工业"]), check("patents", &["研发"])];
    kind.checks_by = Some("domain".into());
    kind.open.demand.owes.push("domain".into());
    kind.open.demand.evidence.clear();
    let demand = Demand {
        evidence: ["letter", "gate", "name"].map(|kind| Least { kind: kind.into(), least: 1 }).into(),
        checks: true,
        ..Demand::default()
    };
    let look = kind.actions.iter_mut().find(|act| act.key == "note").unwrap();
    *look = Act { key: "look".into(), label: "现场核查".into(), demand, is_onsite: true, ..look.clone() };
    kind
}

fn begin(domain: &str) -> Case {
    let new = New { id: id(1), type_hash: "hash" };
    let command = Command { values: values(&[("what", "核查"), ("domain", domain)]), ..Command::default() };
    open(&visit(), new, subject(), &actor(Role::Statistician), command, moment(1)).unwrap()
}

const HERE: Option<Point> = Point::new(29_208_300, 119_460_100);

fn file(kind: &str, hash: &str) -> Material {
    Material { kind: kind.into(), name: format!("{kind}.jpg"), hash: hash.into(), size: 1, ..Material::default() }
}

fn brought(gate: Material) -> Vec<Material> {
    vec![file("letter", "l"), gate, file("name", "n")]
}

fn placed(hash: &str) -> Material {
    Material { shot: Some(Shot { point: HERE, ..Shot::default() }), ..file("gate", hash) }
}

fn look(case: &Case, answers: &[(&str, &str)], materials: Vec<Material>) -> Result<Case, String> {
    let command = Command { act: "look".into(), values: values(answers), materials, ..Command::default() };
    take(&visit(), case, &officer(), command, moment(2)).map(|taken| taken.case).map_err(|problem| problem.says())
}

#[test]
fn the_check_list_is_that_of_the_domain_and_a_no_is_explained() {
    let case = begin("工业");
    let told = |answers: &[(&str, &str)]| look(&case, answers, brought(placed("p"))).unwrap_err();
    for (answers, refusal) in [
        (&[][..], "请回答核查清单中的“exists”、“power”。"),
        (&[("check.exists", "yes")], "请回答核查清单中的“power”。"),
        (&[("check.exists", "yes"), ("check.power", "perhaps")], "“power”应答“是”“否”或“不适用”。"),
        (&[("check.exists", "yes"), ("check.power", "no")], "“power”答“否”,请写明情况。"),
        (&[("check.exists", "yes"), ("check.patents", "yes")], "核查清单中没有送来的项目。请重新打开页面再填。"),
        (&[("check.exists", "yes"), ("check.power", "na"), ("how", "现场")], "这一步不填写“how”。"),
    ] {
        assert_eq!(told(answers), refusal, "{answers:?}");
    }
    let answers = [("check.exists", "yes"), ("check.power", "no"), ("check.power.remark", " 停产 ")];
    let case = look(&case, &answers, brought(placed("p"))).unwrap();
    assert_eq!(case.values()["check.power.remark"], "停产");
    let items = |domain: &str| visit().checks_for(&values(&[("domain", domain)])).len();
    assert_eq!((items("工业"), items("研发"), visit().checks_for(&values(&[])).len()), (2, 2, 1));
    // A better answer later takes the words of the earlier one away.
    let better = [("check.power", "yes"), ("check.power.remark", "")];
    let again =
        Command { act: "look".into(), values: values(&better), materials: brought(placed("q")), ..Command::default() };
    let again = take(&visit(), &case, &officer(), again, moment(3)).unwrap().case;
    assert_eq!(again.values().get("check.power.remark"), None);
}

#[test]
fn what_shows_how_it_is_on_the_spot_is_owed_anew_at_every_visit_and_papers_are_not() {
    let answers = [("check.exists", "yes"), ("check.power", "yes")];
    let case = look(&begin("工业"), &answers, brought(placed("p"))).unwrap();
    assert_eq!(look(&case, &[], Vec::new()).unwrap_err(), "“gate”至少 1 份,现为 0 份。请上传。");
    assert!(look(&case, &[], vec![placed("q"), file("name", "m")]).is_ok(), "the letter is there");
}

#[test]
fn a_photograph_without_any_place_needs_a_reason() {
    let answers = [("check.exists", "yes"), ("check.power", "yes")];
    let with = |shot: Option<Shot>, inside: Option<Inside>| {
        look(&begin("工业"), &answers, brought(Material { shot, inside, ..file("gate", "p") })).map(|_| ())
    };
    let because = |words: &str| Some(Shot { no_place: words.into(), ..Shot::default() });
    let refused = "照片“gate.jpg”没有位置。请打开手机定位后重拍;不能定位的,写明原因(至少 4 个字)。";
    assert_eq!(with(None, None).unwrap_err(), refused);
    assert_eq!(with(because("没有"), None).unwrap_err(), refused);
    assert_eq!(with(because("地下车间没有信号"), None), Ok(()));
    assert_eq!(with(None, Some(Inside { point: HERE, ..Inside::default() })), Ok(()), "the file knows");
    let nowhere = Some(Point { latitude: 95_000_000, longitude: 0 });
    assert!(with(Some(Shot { point: nowhere, ..Shot::default() }), None).unwrap_err().contains("不在地球上"));
    assert!(with(because(&"字".repeat(201)), None).unwrap_err().contains("最多 200 个字,现为 201 个字"));
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A step that arrived at 10:00 in the morning of 2 April here.
fn arrived(file: &Material, device: Option<Device>) -> (Case, Step) {
    let mut case = begin("工业");
    let first = case.last().unwrap().clone();
    let step = Step { at: instant("2026-04-02T02:00:00Z"), materials: vec![file.clone()], device, ..first };
    case.steps.push(step.clone());
    (case, step)
}

#[test]
fn what_photograph_device_and_server_say_differently_is_told() {
    let shot =
        |at: &str, accuracy| Shot { at: Some(instant(at)), point: HERE, accuracy: Some(accuracy), ..Shot::default() };
    let inside = |at: &str, point| Inside { at: Some(at.parse().unwrap()), point, device: "HONOR 60".into() };
    let far = Point::new(29_300_000, 119_460_100);
    let good = (Some(shot("2026-04-02T01:30:00Z", 12)), Some(inside("2026-04-02T09:30:05", HERE)));
    for (shot, inside, told) in [
        (good.0.clone(), good.1.clone(), &[][..]),
        (good.0.clone(), None, &["照片内没有拍摄信息,可能经过转发、截图或修改。"]),
        (
            good.0.clone(),
            Some(inside("2026-01-05T08:00:00", HERE)),
            &[
                "照片内的拍摄时间是 2026-01-05 08:00,手机记的是 2026-04-02 09:30,相差 87 天 1 小时 30 分钟。",
                "拍摄 87 天 2 小时 以后才收到。",
            ],
        ),
        (good.0.clone(), Some(inside("2026-04-02T09:30:00", far)), &["照片内的位置和手机的定位相距 10197 米。"]),
        (
            Some(shot("2026-04-02T03:00:00Z", 12)),
            Some(inside("2026-04-02T11:00:00", HERE)),
            &["拍摄时间比收到的时间晚 1 小时,手机的时间不对。"],
        ),
        (Some(shot("2026-04-02T01:30:00Z", 900)), good.1.clone(), &["手机定位只准到 900 米。"]),
        (None, good.1.clone(), &["手机没有定位,位置取自照片内的记录。"]),
        (
            Some(Shot {
                at: Some(instant("2026-04-02T01:30:00Z")),
                no_place: "地下车间没有信号。".into(),
                ..Shot::default()
            }),
            Some(inside("2026-04-02T09:30:00", None)),
            &["没有位置,原因:地下车间没有信号。"],
        ),
    ] {
        let photo = Material { shot, inside, ..file("gate", "p") };
        let (case, step) = arrived(&photo, None);
        assert_eq!(photo_remarks(&case, &step, &photo), told, "{photo:?}");
    }
    let photo = Material { shot: good.0, inside: good.1, ..file("gate", "p") };
    assert_eq!(photo_facts(&photo), "拍摄于 2026-04-02 09:30 · 北纬 29.208300°,东经 119.460100°(±12 米) · HONOR 60");
    assert_eq!(photo_facts(&file("gate", "p")), "拍摄时间不详");
    let (mut case, step) = arrived(&photo, None);
    let again = Step { at: step.at + TimeDelta::minutes(5), ..step };
    case.steps.push(again.clone());
    assert_eq!(photo_remarks(&case, &again, &photo), ["同一张照片以前的步骤中已经交过。"]);
}

#[test]
fn a_device_whose_clock_is_wrong_or_was_moved_is_told() {
    for (sent_at, ahead, told) in [
        ("2026-04-02T02:00:20Z", Some(20), &[][..]),
        ("2026-04-02T01:00:00Z", None, &["发送时,手机的时间比服务器慢 1 小时。"]),
        ("2026-04-02T05:00:00Z", Some(10_800), &["发送时,手机的时间比服务器快 3 小时。"]),
        (
            "2026-04-01T02:00:00Z",
            Some(0),
            &["发送时,手机的时间比服务器慢 1 天。", "打开页面以后,手机的时间改动过,比原来慢 1 天。"],
        ),
    ] {
        let (_, step) = arrived(&file("gate", "p"), Some(Device { sent_at: instant(sent_at), ahead }));
        assert_eq!(clock_remarks(&step), told, "{sent_at}");
    }
}

#[test]
fn a_sending_is_known_again_by_its_key_and_its_sender() {
    let answers = [("check.exists", "yes"), ("check.power", "yes")];
    let send = |key: &str| {
        let sending = Some(key.to_owned());
        let (values, materials) = (values(&answers), brought(placed("p")));
        let command = Command { act: "look".into(), values, materials, sending, ..Command::default() };
        take(&visit(), &begin("工业"), &officer(), command, moment(2)).map(|taken| taken.case)
    };
    for key in ["", "short", "0000000000000000<script>", &"a".repeat(65)] {
        let said = send(key).unwrap_err().says();
        assert!(said.starts_with("发送编号不对,应为 16 到 64 位十六进制数字和连字符。"), "{key}: {said}");
    }
    let key = "3f1c5e0a-7b1d-4c55-9a53-0b4a3a1c2d4e";
    let case = send(key).unwrap();
    assert!(case.has_taken(key, officer().person));
    assert!(!case.has_taken(key, id(77)) && !case.has_taken("3f1c5e0a-7b1d-4c55-9a53-0b4a3a1c2d4f", officer().person));
}

#[test]
fn a_check_list_that_nobody_can_answer_is_a_flaw() {
    let effects = ["propose", "return", "again", "note", "agree", "refuse", "sign"].map(|act| format!("loan.{act}"));
    let effects: Vec<&str> = effects.iter().map(String::as_str).collect();
    assert_eq!(flaws(&visit(), &effects), []);
    let told = |change: fn(&mut CaseType)| {
        let mut kind = visit();
        change(&mut kind);
        flaws(&kind, &effects).into_iter().map(|flaw| flaw.says).collect::<Vec<_>>().join("|")
    };
    let lonely = told(|kind| kind.checks.retain(|check| check.key == "power"));
    assert_eq!(lonely, "“研发”没有核查项目。请写上,或写一项对所有的都适用的。");
    assert!(told(|kind| kind.open.demand.checks = true).contains("提出时还没有到现场"));
    assert!(told(|kind| kind.checks_by = None).contains("不是 checks_by 栏目的选项"));
}

#[test]
fn what_wants_somebodys_own_hand_is_no_programs() {
    let (loan, visit) = (loan(), visit());
    let wants = |kind: &CaseType, act: &str| kind.wants_a_hand(kind.act(act)).unwrap_or_default();
    for act in ["propose", "again", "refuse"] {
        assert_eq!(wants(&loan, act), "", "{act}");
    }
    assert_eq!(wants(&loan, "sign"), "要由各方本人签字");
    assert_eq!(wants(&visit, "look"), "要由本人在现场办理");
    let refused = visit.must_want_no_hand(visit.act("look")).unwrap_err();
    assert_eq!((refused.code(), refused.status()), ("case.only_in_person", 403));
    assert_eq!(refused.says(), "“现场核查”要由本人在现场办理,不能由软件办理。");
    // What is done at a desk and asks for such a picture, too; even where it may be left out.
    for (material, words) in [("gate", "要交本人在现场拍的照片"), ("name", "要交本人的手写签名"), ("letter", "")]
    {
        let mut kind = visit.clone();
        kind.open.demand.evidence = vec![Least { kind: material.into(), least: 0 }];
        assert_eq!(kind.wants_a_hand(None).unwrap_or_default(), words, "{material}");
        assert_eq!(kind.must_want_no_hand(None).is_ok(), words.is_empty());
    }
}
