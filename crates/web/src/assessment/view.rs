//! One assessment as markup, and the line above totals.

use std::collections::BTreeMap;

use maud::{Markup, html};
use youju_app::assessment::{About, Listed, Told};
use youju_codes::{AreaCode, format_number};
use youju_domain::assessment::{
    Act, Assessment, Fit, Judgement, METHOD_CHARS_MAX, Measured, Overall, Snapshot, Stage, Standing, Turn, Verdict,
    level_of,
};
use youju_domain::report::Level;
use youju_domain::total::Grouping;
use youju_programme::Item;

use crate::ui::part;
use crate::url;

/// What an area is called.
pub(crate) fn area_name(area: &AreaCode) -> &str {
    youju_codes::area::name(area).unwrap_or(area.prefix())
}

/// A stage as a word and a colour; none for what nobody has begun.
pub(crate) fn stage(stage: Option<Stage>) -> Markup {
    let (class, word) = match stage {
        None => ("", "未评估"),
        Some(stage @ (Stage::Assessing | Stage::Answered)) => ("todo", stage.label()),
        Some(stage @ Stage::Demanded) => ("explain", stage.label()),
        Some(stage @ Stage::Closed) => ("done", stage.label()),
        Some(stage @ Stage::Changed) => ("error", stage.label()),
    };
    html! { span class={ "badge " (class) } { (word) } }
}

fn fit(fit: Fit) -> Markup {
    let class = match fit {
        Fit::Within => "done",
        Fit::Outside => "error",
        Fit::Missing => "explain",
    };
    html! { span class={ "badge " (class) } { (fit.label()) } }
}

/// Whether totals may be used, and how it is with the areas below.
pub(crate) struct Banner {
    /// The area that the totals are of.
    pub told: Told,
    /// The level whose acceptance the totals rest on.
    pub level: Level,
    /// True when the person's own area has a list of assessments.
    pub lists: bool,
    /// The areas directly below it that are assessed by themselves.
    pub below: Vec<Listed>,
    /// How many more of them there are.
    pub more: u64,
}

/// The line above totals. It is printed with them.
pub(crate) fn banner(banner: &Banner) -> Markup {
    let Told { area, standing, id } = &banner.told;
    let other = assessed_on(&banner.told).filter(|level| *level != banner.level);
    let class = match standing {
        Standing::Usable(..) if other.is_none() => "done",
        Standing::UnderWay => "explain",
        _ => "error",
    };
    html! {
        div class={ "notice " (class) } role="note" aria-label="能否对外使用" {
            strong { (area_name(area)) "数据:" (standing.says()) }
            @if let Some(other) = other {
                " " strong { "本口径(" (banner.level.label()) "已验收)不是评估所依据的口径(" (other.label()) "已验收),不得对外使用。" }
            }
            " " @if let Some(id) = id { a href=(url::assessment(*id)) { "查看评估" } } @else if banner.lists { a href=(url::ASSESSMENTS) { "数据质量评估" } }
            @if !banner.below.is_empty() {
                p.small { "下级各地区(各按自己的评估结论):"
                    @for (index, row) in banner.below.iter().enumerate() {
                        @if index > 0 { "、" }
                        @let word = below(row);
                        @if let Some(brief) = &row.brief { a href=(url::assessment(brief.id)) { (area_name(&row.area)) " " (word) } }
                        @else { (area_name(&row.area)) " " (word) }
                    }
                    @if banner.more > 0 { "。另有 " (part::count(banner.more)) " 个,见数据质量评估列表" }
                    "。"
                }
            }
        }
    }
}

/// The level whose acceptance the assessment of an area rests on, where there is one or could be.
fn assessed_on(told: &Told) -> Option<Level> {
    match told.standing {
        Standing::Undeclared | Standing::NoLevelAbove(_) => None,
        _ => level_of(&told.area),
    }
}

fn below(row: &Listed) -> &'static str {
    let Some(brief) = &row.brief else { return "未评估" };
    match (brief.stage, brief.overall) {
        (Stage::Assessing | Stage::Changed, _) | (_, None) => brief.stage.label(),
        (_, Some(overall)) => overall.label(),
    }
}

/// The page.
pub(super) fn page(about: &About, declared: &[&Item]) -> Markup {
    let assessment = &about.assessment;
    let fed_back = assessment.feedback().and_then(|turn| turn.snapshot.as_ref());
    html! {
        (particulars(assessment))
        @if let Some(now) = &about.now {
            section.stack { h2 { "现在的数" } (figures(now, &assessment.judgements, declared)) }
            @for measured in now.measured.iter().filter(|one| one.fit() == Fit::Outside) {
                (judge_form(assessment, measured))
            }
            (feed_back_form(assessment))
        } @else if let Some(snapshot) = fed_back {
            @let is_past = matches!(assessment.stage, Stage::Assessing | Stage::Changed);
            section.stack { h2 { @if is_past { "上一轮反馈时的数" } @else { "反馈时的数" } } (figures(snapshot, &snapshot.judgements, declared)) }
        } @else {
            (part::empty("上级正在评估", "反馈以后,这里会列出各项的数、评判和意见。"))
        }
        (acts(about))
        section.card { h2 { "经过" } ol.timeline { @for turn in assessment.turns.iter().rev() { (done(turn)) } } }
    }
}

fn particulars(assessment: &Assessment) -> Markup {
    let standing = Standing::of(Some(assessment));
    let (by, level) = totalled(&assessment.area);
    let totals = url::totals_of(&assessment.area, &assessment.form, assessment.period, by, level);
    html! {
        dl.facts.wide.card {
            div { dt { "地区" } dd { (youju_codes::area::path(&assessment.area)) } }
            div { dt { "轮次" } dd { "第 " (assessment.round) " 轮" } }
            div { dt { "使用状态" } dd { (standing.says()) } }
            div { dt { "数据" } dd { a href=(totals) { "打开汇总" } } }
        }
    }
}

/// How totals show an area as it is assessed: by what is directly below, and accepted by its own level. Totals know two levels.
fn totalled(area: &AreaCode) -> (Grouping, Level) {
    match level_of(area) {
        Some(Level::County) | None => (Grouping::Township, Level::County),
        Some(_) => (Grouping::County, Level::City),
    }
}

fn figures(snapshot: &Snapshot, judgements: &BTreeMap<String, Judgement>, declared: &[&Item]) -> Markup {
    let count = |wanted: Fit| snapshot.measured.iter().filter(|one| one.fit() == wanted).count();
    let note = |rule: &str| declared.iter().find(|item| item.rule.id == rule).map_or("", |item| item.note.as_str());
    html! {
        div.table-head { span.table-count {
            "已验收报表 " (part::count(snapshot.reports)) " 份;共 " (snapshot.measured.len()) " 项,在范围内 " (count(Fit::Within))
            " 项,超出范围 " (count(Fit::Outside)) " 项,缺数据 " (count(Fit::Missing)) " 项"
        } }
        div.table-box.whole tabindex="0" role="region" aria-label="评估项目" { table.table {
            caption.vh { "各评估项目的数、允许范围和评判" }
            thead { tr { th { "项目" } th { "方面" } th { "依据的数" } th.num { "算出" } th { "允许范围" } th { "情况" } th { "评判" } } }
            tbody { @for one in &snapshot.measured { tr {
                th.wrap scope="row" { (one.name) p.small.muted { (one.compare.label()) } @if !note(&one.rule).is_empty() { p.small.muted { (note(&one.rule)) } } }
                td { (one.compare.aspect().label()) }
                td.wrap { @for taken in &one.taken { p.small {
                    (taken.label) " " @if let Some(value) = &taken.value { b { (format_number(value)) } " " (taken.unit) } @else { "—" }
                    " · 已验收 " (part::count(taken.units)) " 个单位"
                } } }
                td.num { @if let Some(value) = &one.value { (format_number(value)) " " span.unit { (one.compare.unit()) } } @else { "—" } }
                td { (one.bound.label(one.compare.unit())) }
                td.wrap { (fit(one.fit())) @if let Some(missing) = &one.missing { p.small.muted { (missing) "。" } } }
                td.wrap { @if let Some(judgement) = judgements.get(&one.rule) { (judged(judgement, one)) } }
            } } }
        } }
        @if !declared.is_empty() {
            p.small.muted { "评估项目和允许范围的出处:" (sources(declared)) "。数据指纹 " span.code { (snapshot.fingerprint) } }
        }
    }
}

/// Every kind of provenance once, with how many items are of it.
fn sources(declared: &[&Item]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for item in declared {
        *counts.entry(item.provenance.label()).or_default() += 1;
    }
    let told: Vec<String> = counts.iter().map(|(word, count)| format!("{word} {count} 项")).collect();
    told.join(",")
}

fn judged(judgement: &Judgement, now: &Measured) -> Markup {
    let class = if judgement.verdict == Verdict::Approved { "done" } else { "explain" };
    html! {
        span class={ "badge " (class) } { (judgement.verdict.label()) }
        p.small { (judgement.reason) }
        p.small.muted { "方法:" (judgement.method) " · " (judgement.name) " " (part::instant(judgement.at)) }
        @if now.fit() != Fit::Outside { p.small.muted { "现在没有超出范围,反馈时不计这条评判。" } }
        @if judgement.is_stale(now) { p.small { span.badge.error { "评判后数据有变动" } " 请重新评判。" } }
    }
}

fn judge_form(assessment: &Assessment, measured: &Measured) -> Markup {
    let before = assessment.judgements.get(&measured.rule);
    let field = |name: &str| format!("{name}-{}", measured.rule);
    html! {
        form.card.narrow method="post" action=(url::assessment_act(assessment.id, "judge")) {
            h3 { "评判:" (measured.name) }
            input type="hidden" name="rule" value=(measured.rule);
            div.field { label for=(field("verdict")) { "评判" } select id=(field("verdict")) name="verdict" required {
                @for verdict in Verdict::ALL { option value=(verdict.key()) selected[before.is_some_and(|one| one.verdict == verdict)] { (verdict.label()) } }
            } }
            div.field { label for=(field("reason")) { "理由(不少于 6 个字)" } textarea id=(field("reason")) name="reason" required minlength="6" maxlength="1000" {
                @if let Some(before) = before { (before.reason) }
            } }
            div.field { label for=(field("method")) { "评估方法" } input id=(field("method")) name="method" required minlength="2" maxlength=(METHOD_CHARS_MAX) value=(before.map(|one| one.method.as_str()).unwrap_or_default()) placeholder="如 与供电部门售电量核对、抽查重点企业"; }
            div.form-actions { button.button type="submit" { "保存评判" } }
        }
    }
}

fn feed_back_form(assessment: &Assessment) -> Markup {
    html! {
        form.card.narrow method="post" action=(url::assessment_act(assessment.id, "feed-back")) {
            h2 { "反馈" }
            p.hint { "“认可”后数据可以对外使用;“认可但需说明”可以使用,下级还应答复说明;“退回核实”不得使用。反馈时的各项数一并保存。" }
            div.field { label for="overall" { "总体结论" } select #overall name="overall" required {
                @for overall in Overall::ALL { option value=(overall.key()) { (overall.label()) } }
            } }
            div.field { label for="text" { "意见(不是“认可”的、有缺数据项目的,必须写明)" } textarea #text name="text" maxlength="1000" {} }
            div.form-actions { button.button.primary type="submit" { "反馈" } }
        }
    }
}

/// What the person may do now.
fn acts(about: &About) -> Markup {
    let assessment = &about.assessment;
    let closes = assessment.stage == Stage::Answered && assessment.overall == Some(Overall::Explain);
    html! {
        @if about.may_answer && assessment.stage == Stage::Demanded {
            (words_form(assessment, ("answer", "答复", true), "写明核实的情况、原因和采取的措施,不少于 6 个字。"))
        }
        @if about.may_assess && closes {
            (words_form(assessment, ("close", "办结", false), "说明清楚的,可以办结。"))
        }
        @if about.may_assess && assessment.stage != Stage::Assessing {
            (words_form(assessment, ("reassess", "重新评估", true), "按现在已验收的数据重新评估,原来的结论随即失效;写明原因,不少于 6 个字。"))
        }
    }
}

fn words_form(assessment: &Assessment, (act, word, is_required): (&str, &str, bool), hint: &str) -> Markup {
    let field = format!("{act}-text");
    html! {
        form.card.narrow method="post" action=(url::assessment_act(assessment.id, act)) {
            h2 { (word) }
            p.hint { (hint) }
            div.field { label for=(field) { (word) "的说明" } textarea id=(field) name="text" required[is_required] minlength=[is_required.then_some("6")] maxlength="1000" {} }
            div.form-actions { button.button type="submit" { (word) } }
        }
    }
}

fn done(turn: &Turn) -> Markup {
    let class = match (turn.act, turn.overall) {
        (Act::Change, _) | (_, Some(Overall::Verify)) => "error",
        (_, Some(Overall::Explain)) | (Act::Reassess, _) => "explain",
        (_, Some(Overall::Approved)) | (Act::Close, _) => "done",
        _ => "todo",
    };
    html! { li class=(class) {
        time datetime=(turn.at.to_rfc3339()) { (youju_domain::survey::print_instant(turn.at)) }
        strong { (turn.name) } " " (turn.act.label()) @if let Some(level) = turn.level { "(" (level.label()) ")" }
        @if let Some(overall) = turn.overall { ":" (overall.label()) }
        @if !turn.text.is_empty() { blockquote { (turn.text) } }
        @if let Some(snapshot) = &turn.snapshot { details.more {
            summary { "反馈时的数和评判" }
            (figures(snapshot, &snapshot.judgements, &[]))
        } }
    } }
}
