//! 通知方式: by which channels the person hears of messages, and what became of the latest.

use axum::extract::{RawForm, State};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::contact::Reach;
use youju_domain::Problem;
use youju_domain::contact::{ADDRESS_CHARS_MAX, Cadence, Contact, Quiet};

use crate::request::{Answer, Signed, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Channel, Web, url};

/// The page.
pub(crate) async fn page(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let reach = web.app.read(Some(signed.actor.clone()), async |cx| youju_app::contact::own(cx).await).await?;
    let head = Head {
        about: Some("消息总会出现在待办里;还可以同时发到下面的渠道。免打扰时间内的消息,到时再发。".into()),
        ..Head::of("通知方式")
    };
    Ok(whole(&signed.frame, &head, &view(&offered(&web, &signed), &reach)))
}

/// The channels that somebody may choose: what goes into the group of an office is for its officers.
fn offered(web: &Web, signed: &Signed) -> Vec<Channel> {
    let may = |channel: &&Channel| !channel.is_group || signed.actor.role.is_officer();
    web.settings.channels.iter().filter(may).cloned().collect()
}

fn view(channels: &[Channel], reach: &Reach) -> Markup {
    html! {
        @if channels.is_empty() { (part::empty("还没有可用的渠道", "系统管理员配置邮件、企业微信、钉钉或短信后,可以在这里选择。")) }
        @for channel in channels {
            @let contact = reach.contacts.iter().find(|contact| contact.channel == channel.id);
            (channel_form(channel, contact))
        }
        @if !reach.deliveries.is_empty() { (deliveries(reach)) }
    }
}

fn channel_form(channel: &Channel, contact: Option<&Contact>) -> Markup {
    let quiet = contact.and_then(|contact| contact.quiet);
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    let field = |name: &str| format!("{}-{name}", channel.id);
    html! {
        form.card.narrow method="post" action=(url::CONTACT) {
            h2 { (channel.name) @if contact.is_some() { " " span.badge.done { "已启用" } } }
            input type="hidden" name="channel" value=(channel.id);
            @if channel.is_group { p.hint { "发到已配置的群,群里的人都看得到。" } input type="hidden" name="address" value=""; }
            @else { div.field { label for=(field("address")) { "邮箱或手机号" } input id=(field("address")) name="address" required maxlength=(ADDRESS_CHARS_MAX) value=[contact.map(|contact| contact.address.as_str())]; } }
            div.field { label for=(field("cadence")) { "频次" } select id=(field("cadence")) name="cadence" {
                @for cadence in Cadence::ALL { option value=(cadence.key()) selected[contact.is_some_and(|contact| contact.cadence == cadence)] { (cadence.label()) } }
            } }
            div.level-row {
                label for=(field("from")) { "免打扰,从" } input id=(field("from")) name="quiet_from" type="time" value=[quiet.map(|quiet| clock(quiet.from))];
                label for=(field("until")) { "到" } input id=(field("until")) name="quiet_until" type="time" value=[quiet.map(|quiet| clock(quiet.until))];
            }
            div.form-actions {
                button.button.primary type="submit" name="act" value="set" { "保存" }
                @if contact.is_some() { button.button type="submit" name="act" value="remove" formnovalidate { "停用" } }
            }
        }
    }
}

fn deliveries(reach: &Reach) -> Markup {
    html! {
        section.stack {
            h2 { "最近的发送" }
            div.table-box { table.table {
                thead { tr { th { "时间" } th { "渠道" } th { "结果" } th { "说明" } } }
                tbody { @for delivery in &reach.deliveries { tr {
                    td { (part::instant(delivery.at)) }
                    td { (delivery.channel) }
                    td { @match delivery.state.as_str() {
                        "delivered" => { span.badge.done { "已发送" } },
                        "failed" => { span.badge.explain { "稍后重发" } },
                        _ => { span.badge.error { "没有发送" } },
                    } }
                    td.wrap { (delivery.detail) }
                } } }
            } }
        }
    }
}

#[derive(Deserialize)]
struct Typed {
    channel: String,
    act: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    cadence: String,
    #[serde(default)]
    quiet_from: String,
    #[serde(default)]
    quiet_until: String,
}

/// Sets or ends a contact.
pub(crate) async fn set(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let typed: Typed = read(&String::from_utf8_lossy(&body))?;
    if typed.act != "remove" && !offered(&web, &signed).iter().any(|channel| channel.id == typed.channel) {
        return Err(Problem::NotFound { what: "渠道" }.into());
    }
    let wanted = if typed.act == "remove" { None } else { Some(contact(&typed, &signed)?) };
    web.app.write(Some(signed.actor), async |cx| youju_app::contact::set(cx, &typed.channel, wanted).await).await?;
    Ok(see(url::CONTACT, "saved"))
}

fn contact(typed: &Typed, signed: &Signed) -> Answer<Contact> {
    let bad = |reason: &str| Problem::BadInput { reason: reason.to_owned() };
    let minute = |text: &str| -> Result<Option<u32>, Problem> {
        if text.is_empty() {
            return Ok(None);
        }
        let read = text.split_once(':').and_then(|(hour, minute)| {
            Some(hour.parse::<u32>().ok().filter(|hour| *hour < 24)? * 60 + minute.get(..2)?.parse::<u32>().ok()?)
        });
        read.map(Some).ok_or_else(|| bad("免打扰时间应写成 22:00 的样子。"))
    };
    let quiet = match (minute(&typed.quiet_from)?, minute(&typed.quiet_until)?) {
        (Some(from), Some(until)) => Some(Quiet { from, until }),
        (None, None) => None,
        _ => return Err(bad("免打扰时间应写明从几点到几点。").into()),
    };
    Ok(Contact {
        person: signed.actor.person,
        channel: typed.channel.clone(),
        address: typed.address.trim().to_owned(),
        cadence: Cadence::from_key(&typed.cadence).ok_or_else(|| bad("请选择频次。"))?,
        quiet,
    })
}
