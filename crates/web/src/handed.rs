//! A table that somebody hands in, looks at row by row and confirms. Between the look and the confirmation it travels inside the page: the
//! server keeps nothing that would have to be cleared away.

use axum::extract::Multipart;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use youju_domain::Problem;

use crate::fields::Fields;
use crate::request::{Answer, damaged};

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
    pub(crate) async fn receive(mut multipart: Multipart, missing: &str) -> Answer<Handed> {
        let broken = || Problem::BadInput { reason: "文件没有完整传到。".into() };
        let (mut name, mut bytes, mut shown, mut pairs) = (String::new(), Vec::new(), 0, Vec::new());
        while let Some(part) = multipart.next_field().await.map_err(|_| broken())? {
            let key = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().map(str::to_owned);
            let content = part.bytes().await.map_err(|_| broken())?;
            // A character that no keyboard types, and that PostgreSQL does not hold.
            let text =
                || String::from_utf8(content.to_vec()).ok().filter(|text| !text.contains('\0')).ok_or_else(damaged);
            match key.as_str() {
                "file" => (name, bytes) = (file_name.unwrap_or_default(), content.to_vec()),
                "kept" => bytes = STANDARD.decode(&content).map_err(|_| damaged())?,
                "name" => name = text()?,
                "shown" => shown = text()?.parse().map_err(|_| damaged())?,
                _ => pairs.push((key, text()?)),
            }
        }
        if bytes.is_empty() {
            return Err(Problem::BadInput { reason: missing.to_owned() }.into());
        }
        if bytes.len() > TABLE_BYTES_MAX {
            let reason = format!("表格不能超过 {} MB。请拆分后分次办理。", TABLE_BYTES_MAX / 1024 / 1024);
            return Err(Problem::BadInput { reason }.into());
        }
        Ok(Handed { name, bytes, shown, fields: Fields::of(pairs) })
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
