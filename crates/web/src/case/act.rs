//! Forms of acts as markup: a new case, and what may be done in one.

use maud::{Markup, html};
use youju_app::case::{Offered, Openable, Seen};
use youju_domain::access::Role;
use youju_domain::attachment::FILES_MAX;
use youju_domain::case::{
    ANSWERS, Act, Case, CaseType, Demand, EvidenceKind, Least, REASON_CHARS, Reason, Sort, SubjectKind, TEXT_CHARS_MAX,
    Values,
};
use youju_domain::register::Facts;

use super::field::fields;
use super::told::told;
use super::view::rests_on;
use crate::ui::part;
use crate::url;

/// The form of a new case.
pub(super) fn new(found: &Openable, role: Role) -> Markup {
    let kind = &found.kind;
    let is_chosen_from = matches!(kind.subject, SubjectKind::Organisation | SubjectKind::Area);
    if is_chosen_from && found.subjects.is_empty() && found.chosen.is_none() {
        return part::empty("这里没有可以办理的对象", "机构请先在“机构”中设置;不是本级办理的,请到有关的统计机构办理。");
    }
    html! {
        (rests_on(kind))
        (told(&found.told))
        section.card {
            form.narrow method="post" enctype="multipart/form-data" action=(url::case_new(&kind.key)) {
                (subject(found, role))
                (asked("open", kind, (&kind.open.demand, false), (&Values::new(), &found.told.facts), |_| 0))
                div.form-actions { button.button.primary type="submit" { (kind.open.label) } }
            }
        }
    }
}

fn subject(found: &Openable, role: Role) -> Markup {
    let kind = found.kind.subject;
    if let Some(chosen) = &found.chosen {
        return html! {
            div.field { span.label { "办理对象" } p { (chosen.name) } }
            input type="hidden" name="subject" value=(chosen.id);
        };
    }
    html! { @match kind {
        SubjectKind::None => {},
        SubjectKind::Unit if role.is_respondent() => { div.field { span.label { "办理对象" } p { "本单位" } } },
        SubjectKind::Unit => div.field {
            label for="subject" { "单位的统一社会信用代码" }
            input #subject name="subject" required maxlength="18" autocomplete="off";
        },
        SubjectKind::Staff if found.subjects.is_empty() => div.field {
            label for="subject" { "统计人员的账号" }
            input #subject name="subject" required maxlength="64" autocomplete="off";
        },
        _ => div.field {
            label for="subject" { "办理对象(" (kind.label()) ")" }
            select #subject name="subject" required {
                option value="" { "请选择" }
                @for (id, name) in &found.subjects { option value=(id) { (name) } }
            }
        },
    } }
}

/// What may be done in a case now; the first is open, what says no stands last.
pub(super) fn offered(seen: &Seen) -> Markup {
    let find = |offer: &Offered| seen.kind.act(&offer.act).map(|act| (act.clone(), offer.clone()));
    let mut acts: Vec<(Act, Offered)> = seen.offers.iter().filter_map(find).collect();
    acts.sort_by_key(|(act, offer)| (act.is_danger, offer.bar.is_some()));
    html! {
        @if !acts.is_empty() {
            section.stack {
                h2 { "办理" }
                @for (index, (act, offer)) in acts.iter().enumerate() {
                    @if let Some(bar) = &offer.bar { p.muted { strong { (act.label) } ":" (bar) } }
                    @else { details.more open[index == 0] { summary { (act.label) } (form(seen, act, offer)) } }
                }
            }
        }
    }
}

fn form(seen: &Seen, act: &Act, offer: &Offered) -> Markup {
    let case = &seen.case;
    html! {
        @if act.is_onsite { p {
            a.button href=(url::onsite(case.id, &act.key)) { "在手机上现场办理" }
            " " span.muted { "打开以后没有网络也能填,联网后发送。下面的表单要联网填写。" }
        } }
        form.narrow.card method="post" enctype="multipart/form-data" action=(url::case_act(case.id, &act.key)) {
            @if let Some(signatory) = &offer.signatory { p { "您作为“" (signatory) "”" (act.label) "。" (unsigned(case, act)) } }
            input type="hidden" name="revision" value=(case.revision);
            (of_act(seen, act))
            div.form-actions { button class={ "button " (if act.is_danger { "danger" } else { "primary" }) } type="submit" { (act.label) } }
        }
    }
}

/// What an act asks for in a case.
pub(super) fn of_act(seen: &Seen, act: &Act) -> Markup {
    let there = |kind: &str| seen.case.materials().filter(|one| one.kind == kind).count();
    asked(&act.key, &seen.kind, (&act.demand, act.is_onsite), (&seen.values, &seen.told.facts), there)
}

fn unsigned(case: &Case, act: &Act) -> String {
    let missing: Vec<&str> = case.unsigned(act).into_iter().map(|one| one.label.as_str()).collect();
    format!("还没有签的:{}。", missing.join("、"))
}

/// Fields, the check list, materials and words that an act asks for. What shows how it is on the spot is owed anew each time.
fn asked(
    act: &str,
    kind: &CaseType,
    (demand, is_onsite): (&Demand, bool),
    (values, facts): (&Values, &Facts),
    there: impl Fn(&str) -> usize,
) -> Markup {
    let (least, most) = REASON_CHARS;
    html! {
        @if demand.checks { (checks(act, kind, values)) }
        @if !demand.one_of.is_empty() { p.help { "标“(可不填)”的栏目中,只填有变更的,至少一项。" } }
        (fields(act, &demand.fields(kind), values, facts))
        @for material in &kind.evidence {
            @if let Some(asked) = demand.evidence.iter().find(|asked| asked.kind == material.key) {
                @let there = if is_onsite && material.sort != Sort::File { 0 } else { there(&asked.kind) };
                @if material.is_for(values) { (files(&format!("{act}-file-{}", asked.kind), asked, material, there)) }
            }
        }
        @match demand.reason {
            Reason::No => {},
            Reason::May => div.field {
                label for={ (act) "-reason" } { "意见(可不填)" }
                textarea id={ (act) "-reason" } name="reason" maxlength=(most) {}
            },
            Reason::Must => div.field {
                label for={ (act) "-reason" } { "意见或原因" }
                textarea id={ (act) "-reason" } name="reason" required minlength=(least) maxlength=(most) {}
            },
        }
    }
}

/// A file field by what its kind of material is. Without scripts a photograph is taken by the phone's own camera, and a name is written on paper
/// and photographed.
fn files(id: &str, asked: &Least, material: &EvidenceKind, there: usize) -> Markup {
    let missing = (asked.least as usize).saturating_sub(there);
    let (is_photo, is_signature) = (material.sort == Sort::Photo, material.sort == Sort::Signature);
    let accept = (material.sort != Sort::File).then_some("image/*");
    let kind = &asked.kind;
    html! {
        div.field data-photo=[is_photo.then_some(kind)] data-signature=[is_signature.then_some(kind)] data-least=(asked.least) data-label=(material.label) {
            label for=(id) { (material.label) @if asked.least > 0 { "(至少 " (asked.least) " 份)" } @else { "(可不交)" } }
            @if !material.only.is_empty() { p.help { "适用于:" (material.only.join("、")) "。" } }
            input id=(id) name={ "file." (kind) } type="file" multiple required[missing > 0 && material.by.is_none()] accept=[accept] capture=[is_photo.then_some("environment")] aria-describedby={ (id) "-help" };
            p.help id={ (id) "-help" } {
                (material.help)
                @match material.sort {
                    Sort::File => { "最多 " (FILES_MAX) " 个文件,照片、PDF、Word、Excel 都可以。" },
                    Sort::Photo => { "请用手机当场拍,打开相机的位置记录。照片中没有位置的,要写明原因。" },
                    Sort::Signature => { "可以在手机上手写;也可以在纸上签名后拍照上传。" },
                }
                @if there > 0 { "已有 " (there) " 份,可以不再上传。" }
            }
            @if is_photo {
                div.no-place {
                    label for={ (id) "-no-place" } { "没有定位的原因(有位置的不填)" }
                    input id={ (id) "-no-place" } name={ "no_place." (kind) } maxlength=(TEXT_CHARS_MAX) autocomplete="off";
                }
            }
        }
    }
}

/// The check list of the case's domain: an answer each, and words where it is a no.
fn checks(act: &str, kind: &CaseType, values: &Values) -> Markup {
    let said = |key: &String| values.get(key).map_or("", String::as_str);
    html! {
        fieldset.checks {
            legend { "核查清单" }
            p.help { "逐项回答;答“否”的写明情况。" }
            @for (index, item) in kind.checks_for(values).into_iter().enumerate() {
                @let (answer, remark) = (item.answer_key(), item.remark_key());
                @let id = format!("{act}-check-{}", item.key);
                fieldset.check-item {
                    legend { (index + 1) ". " (item.label) }
                    @if !item.help.is_empty() { p.help { (item.help) } }
                    div.answers { @for (key, word) in ANSWERS {
                        label.choice { input type="radio" name={ "f." (answer) } value=(key) required checked[said(&answer) == key]; " " (word) }
                    } }
                    label.vh for={ (id) "-remark" } { (item.label) ":说明" }
                    input.text.remark id={ (id) "-remark" } name={ "f." (remark) } value=(said(&remark)) maxlength=(TEXT_CHARS_MAX) placeholder="说明(答“否”必填)" autocomplete="off";
                }
            }
        }
    }
}
