//! 矛盾提示、按选项的材料、至少一项、不能由这一步办结、申报批次: the loan of the other stories with what has to be weighed.

use chrono::NaiveDate;
use youju_domain::access::{Actor, Role};
use youju_domain::case::{
    Case, CaseType, Command, Contradiction, Material, Must, New, Reason, Round, Than, facts_of, flaws, offers, open,
    rounds, take,
};
use youju_domain::register::{Fact, Facts};

use crate::case::{loan, moment, officer, subject, values};
use crate::make::{actor, id};

/// Whoever borrows says how, copies need a second letter, a telephone is one of the register's, and more than 30 days are answered for.
fn weighed() -> CaseType {
    let mut kind = loan();
    kind.contradictions = vec![Contradiction {
        key: "long".into(),
        of: "days".into(),
        must: Must::Below,
        than: Than::Value("30".into()),
        says: "借阅时间较长".into(),
    }];
    let what = kind.fields.iter_mut().find(|field| field.key == "what").unwrap();
    what.fact = Some(Fact::Phone);
    kind.open.demand.owes = vec!["how".into()];
    kind.open.demand.asks = vec!["days".into()];
    kind.open.demand.one_of = vec!["what".into()];
    kind.title = None;
    let letter = kind.evidence.iter_mut().find(|material| material.key == "letter").unwrap();
    (letter.by, letter.only) = (Some("how".into()), vec!["复印".into()]);
    for act in kind.actions.iter_mut().filter(|act| act.key == "propose") {
        (act.demand.weighs, act.demand.reason) = (true, Reason::May);
    }
    for act in kind.actions.iter_mut().filter(|act| act.key == "agree") {
        act.without = vec!["days".into()];
    }
    kind.rounds = vec![Round {
        label: "每月".into(),
        only: vec!["现场".into()],
        state: "deciding".into(),
        until: vec!["*-03".into()],
        except: vec![5],
    }];
    kind.rounds_by = Some("how".into());
    kind
}

fn begin(kind: &CaseType, said: &[(&str, &str)], letters: usize) -> Result<Case, String> {
    let letter = Material { kind: "letter".into(), ..Material::default() };
    let command = Command { values: values(said), materials: vec![letter; letters], ..Command::default() };
    let new = New { id: id(1), type_hash: "hash" };
    open(kind, new, subject(), &actor(Role::Statistician), command, moment(1)).map_err(|problem| problem.says())
}

fn does(kind: &CaseType, case: &Case, by: &Actor, act: &str, reason: &str) -> Result<Case, String> {
    let command = Command { act: act.into(), reason: reason.into(), ..Command::default() };
    take(kind, case, by, command, moment(4)).map(|taken| taken.case).map_err(|problem| problem.says())
}

#[test]
fn materials_go_by_the_choice_and_something_of_a_form_is_filled_in() {
    let kind = weighed();
    let known = kind.actions.iter().flat_map(|act| &act.effects).map(String::as_str).collect::<Vec<_>>();
    assert!(flaws(&kind, &known).is_empty(), "{:?}", flaws(&kind, &known));
    let tell = |said: &[(&str, &str)], letters| begin(&kind, said, letters).map(drop);
    assert_eq!(tell(&[("how", "现场")], 0), Err("请至少填写一项:what。".into()));
    assert_eq!(tell(&[("how", "现场"), ("what", "0579-1")], 0), Ok(()));
    assert_eq!(
        tell(&[("how", "复印"), ("what", "0579-1")], 0),
        Err("“letter”至少 1 份,现为 0 份。请上传。".replace("letter", "介绍信"))
    );
    assert_eq!(tell(&[("how", "复印"), ("what", "0579-1")], 1), Ok(()));
    let long = "1".repeat(201);
    assert!(tell(&[("how", "现场"), ("what", long.as_str())], 0).is_err(), "what the register could not hold");
    let case = begin(&kind, &[("how", "现场"), ("what", "0579-1")], 0).unwrap();
    assert_eq!(facts_of(&kind, &case.values()), Ok(Facts::default().with(Fact::Phone, "0579-1")));
}

#[test]
fn a_contradiction_is_answered_and_what_is_said_bars_an_act() {
    let kind = weighed();
    let case = begin(&kind, &[("how", "现场"), ("what", "0579-1"), ("days", "45")], 0).unwrap();
    let mute = does(&kind, &case, &officer(), "propose", "可").unwrap_err();
    assert_eq!(mute, "有 1 处矛盾或提示,请在意见中说明理由再办理:借阅时间较长:“days”为 45。");
    let case = does(&kind, &case, &officer(), "propose", "审计组用,可以延长").unwrap();
    let second = Actor { person: id(299), ..officer() };
    let bar = "填写了“days”的,不能由这一步办结,请办理其他动作。";
    let offered = offers(&kind, &case, &second);
    assert_eq!(offered.iter().find(|offer| offer.act.key == "agree").unwrap().bar.as_deref(), Some(bar));
    assert_eq!(does(&kind, &case, &second, "agree", "同意").map(drop), Err(bar.into()));
    let short = begin(&kind, &[("how", "现场"), ("what", "0579-1")], 0).unwrap();
    let short = does(&kind, &short, &officer(), "propose", "").unwrap();
    assert_eq!(does(&kind, &short, &second, "agree", "").unwrap().state(), "signing");
}

#[test]
fn a_case_belongs_to_the_round_that_it_came_in_time_for() {
    let kind = weighed();
    let case = begin(&kind, &[("how", "现场"), ("what", "0579-1")], 0).unwrap();
    let say = |case: Option<&Case>, today: u32| {
        let today = NaiveDate::from_ymd_opt(2026, 4, today).unwrap();
        rounds(&kind, case, today).iter().map(youju_domain::case::InRound::say).collect::<Vec<_>>()
    };
    assert_eq!(say(None, 3), ["每月:2026-04-03 截止。"]);
    assert_eq!(say(Some(&case), 3), ["每月:2026-04-03 截止。"]);
    // May has none.
    assert_eq!(say(Some(&case), 4), ["每月:2026-04-03 截止的一批已错过,2026-06-03 截止。"]);
    let late = does(&kind, &case, &officer(), "propose", "").unwrap();
    assert_eq!(say(Some(&late), 28), ["每月:2026-04-03 截止的一批已错过,列入 2026-06-03 截止的一批。"]);
    let copies = begin(&kind, &[("how", "复印"), ("what", "0579-1")], 1).unwrap();
    assert_eq!(say(Some(&copies), 3), [""; 0], "a round of another choice");
}
