//! What the form of an act sends: fields, words, files, and what a device says of photographs and of its own clock.

use std::collections::BTreeMap;

use axum::extract::Multipart;
use serde::de::DeserializeOwned;
use youju_domain::Problem;
use youju_domain::case::{Command, Shot};

use crate::parts::Parts;
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
    /// Takes what is typed under a name.
    fn take(&mut self, name: &str, text: &str) -> Result<(), Problem> {
        let command = &mut self.command;
        match name.split_once('.') {
            Some(("shot", kind)) => command.shots.entry(kind.to_owned()).or_default().push(document(text)?),
            Some(("no_place", kind)) => drop(self.no_place.insert(kind.to_owned(), text.to_owned())),
            Some(("f", key)) => drop(command.values.insert(key.to_owned(), text.to_owned())),
            None if name == "subject" => text.clone_into(&mut self.subject),
            None if name == "reason" => text.clone_into(&mut command.reason),
            None if name == "revision" => command.revision = text.parse().map_err(|_| damaged())?,
            None if name == "sending" => command.sending = Some(text.to_owned()),
            None if name == "device" => command.device = Some(document(text)?),
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

pub(super) async fn receive(multipart: Multipart) -> Answer<Sent> {
    let (fields, files) = Parts::receive(multipart).await?.taken_apart();
    // A page always says what it has shown; what says nothing has seen nothing.
    let mut sent = Sent { command: Command { revision: -1, ..Command::default() }, ..Sent::default() };
    for (input, name, bytes) in files {
        if let Some(kind) = input.strip_prefix("file.") {
            sent.files.entry(kind.to_owned()).or_default().push((name, bytes));
        }
    }
    for (name, text) in fields.pairs() {
        sent.take(name, text)?;
    }
    Ok(sent.placed())
}
