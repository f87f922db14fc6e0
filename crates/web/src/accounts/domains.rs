//! 分管专业: what of the surveys an officer's work covers, on the page of their account.

use std::collections::BTreeSet;

use axum::extract::{Path, RawForm, State};
use maud::{Markup, html};
use youju_app::domains;
use youju_domain::access::Domains;
use youju_domain::domains::{Domain, Gap};
use youju_domain::id::PersonId;
use youju_domain::person::Person;

use crate::fields::Fields;
use crate::request::{Answer, Signed, id, see};
use crate::{Web, url};

/// The domains to choose from, with those that the officer has. None chosen is all of them.
pub(super) fn form(officer: &Person, all: &[Domain]) -> Markup {
    let has = |domain: &Domain| match &officer.domains {
        Domains::Every => false,
        Domains::Only(names) => names.contains(&domain.key),
    };
    html! {
        form.card.narrow method="post" action=(url::account_act(officer.id, "domains")) {
            h2 { "分管专业" }
            fieldset aria-describedby="domains-help" {
                legend { "只看和办理这些专业的报表" }
                @for domain in all {
                    label.choice { input type="checkbox" name="domain" value=(domain.key) checked[has(domain)]; " " (domain.label) }
                }
            }
            p.help #domains-help { "一个都不选就是全部专业。名录库、单位的账簿和原始凭证不分专业。保存后立即生效,本人会收到消息。" }
            div.form-actions { button.button type="submit" { "保存分管专业" } }
        }
    }
}

/// Domains that nobody has, above the list of accounts.
pub(super) fn gaps(gaps: &[Gap]) -> Markup {
    html! { @if !gaps.is_empty() {
        section.notice.todo {
            p { "有专业没有人分管,这些专业的报表没有人审核:" }
            ul { @for gap in gaps {
                li {
                    (youju_codes::area::name(&gap.area).unwrap_or(gap.area.as_str())) " " (gap.role.label()) ":"
                    (gap.missing.iter().map(|domain| domain.label.as_str()).collect::<Vec<_>>().join("、"))
                }
            } }
        }
    } }
}

/// Gives an officer other domains.
pub(crate) async fn assign(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (officer, fields): (PersonId, Fields) = (id(path)?, Fields::read(&body)?);
    let chosen: BTreeSet<String> = fields.all("domain").filter(|key| !key.is_empty()).map(str::to_owned).collect();
    web.app.write(Some(signed.actor), async |cx| domains::assign(cx, officer, chosen).await).await?;
    Ok(see(&url::account_of(officer), "domains_assigned"))
}
