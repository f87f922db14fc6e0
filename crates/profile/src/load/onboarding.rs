//! Reading `onboarding.toml`: what every new unit is given. What a jurisdiction does not say is taken from the file that all of them share.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use toml::Spanned;
use youju_domain::onboarding::{ITEMS_MAX, Item, Kind, Order};
use youju_domain::report::Level;

use super::error::{LoadError, Source};
use super::raw;
use super::{ONBOARDING, Text, read_ground, read_key, text};
use crate::files::Files;
use crate::profile::Profile;

/// Working days of a term at most: what is owed later than in half a year is no help to a new unit.
const DAYS_MAX: u32 = 120;

/// What holds where nobody has said anything else. The file is shipped, and a test reads it.
pub(crate) fn shared() -> &'static Order {
    static SHARED: OnceLock<Order> = OnceLock::new();
    SHARED.get_or_init(|| {
        let text = include_str!("../../../../profiles/onboarding.toml");
        let files = Files::new("", [(ONBOARDING.to_owned(), text.to_owned())]);
        let mut errors = Vec::new();
        let empty = Order {
            items: Vec::new(),
            is_inferred: true,
            document: String::new(),
            paragraph: String::new(),
            letter: Vec::new(),
            notice: Vec::new(),
            sign_in: Vec::new(),
            more: Vec::new(),
        };
        let Some(mut source) = Source::open(&files, ONBOARDING, &mut errors) else { return empty };
        let Some(raw): Option<raw::Onboarding> = source.toml() else { return empty };
        fill(&mut source, raw, (String::new(), String::new()), &empty)
    })
}

/// The order of a profile; the shared one where there is no such file.
pub(super) fn read(files: &Files, profile: &Profile, errors: &mut Vec<LoadError>) -> Order {
    let shared = shared();
    let Some(mut source) = Source::open(files, ONBOARDING, errors) else { return shared.clone() };
    let Some(mut raw): Option<raw::Onboarding> = source.toml() else { return shared.clone() };
    let ground = match (raw.source.take(), raw.paragraph.take()) {
        (Some(key), Some(paragraph)) => read_ground(&mut source, (&key, paragraph), &profile.documents),
        (Some(key), None) => {
            source.error(&key.span(), "写了来源(source),还要写出处段落(paragraph)。");
            Default::default()
        }
        _ => Default::default(),
    };
    fill(&mut source, raw, ground, shared)
}

fn fill(source: &mut Source<'_>, raw: raw::Onboarding, ground: (String, String), rest: &Order) -> Order {
    let mut keys = BTreeSet::new();
    if raw.item.len() > ITEMS_MAX {
        let says = format!("辅导事项最多 {ITEMS_MAX} 项,现有 {} 项。", raw.item.len());
        source.error(&raw.item.first().map_or(0..0, |item| item.key.span()), says);
    }
    let items: Vec<Item> = raw.item.into_iter().filter_map(|raw| item(source, raw, &mut keys)).collect();
    let or = |own: Vec<String>, shared: &[String]| if own.is_empty() { shared.to_vec() } else { own };
    let mut words =
        |list: Vec<Text>, what: &str| -> Vec<String> { list.into_iter().map(|one| text(source, one, what)).collect() };
    let (letter, notice) = (words(raw.letter, "一封信(letter)"), words(raw.notice, "告知书(notice)"));
    let (sign_in, more) = (words(raw.sign_in, "登录说明(sign_in)"), words(raw.more, "其他材料(more)"));
    Order {
        items: if items.is_empty() { rest.items.clone() } else { items },
        is_inferred: raw.inferred,
        document: ground.0,
        paragraph: ground.1,
        letter: or(letter, &rest.letter),
        notice: or(notice, &rest.notice),
        sign_in: or(sign_in, &rest.sign_in),
        // What a jurisdiction adds stands beside what everybody gets.
        more: rest.more.iter().cloned().chain(more).collect(),
    }
}

fn item(source: &mut Source<'_>, raw: raw::OnboardingItem, keys: &mut BTreeSet<String>) -> Option<Item> {
    let key = read_key(source, &raw.key, keys, "辅导事项代号");
    let kind = Kind::from_key(raw.kind.get_ref());
    if kind.is_none() {
        let known = Kind::ALL.map(Kind::key).join("、");
        source.error(&raw.kind.span(), format!("没有辅导事项种类“{}”。可用:{known}。", raw.kind.get_ref()));
    }
    let level = Level::ALL.into_iter().find(|level| level.key() == raw.level.get_ref());
    if level.is_none() {
        let known = Level::ALL.map(Level::key).join("、");
        source.error(&raw.level.span(), format!("没有级别“{}”。可用:{known}。", raw.level.get_ref()));
    }
    let days = *raw.days.get_ref();
    if !(1..=DAYS_MAX).contains(&days) {
        source.error(&raw.days.span(), format!("期限应为 1 至 {DAYS_MAX} 个工作日,现为 {days}。"));
    }
    Some(Item {
        key,
        name: text(source, raw.name, "辅导事项名称(name)"),
        shows: text(source, raw.shows, "要求和佐证(shows)"),
        days,
        level: level?,
        kind: kind?,
        needs_file: raw.file.is_some_and(Spanned::into_inner),
    })
}
