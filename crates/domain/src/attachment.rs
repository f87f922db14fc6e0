//! Attachments 附件: files that prove what a unit's ledger and reports say. A file hangs on a place: a unit and period, and
//! there on the whole ledger, on one import, or on a report and perhaps one of its cells. Taking it away is a mark with a
//! reason: what was evidence once stays.

mod content;
mod package;

use std::fmt;

use youju_codes::Period;

use crate::Instant;
use crate::id::{AttachmentId, ImportId, PersonId, RecordImportId, ReportId, UnitId};
use crate::problem::Problem;
use crate::report::CellId;

pub use content::{ContentKind, FILE_BYTES_MAX};

/// Characters of the note of an attachment 说明.
pub const NOTE_CHARS_MAX: usize = 200;
/// Characters of the reason for which an attachment is taken away.
pub const REASON_CHARS_MAX: usize = 200;
/// Fewest characters of such a reason.
const REASON_CHARS_MIN: usize = 4;
/// Characters of the name of a file; longer ones are cut in the middle of nowhere by most programs.
const NAME_CHARS_MAX: usize = 120;
/// Files that are added in one act.
pub const FILES_MAX: usize = 20;
/// Attachments of a unit and period, those that were taken away included.
pub const ATTACHMENTS_MAX: u64 = 500;

/// What an attachment proves 证明对象, within its unit and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proves {
    /// The ledger of the period in general.
    Period,
    /// A trial balance.
    Ledger(ImportId),
    /// An import of source records.
    Records(RecordImportId),
    /// A report, or one of its cells.
    Report(ReportId, Option<CellId>),
}

impl fmt::Display for Proves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Proves::Period => f.write_str("period"),
            Proves::Ledger(id) => write!(f, "import:{id}"),
            Proves::Records(id) => write!(f, "records:{id}"),
            Proves::Report(id, None) => write!(f, "report:{id}"),
            Proves::Report(id, Some(cell)) => write!(f, "report:{id}:{cell}"),
        }
    }
}

impl Proves {
    /// Reads what [`Proves`] prints; nothing where it is damaged.
    pub fn parse(text: &str) -> Option<Proves> {
        let Some((kind, rest)) = text.split_once(':') else { return (text == "period").then_some(Proves::Period) };
        match (kind, rest.split_once(':')) {
            ("import", None) => Some(Proves::Ledger(rest.parse().ok()?)),
            ("records", None) => Some(Proves::Records(rest.parse().ok()?)),
            ("report", None) => Some(Proves::Report(rest.parse().ok()?, None)),
            ("report", Some((id, cell))) if !cell.is_empty() => {
                Some(Proves::Report(id.parse().ok()?, Some(CellId::new(cell))))
            }
            _ => None,
        }
    }
}

/// Who did something to an attachment, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// Who.
    pub person: PersonId,
    /// The name, as it is now.
    pub name: String,
    /// When.
    pub at: Instant,
}

/// That an attachment was taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// By whom.
    pub by: Hand,
    /// Why.
    pub reason: String,
}

/// Attachment 附件 — a kept file at a place that it proves something for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// Whose evidence.
    pub unit: UnitId,
    /// Of which period.
    pub period: Period,
    /// What it proves there.
    pub proves: Proves,
    /// Name of the file.
    pub file_name: String,
    /// What stands in it.
    pub kind: ContentKind,
    /// Bytes of it.
    pub size: u64,
    /// SHA-256 of the file, hexadecimal.
    pub hash: String,
    /// What the person said about it; may be blank.
    pub note: String,
    /// Who added it.
    pub added: Hand,
    /// That it was taken away.
    pub removed: Option<Removal>,
}

impl Attachment {
    /// Marks it as taken away. What is gone already cannot be taken away again.
    pub fn remove(self, by: Hand, reason: &str) -> Result<Attachment, Problem> {
        if self.removed.is_some() {
            return Err(Problem::BadInput { reason: "这个附件已经移除。".into() });
        }
        let reason = reason.trim();
        let count = reason.chars().count();
        if !(REASON_CHARS_MIN..=REASON_CHARS_MAX).contains(&count) {
            let reason = format!("移除原因应在 {REASON_CHARS_MIN} 到 {REASON_CHARS_MAX} 个字之间,现为 {count} 个字。");
            return Err(Problem::BadInput { reason });
        }
        Ok(Attachment { removed: Some(Removal { by, reason: reason.to_owned() }), ..self })
    }
}

/// A note as it is kept, or why it is too long.
pub fn note(text: &str) -> Result<String, Problem> {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.trim().to_owned();
    let count = text.chars().count();
    if count > NOTE_CHARS_MAX {
        let reason = format!("说明最多 {NOTE_CHARS_MAX} 个字,现为 {count} 个字。");
        return Err(Problem::BadInput { reason });
    }
    Ok(text)
}

/// The name of a file as it is kept and shown: without folders, without characters that nobody sees or that turn the reading
/// direction (so that `fdp.exe` cannot pose as a `.pdf`), not longer than a page can show.
pub fn file_name(sent: &str) -> String {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    let name: String = sent.rsplit(['/', '\\']).next().unwrap_or_default().chars().filter(|c| !is_hidden(*c)).collect();
    let name = name.trim().trim_matches('.').trim();
    if name.is_empty() {
        return "未命名".to_owned();
    }
    let count = name.chars().count();
    if count <= NAME_CHARS_MAX {
        return name.to_owned();
    }
    // The end says what the file is.
    let start: String = name.chars().take(NAME_CHARS_MAX - 20).collect();
    let end: String = name.chars().skip(count - 19).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hand() -> Hand {
        Hand { person: PersonId::new(uuid::Uuid::nil()), name: "王统计".into(), at: Instant::UNIX_EPOCH }
    }

    fn attachment() -> Attachment {
        Attachment {
            id: AttachmentId::new(uuid::Uuid::nil()),
            unit: UnitId::new(uuid::Uuid::nil()),
            period: Period::parse("2026-03").unwrap(),
            proves: Proves::Period,
            file_name: "电费单.pdf".into(),
            kind: ContentKind::Pdf,
            size: 9,
            hash: "00".into(),
            note: String::new(),
            added: hand(),
            removed: None,
        }
    }

    #[test]
    fn what_an_attachment_proves_reads_back_from_its_text() {
        let id = "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11";
        for proves in [
            Proves::Period,
            Proves::Ledger(id.parse().unwrap()),
            Proves::Records(id.parse().unwrap()),
            Proves::Report(id.parse().unwrap(), None),
            Proves::Report(id.parse().unwrap(), Some(CellId::new("p.3.10"))),
        ] {
            assert_eq!(Proves::parse(&proves.to_string()), Some(proves));
        }
        for damaged in ["", "period:1", "report", "report:", "report:x", &format!("import:{id}:c1"), "unit:1"] {
            assert_eq!(Proves::parse(damaged), None, "{damaged}");
        }
        assert_eq!(Proves::parse(&format!("report:{id}:")), None);
    }

    #[test]
    fn taking_away_needs_a_reason_and_happens_once() {
        for short in ["", "  错 传 ", "。"] {
            let refused = attachment().remove(hand(), short).unwrap_err();
            assert!(refused.says().contains("移除原因应在 4 到 200 个字之间"), "{short}");
        }
        assert!(attachment().remove(hand(), &"长".repeat(201)).is_err());
        let removed = attachment().remove(hand(), " 传错了文件 ").unwrap();
        assert_eq!(removed.removed.as_ref().unwrap().reason, "传错了文件");
        assert!(removed.remove(hand(), "再移除一次").unwrap_err().says().contains("已经移除"));
    }

    #[test]
    fn a_note_may_be_blank_and_has_two_hundred_characters_at_most() {
        assert_eq!(note(" 三月\n电费 ").unwrap(), "三月 电费");
        assert_eq!(note("").unwrap(), "");
        assert!(note(&"字".repeat(200)).is_ok() && note(&"字".repeat(201)).is_err());
    }

    #[test]
    fn a_name_is_shown_as_it_is_and_hides_nothing() {
        let long = format!("{}.pdf", "长".repeat(300));
        for (sent, kept) in [
            ("电费单.pdf", "电费单.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\发票\\三月.jpg", "三月.jpg"),
            ("a\u{202E}fdp.exe", "afdp.exe"),
            ("a\r\nSet-Cookie: x\0.pdf", "aSet-Cookie: x.pdf"),
            ("....", "未命名"),
            (" \u{200B} ", "未命名"),
            ("\"><script>.png", "\"><script>.png"),
        ] {
            assert_eq!(file_name(sent), kept, "{sent:?}");
        }
        let kept = file_name(&long);
        assert!(kept.chars().count() == 120 && kept.ends_with("长.pdf") && kept.contains('…'), "{kept}");
    }
}
