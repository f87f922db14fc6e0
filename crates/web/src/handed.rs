//! A table that somebody hands in, looks at row by row and confirms. Between the look and the confirmation it travels inside the page: the
//! server keeps nothing that would have to be cleared away.

use axum::extract::Multipart;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use youju_domain::Problem;

use crate::fields::Fields;
use crate::parts::Parts;
use crate::request::Answer;

/// Most bytes of a table: it travels through the page as text.
const TABLE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What the forms send.
pub(crate) struct Handed {
    /// Name of the file.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// How many rows the look has shown as right.
    pub shown: usize,
    /// What is typed beside it.
    pub fields: Fields,
}

impl Handed {
    /// Reads the parts of a form, chosen anew or as the look kept it. `missing` is said when there is no file.
    pub(crate) async fn receive(multipart: Multipart, missing: &str) -> Answer<Handed> {
        let mut parts = Parts::receive(multipart).await?;
        let (name, bytes) = parts.take_file()?.unwrap_or_default();
        let shown = parts.fields.number("shown", "行数")?.unwrap_or_default();
        if bytes.is_empty() {
            return Err(Problem::BadInput { reason: missing.to_owned() }.into());
        }
        if bytes.len() > TABLE_BYTES_MAX {
            let reason = format!("表格不能超过 {} MB。请拆分后分次办理。", TABLE_BYTES_MAX / 1024 / 1024);
            return Err(Problem::BadInput { reason }.into());
        }
        Ok(Handed { name, bytes, shown, fields: parts.fields })
    }

    /// A table that the program has made itself, to be looked at like any other.
    pub(crate) fn made(name: &str, bytes: Vec<u8>) -> Handed {
        Handed { name: name.to_owned(), bytes, shown: 0, fields: Fields::none() }
    }

    /// The file as the page keeps it.
    pub(crate) fn kept(&self) -> String {
        STANDARD.encode(&self.bytes)
    }
}
