//! Results as one JSON object, for programs.

use youju_journal::json::{push_list, push_string};
use youju_journal::{Checkpoint, Document, EntryBuf, ExportReport, Report, Signer, Unproved};

/// An object that grows member by member.
struct Object(String);

impl Object {
    fn new() -> Object {
        Object("{".to_owned())
    }

    fn member(mut self, name: &str, push: impl FnOnce(&mut String)) -> Object {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        push_string(&mut self.0, name);
        self.0.push(':');
        push(&mut self.0);
        self
    }

    fn text(self, name: &str, text: &str) -> Object {
        self.member(name, |out| push_string(out, text))
    }

    fn plain(self, name: &str, value: &dyn std::fmt::Display) -> Object {
        self.member(name, |out| out.push_str(&value.to_string()))
    }

    fn list<T>(self, name: &str, items: &[T], push: impl FnMut(&mut String, &T)) -> Object {
        self.member(name, |out| push_list(out, items, push))
    }

    fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// A bundle in which everything fits.
pub(crate) fn bundle(report: &Report) -> String {
    let older = |out: &mut String| match &report.older {
        None => out.push_str("null"),
        Some(older) => out.push_str(&checkpoint(Object::new(), &older.checkpoint, &older.signers).end()),
    };
    checkpoint(start(report.is_proved(), "bundle"), &report.checkpoint, &report.signers)
        .member("older", older)
        .list("entries", &report.entries, |out, it| out.push_str(&entry(it)))
        .list("documents", &report.documents, |out, it| out.push_str(&document(it)))
        .list("unproved", &report.unproved(), push_unproved)
        .end()
}

/// An exported journal in which everything fits.
pub(crate) fn journal(report: &ExportReport) -> String {
    checkpoint(start(report.is_proved(), "journal"), &report.checkpoint, &report.signers)
        .list("unproved", &report.unproved(), push_unproved)
        .end()
}

/// Something does not fit.
pub(crate) fn refused(kind: &str, error: &str) -> String {
    Object::new().text("result", "refused").text("kind", kind).text("error", error).end()
}

fn start(is_proved: bool, kind: &str) -> Object {
    Object::new().text("result", if is_proved { "proved" } else { "unproved" }).text("kind", kind)
}

fn checkpoint(object: Object, checkpoint: &Checkpoint, signers: &[Signer]) -> Object {
    let head = checkpoint.head();
    object
        .text("origin", checkpoint.origin())
        .plain("size", &head.size)
        .text("root", &head.root.to_string())
        .text("at", checkpoint.at())
        .list("signers", signers, |out, it| out.push_str(&signer(it)))
}

fn signer(signer: &Signer) -> String {
    Object::new()
        .text("key", &signer.key.to_string())
        .text("fingerprint", &signer.key.fingerprint().to_string())
        .plain("is_trusted", &signer.is_trusted)
        .end()
}

fn entry(entry: &EntryBuf) -> String {
    Object::new()
        .plain("seq", &entry.seq)
        .text("at", &entry.at)
        .text("actor_id", &entry.actor_id)
        .text("actor_name", &entry.actor_name)
        .text("action", &entry.action)
        .text("object_kind", &entry.object_kind)
        .text("object_id", &entry.object_id)
        .text("payload", &entry.payload)
        .end()
}

fn document(document: &Document) -> String {
    Object::new()
        .text("name", &document.name)
        .text("media_type", &document.media_type)
        .plain("bytes", &document.bytes.len())
        .text("sha256", &document.sha256().to_string())
        .plain("entry", &document.entry)
        .text("key", &document.key)
        .end()
}

fn push_unproved(out: &mut String, what: &Unproved) {
    push_string(out, &what.to_string());
}
