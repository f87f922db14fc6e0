//! Reading `calendar.toml`: every moment must be readable, every instant in order, every form and period covered.

use std::collections::BTreeMap;

use youju_codes::Period;
use youju_domain::report::Level;

use super::error::{Log, Source};
use super::{raw, read_sources};
use crate::calendar::{Calendar, Moment, Rule};
use crate::files::Files;
use crate::form::Form;
use crate::programme::Reference;

type References = BTreeMap<String, Reference>;

pub(super) const CALENDAR: &str = "calendar.toml";
/// A leap year and the one after it: every rule is tried on all their periods.
const YEARS_TRIED: [i32; 2] = [2028, 2029];

/// The calendar of a programme; an empty one where there is no such file.
/// `listed` are the forms of the programme, `forms` those that could be read.
pub(super) fn read(
    files: &Files,
    (listed, forms): (&[String], &[Form]),
    known: &References,
    log: &mut Log,
) -> Calendar {
    if files.get(CALENDAR).is_none() {
        return Calendar::default();
    }
    let Some(mut source) = Source::open(files, CALENDAR, log) else { return Calendar::default() };
    let Some(raw) = source.toml::<raw::Calendar>() else { return Calendar::default() };
    let mut exempt = Vec::new();
    for raw in raw.exempt {
        refuse_unknown(&raw.forms, listed, &mut source);
        read_sources(&mut source, &raw.sources, known);
        exempt.extend(raw.forms.into_iter().map(|code| (code.into_inner(), raw.ends_in.clone())));
    }
    let mut rules = Vec::new();
    for window in raw.window {
        read_sources(&mut source, &window.sources, known);
        refuse_unknown(&window.forms, listed, &mut source);
        rules.extend(read_rule(&window, forms, &mut source));
    }
    let calendar = Calendar { rules, exempt };
    for form in forms {
        refuse_gaps(&calendar, form, &mut source);
    }
    calendar
}

fn refuse_unknown(codes: &[raw::Text], listed: &[String], source: &mut Source) {
    for code in codes.iter().filter(|code| !listed.contains(code.get_ref())) {
        source.error(&code.span(), format!("本制度没有表号为“{}”的报表。", code.get_ref()));
    }
}

fn read_rule(raw: &raw::CalendarWindow, forms: &[Form], source: &mut Source) -> Option<Rule> {
    let mut moment = |text: &raw::Text| {
        let read = Moment::parse(text.get_ref());
        read.map_err(|reason| source.error(&text.span(), format!("{reason}。"))).ok()
    };
    let (opens, due, closes) = (moment(&raw.opens), moment(&raw.due), moment(&raw.closes));
    let accept = read_accept(&raw.accept, &mut moment);
    let rule = Rule {
        forms: raw.forms.iter().map(|code| code.get_ref().clone()).collect(),
        ends_in: raw.ends_in.clone(),
        opens: opens?,
        due: due?,
        closes: closes?,
        accept: accept?,
    };
    let at = raw.due.span();
    let named = rule.forms.iter().filter_map(|code| forms.iter().find(|form| form.code == *code));
    for (form, period) in named.flat_map(|form| tried(form).into_iter().map(move |period| (form, period))) {
        if rule.is_for(&form.code, period) && rule.planned(period).is_none() {
            let says = "时间顺序有误:应依次为开网、截止、关网,各级验收截止不早于报送截止,且逐级不早于下一级。";
            source.error(&at, says);
            return None;
        }
    }
    Some(rule)
}

/// Levels in their order, whatever order they are written in.
fn read_accept(
    raw: &BTreeMap<Level, raw::Text>,
    moment: &mut impl FnMut(&raw::Text) -> Option<Moment>,
) -> Option<Vec<(Level, Moment)>> {
    raw.iter().map(|(level, text)| Some((*level, moment(text)?))).collect()
}

fn tried(form: &Form) -> Vec<Period> {
    let years = YEARS_TRIED.into_iter().filter_map(|year| form.period_kind().periods(year).ok());
    years.flatten().filter(|period| form.is_reported_in(*period)).collect()
}

/// A form that is in the calendar at all must be there for each of its periods, or a month would be forgotten.
fn refuse_gaps(calendar: &Calendar, form: &Form, source: &mut Source) {
    let missing: Vec<Period> =
        tried(form).into_iter().filter(|period| !calendar.speaks_of(&form.code, *period)).collect();
    if let Some(first) = missing.first() {
        let says = format!("{}没有安排报送时间,例如{}。请在 forms 和 ends_in 中补上。", form.title(), first.label());
        source.error(&(0..0), says);
    }
}
