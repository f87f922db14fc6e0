//! Markup shared by all pages: the frame, and small parts that are functions of plain values.

pub(crate) mod frame;
pub(crate) mod part;
