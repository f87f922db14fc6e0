//! Laws of the check list: what is written does not disappear, what is handed in does not change, nothing is left without a word.

use proptest::prelude::*;
use uuid::Uuid;
use youju_codes::AreaCode;
use youju_domain::check_list::{
    CheckList, DataQuality, Entry, Every, Handed, PaperQuality, Proposed, Span, Standing, Subject, Word,
};
use youju_domain::id::{Id, PersonId};
use youju_domain::survey::parse_local;
use youju_domain::{Instant, Problem};

fn id<Kind>(number: u128) -> Id<Kind> {
    Id::new(Uuid::from_u128(number))
}

fn at(text: &str) -> Instant {
    parse_local(&format!("2026-{text}")).unwrap()
}

fn day(text: &str) -> Span {
    Span::from_key(text).unwrap()
}

fn about(number: u8, version: u32, reason: &str) -> Proposed {
    Proposed {
        subject: Subject {
            report: id(u128::from(number)),
            row: number.is_multiple_of(2).then(|| format!("P-{number}")),
        },
        unit: format!("虚构第{number:03}号食品厂"),
        name: String::new(),
        version,
        reasons: vec![reason.to_owned()],
    }
}

fn word(version: u32, data: DataQuality, measure: &str) -> Word {
    Word {
        data,
        papers: PaperQuality::Complete,
        measure: measure.to_owned(),
        by: PersonId::new(Uuid::nil()),
        name: "县级统计人员".into(),
        at: at("04-03 15:00"),
        version,
        carried_from: None,
    }
}

fn handed() -> Handed {
    Handed { by: PersonId::new(Uuid::nil()), name: "县级统计人员".into(), at: at("04-03 17:00") }
}

fn begun(span: &str) -> CheckList {
    CheckList::begin(id(1), id(2), AreaCode::parse("330781").unwrap(), day(span))
}

const LARGE: &str = "本月完成投资 3,200 万元 ≥ 2,000 万元";

#[test]
fn a_list_is_handed_in_only_when_every_entry_has_a_note_or_the_rest_a_reason() {
    let proposed = [about(1, 1, LARGE), about(2, 1, LARGE)];
    let list = begun("2026-04-03").note(&proposed[0], word(1, DataQuality::Good, "")).unwrap();
    let refused = list.clone().hand_in(&proposed, " ", handed()).unwrap_err();
    assert!(refused.says().contains("清单共 2 项,还有 1 项没有记录"), "{refused}");
    let done = list.clone().hand_in(&proposed, "单位联系人出差,明天现场核实", handed()).unwrap();
    let left: Vec<bool> = done.entries.iter().map(|entry| entry.left.is_some()).collect();
    assert_eq!(left, [false, true]);
    let all = list.note(&proposed[1], word(1, DataQuality::Doubt, "请单位补充监理月报")).unwrap();
    assert!(all.hand_in(&proposed, "", handed()).unwrap().entries.iter().all(Entry::is_noted));
    assert!(begun("2026-04-03").hand_in(&[], "", handed()).unwrap().entries.is_empty(), "a day without anything");
}

#[test]
fn what_is_in_order_needs_no_measure_and_what_is_not_does() {
    let proposed = about(1, 1, LARGE);
    let noted = |data, papers, measure: &str| {
        let word = Word { papers, ..word(1, data, measure) };
        begun("2026-04-03").note(&proposed, word).map(drop)
    };
    assert_eq!(noted(DataQuality::Good, PaperQuality::Complete, ""), Ok(()));
    for (data, papers) in [
        (DataQuality::Doubt, PaperQuality::Complete),
        (DataQuality::Wrong, PaperQuality::None),
        (DataQuality::Good, PaperQuality::Incomplete),
    ] {
        assert!(noted(data, papers, "").is_err());
        assert!(noted(data, papers, "核实无误").is_err(), "an empty phrase");
        assert_eq!(noted(data, papers, "请单位补充监理月报"), Ok(()));
    }
    assert!(noted(DataQuality::Wrong, PaperQuality::None, &"改".repeat(301)).is_err());
}

#[test]
fn what_is_handed_in_stays_and_a_supplement_goes_on_from_it() {
    let proposed = [about(1, 1, LARGE), about(2, 1, LARGE)];
    let list = begun("2026-04-03").note(&proposed[0], word(1, DataQuality::Good, "")).unwrap();
    let list = list.add(about(9, 1, ""), "实地走访听说已停工", &proposed).unwrap();
    assert!(list.supplement(id(7)).unwrap_err().says().contains("还没有上报"));
    let done = list.hand_in(&proposed, "来不及逐项核实,明天补", handed()).unwrap();
    let again = |result: Result<CheckList, Problem>| assert!(result.unwrap_err().says().contains("已经上报"));
    again(done.clone().note(&proposed[1], word(1, DataQuality::Good, "")));
    again(done.clone().add(about(8, 1, ""), "实地走访听说已停工", &proposed));
    again(done.clone().hand_in(&proposed, "", handed()));
    again(
        done.clone().carry(&proposed, &done, (PersonId::new(Uuid::nil()), "", at("04-03 18:00"))).map(|(list, _)| list),
    );
    let more = done.supplement(id(7)).unwrap();
    assert_eq!((more.number, more.handed.clone(), more.entries.len()), (2, None, 2));
    let merged = more.merged(&proposed);
    assert_eq!(merged.iter().filter(|entry| entry.is_noted()).count(), 1);
    assert_eq!(merged.iter().filter(|entry| entry.added.is_some()).count(), 1);
    assert!(merged.iter().all(|entry| entry.left.is_none()), "a new list needs a new reason");
}

#[test]
fn only_what_is_unchanged_is_taken_over_from_yesterday() {
    let yesterday = [about(1, 1, LARGE), about(2, 1, LARGE), about(3, 1, LARGE), about(4, 1, LARGE)];
    let mut list = begun("2026-04-02");
    for about in &yesterday[..3] {
        list = list.note(about, word(1, DataQuality::Doubt, "请单位补充监理月报")).unwrap();
    }
    let list = list.add(about(9, 1, ""), "实地走访听说已停工", &yesterday).unwrap();
    let list =
        list.note(&Proposed { reasons: vec![], ..about(9, 1, "") }, word(1, DataQuality::Doubt, "约单位负责人面谈"));
    let before = list.unwrap().hand_in(&yesterday, "单位联系人出差,明天现场核实", handed()).unwrap();
    // The second was handed in again, the third stands there for another reason, the fourth had no note.
    let today = [about(1, 1, LARGE), about(2, 2, LARGE), about(3, 1, "有未办结查询 1 条"), about(4, 1, LARGE)];
    let by = (PersonId::new(Uuid::nil()), "县级统计人员", at("04-03 09:00"));
    let (list, carried) = begun("2026-04-03").carry(&today, &before, by).unwrap();
    assert_eq!(carried, 2);
    let merged = list.merged(&today);
    let noted: Vec<bool> = merged.iter().map(Entry::is_noted).collect();
    assert_eq!(noted, [true, false, false, false, true]);
    let from = |entry: &Entry| entry.word.as_ref().and_then(|word| word.carried_from).map(Span::key);
    assert_eq!(from(&merged[0]).as_deref(), Some("2026-04-02"));
    assert_eq!((list.carryable(&today, &before).len(), merged[4].added.is_some()), (0, true));
    // Carried once more, the words still say from which day they are.
    let third = list.hand_in(&today, "单位联系人出差,后天现场核实", handed()).unwrap();
    let (list, _) = begun("2026-04-04").carry(&today, &third, by).unwrap();
    assert_eq!(from(&list.merged(&today)[0]).as_deref(), Some("2026-04-02"));
    // A report that was handed in meanwhile is not taken over, also when it was added by hand.
    let refreshed = third.refreshed(|report| (report == id(9)).then_some(2));
    let (list, carried) = begun("2026-04-04").carry(&today, &refreshed, by).unwrap();
    assert_eq!((carried, list.entries.len()), (1, 1));
}

#[test]
fn a_list_is_in_time_until_its_span_is_over() {
    for (key, handed, now, expected) in [
        ("2026-04-03", None, "04-02 23:59", Standing::Ahead),
        ("2026-04-03", None, "04-03 00:00", Standing::Running),
        ("2026-04-03", None, "04-04 00:00", Standing::Missing),
        ("2026-04-03", Some("04-03 23:59"), "04-09 00:00", Standing::HandedIn),
        ("2026-04-03", Some("04-04 00:00"), "04-09 00:00", Standing::Late),
        // 4 and 5 April 2026 are a weekend: its day is owed like every other.
        ("2026-04-05", None, "04-06 08:00", Standing::Missing),
        ("2026-W14", None, "04-05 23:59", Standing::Running),
        ("2026-W14", None, "04-06 00:00", Standing::Missing),
    ] {
        assert_eq!(Standing::of(day(key), handed.map(at), at(now)), expected, "{key} {handed:?} {now}");
    }
    assert_eq!(day("2026-W14").every(), Every::Week);
}

#[derive(Debug, Clone)]
enum Command {
    Note(u8, u32),
    Add(u8),
    HandIn(bool),
    Supplement,
    Carry,
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        4 => (0..6_u8, 1..3_u32).prop_map(|(number, version)| Command::Note(number, version)),
        2 => (0..8_u8).prop_map(Command::Add),
        2 => any::<bool>().prop_map(Command::HandIn),
        1 => Just(Command::Supplement),
        1 => Just(Command::Carry),
    ]
}

proptest! {
    #[test]
    fn no_sequence_of_acts_changes_what_was_handed_in_or_loses_what_was_written(
        acts in prop::collection::vec((command(), 0..6_u8), 1..40),
    ) {
        let mut list = begun("2026-04-03");
        let mut history: Vec<CheckList> = Vec::new();
        for (act, many) in acts {
            // What belongs on the list comes and goes meanwhile.
            let proposed: Vec<Proposed> = (0..many).map(|number| about(number, 1, LARGE)).collect();
            let before = list.clone();
            let result = match act {
                Command::Note(number, version) => {
                    list.clone().note(&about(number, version, LARGE), word(version, DataQuality::Good, ""))
                }
                Command::Add(number) => list.clone().add(about(number, 1, ""), "实地走访听说已停工", &proposed),
                Command::HandIn(says) => {
                    list.clone().hand_in(&proposed, if says { "来不及逐项核实,明天补" } else { "" }, handed())
                }
                Command::Supplement => list.supplement(id(7)),
                Command::Carry => {
                    let by = (PersonId::new(Uuid::nil()), "", at("04-03 18:00"));
                    match history.last() {
                        Some(last) => list.clone().carry(&proposed, last, by).map(|(list, _)| list),
                        None => continue,
                    }
                }
            };
            let Ok(after) = result else { continue };
            if before.handed.is_some() {
                // Only a supplement follows, and the list before it is kept as it is.
                prop_assert_eq!(after.number, before.number + 1);
                prop_assert!(after.handed.is_none());
                history.push(before);
            } else {
                let subjects: Vec<&Subject> = after.entries.iter().map(|entry| &entry.about.subject).collect();
                prop_assert!(before.entries.iter().all(|entry| subjects.contains(&&entry.about.subject)));
                let mut once = subjects.clone();
                once.sort();
                once.dedup();
                prop_assert_eq!(once.len(), subjects.len(), "every subject stands there once");
            }
            if after.handed.is_some() {
                prop_assert!(after.entries.iter().all(|entry| entry.is_noted() || entry.left.is_some()));
                prop_assert!(proposed.iter().all(|about| after.entries.iter().any(|entry| entry.about == *about)));
            }
            list = after;
        }
    }
}
