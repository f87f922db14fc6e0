//! What the form of an act sends: fields, words, files, and what a device says of photographs and of its own clock.

use std::collections::BTreeMap;

use axum::extract::Multipart;
use serde::de::DeserializeOwned;
use youju_domain::Problem;
use youju_domain::case::{Command, Shot};

use crate::request::{Answer, damaged};

/// What was sent.
#[derive(Default)]
pub(super) struct Sent {
    pub subject: String,
    pub command: Command,
    pub files: BTreeMap<String, Vec<(String, Vec<u8>)>>,
    /// Why there is no place, of all photographs of a kind: what a page without scripts asks.
    no_place: BTreeMap<String, String>,
}

impl Sent {
    /// Takes one part of the form.
    fn take(&mut self, name: &str, file_name: Option<String>, bytes: &[u8]) -> Result<(), Problem> {
        // A character that no keyboard types, and that PostgreSQL does not hold.
        let text = || String::from_utf8(bytes.to_vec()).ok().filter(|text| !text.contains('\0')).ok_or_else(damaged);
        match name.split_once('.') {
            // A form without a chosen file sends one without a name and without content.
            Some(("file", kind)) if !bytes.is_empty() => {
                let files = self.files.entry(kind.to_owned()).or_default();
                files.push((file_name.unwrap_or_default(), bytes.to_vec()));
            }
            Some(("shot", kind)) => {
                self.command.shots.entry(kind.to_owned()).or_default().push(document(&text()?)?);
            }
            Some(("no_place", kind)) => drop(self.no_place.insert(kind.to_owned(), text()?)),
            Some(("f", key)) => drop(self.command.values.insert(key.to_owned(), text()?)),
            None if name == "subject" => self.subject = text()?,
            None if name == "reason" => self.command.reason = text()?,
            None if name == "revision" => self.command.revision = text()?.parse().map_err(|_| damaged())?,
            None if name == "sending" => self.command.sending = Some(text()?),
            None if name == "device" => self.command.device = Some(document(&text()?)?),
            _ => {}
        }
        Ok(())
    }

    /// The words about missing places go with every photograph of their kind that nothing else was said about.
    fn placed(mut self) -> Sent {
        for (kind, no_place) in std::mem::take(&mut self.no_place) {
            let count = self.files.get(&kind).map_or(0, Vec::len);
            if !no_place.trim().is_empty() && count > 0 {
                let shots = vec![Shot { no_place, ..Shot::default() }; count];
                self.command.shots.entry(kind).or_insert(shots);
            }
        }
        self
    }
}

fn document<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|_| damaged())
}

pub(super) async fn receive(mut multipart: Multipart) -> Answer<Sent> {
    let broken = || Problem::BadInput { reason: "内容没有完整传到,可能超过了 32 MB。".into() };
    // A page always says what it has shown; what says nothing has seen nothing.
    let mut sent = Sent { command: Command { revision: -1, ..Command::default() }, ..Sent::default() };
    while let Some(field) = multipart.next_field().await.map_err(|_| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|_| broken())?;
        sent.take(&name, file_name, &bytes)?;
    }
    Ok(sent.placed())
}
