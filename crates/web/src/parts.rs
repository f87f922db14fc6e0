//! A form that comes in parts because files are with it.

use axum::extract::Multipart;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use youju_domain::Problem;

use crate::fields::Fields;
use crate::request::damaged;

/// A file as it was chosen.
struct Chosen {
    input: String,
    name: String,
    bytes: Vec<u8>,
}

/// What a form of parts sends.
pub(crate) struct Parts {
    /// What is typed.
    pub fields: Fields,
    files: Vec<Chosen>,
}

impl Parts {
    /// Reads all parts.
    pub(crate) async fn receive(mut multipart: Multipart) -> Result<Parts, Problem> {
        let broken = || Problem::BadInput {
            reason: "内容没有完整传到,一次上传的文件合计可能超过了 32 MB。请重新上传。".into(),
        };
        let (mut pairs, mut files) = (Vec::new(), Vec::new());
        while let Some(part) = multipart.next_field().await.map_err(|_| broken())? {
            let input = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|_| broken())?;
            match file_name {
                // A browser sends a nameless empty part where nothing was chosen.
                Some(name) if name.is_empty() && bytes.is_empty() => {}
                Some(name) => files.push(Chosen { input, name, bytes: bytes.to_vec() }),
                None => {
                    // A character that no keyboard types, and that PostgreSQL does not hold.
                    let text = String::from_utf8(bytes.to_vec()).ok().filter(|text| !text.contains('\0'));
                    pairs.push((input, text.ok_or_else(damaged)?));
                }
            }
        }
        Ok(Parts { fields: Fields::of(pairs), files })
    }

    /// The files of an input, by name and content.
    pub(crate) fn take_files(&mut self, input: &str) -> Vec<(String, Vec<u8>)> {
        let (taken, others) = std::mem::take(&mut self.files).into_iter().partition(|file| file.input == input);
        self.files = others;
        Vec::into_iter(taken).map(|file: Chosen| (file.name, file.bytes)).collect()
    }

    /// What is typed, and every file with its input, name and content.
    pub(crate) fn taken_apart(self) -> (Fields, impl Iterator<Item = (String, String, Vec<u8>)>) {
        (self.fields, self.files.into_iter().map(|file| (file.input, file.name, file.bytes)))
    }

    /// The one file of a form: chosen (`file`), or as the page has kept it since it was looked at (`kept`, `name`).
    pub(crate) fn take_file(&mut self) -> Result<Option<(String, Vec<u8>)>, Problem> {
        if let Some(file) = self.take_files("file").pop() {
            return Ok(Some(file));
        }
        let kept = self.fields.get("kept");
        if kept.is_empty() {
            return Ok(None);
        }
        let bytes = STANDARD.decode(kept).map_err(|_| damaged())?;
        Ok(Some((self.fields.exact("name").to_owned(), bytes)))
    }
}
