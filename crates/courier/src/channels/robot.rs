//! Settings of a group's robot.

use super::fields::Fields;
use super::url::Url;
use crate::secret::Secret;

/// How a robot writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Markdown,
}

/// The robot of a group.
#[derive(Debug, Clone)]
pub(crate) struct Robot {
    /// The address that the platform gave, key included.
    pub url: Url,
    /// Signs each call, if the robot wants that.
    pub secret: Option<Secret>,
    pub format: Format,
}

/// Reads the settings; mistakes are written down.
pub(crate) fn read(fields: &mut Fields<'_>, may_sign: bool) -> Option<Robot> {
    let secret = if may_sign { fields.text("secret").map(Secret::new) } else { None };
    let format = fields.choice("format", &[("text", Format::Text), ("markdown", Format::Markdown)], Format::Text);
    let url = fields.url("url");
    Some(Robot { url: url?, secret, format })
}
