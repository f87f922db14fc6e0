//! 我的账号: the pages on which people look after their own account.

pub(crate) mod factor;
pub(crate) mod identity;
pub(crate) mod key;
pub(crate) mod own;

use maud::{Markup, html};

use crate::request::Arrived;
use crate::ui::frame::{Head, Refused, bare, page, why};
use crate::url;

/// A page inside the frame, or without it while something is due: then there is nowhere else to go but out.
fn shown(arrived: Arrived, head: &Head<'_>, refused: Option<Refused>, main: &Markup) -> Markup {
    if arrived.due.is_none() {
        let mut frame = arrived.frame;
        frame.refused = refused;
        return page(&frame, head, main);
    }
    let main = html! {
        div.sign-in {
            h1 { (head.title) }
            @if let Some(about) = &head.about { p.muted { (about) } }
            @if let Some(refused) = &refused { (why(refused)) }
            (main)
            form method="post" action=(url::SIGN_OUT) { div.form-actions { button.button type="submit" { "退出登录" } } }
        }
    };
    bare(head.title, &main)
}

/// A field for one's own password as it is.
fn password_field(id: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { "现在的密码" }
            input id=(id) name="password" type="password" autocomplete="current-password" required;
        }
    }
}
