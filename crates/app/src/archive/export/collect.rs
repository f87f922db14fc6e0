//! The files of a box, read one after the other; originals are counted before the first of them is read.

use chrono::NaiveDate;
use youju_codes::Period;
use youju_domain::archive::Evidence;
use youju_domain::attachment::{Attachment, Proves};
use youju_domain::id::ReportId;
use youju_programme::{Ledger, Project};
use youju_store::archive::{Import, Imported};
use youju_store::report::Listed;
use youju_store::{book, journal, ledger, note, record, report};

use super::{Packed, Part, must_fit, tables, unwritable};
use crate::archive::facts::{Loaded, ProjectYear, projects, text_of};
use crate::archive::{Archive, owed};
use crate::context::Cx;
use crate::error::Result;
use crate::secrets;

/// Characters of a name in a path; with its folders it stays within what Windows can open.
const NAME_CHARS_MAX: usize = 60;

/// A box that is being filled.
struct Filling<'a> {
    loaded: &'a Loaded,
    archive: &'a Archive,
    part: &'a Part,
    /// The project with its declaration, where the box is one of a project.
    project: Option<(&'a Project, ProjectYear)>,
    files: Vec<Packed>,
    bytes: u64,
}

/// Every file of the box, or of a part of it.
pub(super) async fn files(cx: &mut Cx<'_>, loaded: &Loaded, archive: &Archive, part: &Part) -> Result<Vec<Packed>> {
    let mut project = None;
    if let Some(wanted) = &archive.project {
        for programme in owed(cx.app(), loaded) {
            let Some(declared) = &programme.archive().project else { continue };
            let found = projects(cx, loaded, declared).await?;
            let found = found.into_iter().find(|one| one.code == wanted.code);
            project = project.or(found.map(|found| (declared, found)));
        }
    }
    let mut filling = Filling { loaded, archive, part, project, files: Vec::new(), bytes: 0 };
    filling.measure()?;
    for listed in &loaded.reports {
        if filling.has_report(listed) {
            filling.report(cx, listed).await?;
        }
    }
    filling.talks(cx).await?;
    filling.books(cx).await?;
    if filling.project.is_none() {
        filling.imports(cx).await?;
    }
    filling.attachments(cx).await?;
    Ok(filling.files)
}

/// A piece of a path: nothing that a file system or a shell takes for something else.
pub(super) fn safe(name: &str) -> String {
    let is_bad = |c: char| c.is_control() || "\\/:*?\"<>|'`$&;".contains(c);
    let name: String = name.chars().map(|c| if is_bad(c) { '_' } else { c }).collect();
    let name = name.trim().trim_matches('.').trim();
    let count = name.chars().count();
    if count <= NAME_CHARS_MAX {
        return if name.is_empty() { "_".to_owned() } else { name.to_owned() };
    }
    // The end says what the file is.
    let start: String = name.chars().take(NAME_CHARS_MAX - 12).collect();
    let end: String = name.chars().skip(count - 11).collect();
    format!("{start}…{end}")
}

impl Filling<'_> {
    fn has_report(&self, listed: &Listed) -> bool {
        let of_project = self.project.as_ref().is_none_or(|(_, project)| project.rows.contains_key(&listed.id));
        of_project && listed.versions > 0 && self.part.holds_report(&listed.form, listed.period)
    }

    fn form_of(&self, report: ReportId) -> Option<&Listed> {
        self.loaded.reports.iter().find(|listed| listed.id == report)
    }

    fn has_attachment(&self, one: &Attachment) -> bool {
        let of_project = self.project.as_ref().is_none_or(|(declared, project)| project.owns(&declared.list, one));
        let in_part = match &one.proves {
            Proves::Report(report, _) => {
                let form = self.form_of(*report).map_or("", |listed| listed.form.as_str());
                self.part.holds_report(form, one.period)
            }
            _ => self.part.holds_rest(one.period),
        };
        one.removed.is_none() && of_project && in_part
    }

    fn has_import(&self, import: &Import) -> bool {
        self.project.is_none() && self.part.holds_rest(import.period)
    }

    /// Refuses before anything large is read.
    fn measure(&self) -> Result<()> {
        let attached = self.loaded.attachments.iter().filter(|one| self.has_attachment(one)).map(|one| one.size);
        let imported = self.loaded.imports.iter().filter(|one| self.has_import(one)).filter_map(|one| one.size);
        let sizes: Vec<u64> = attached.chain(imported).collect();
        must_fit(sizes.iter().sum(), sizes.len())
    }

    /// Refuses as soon as it is too much, so that the rest is not even read.
    fn push(&mut self, file: Packed) -> Result<()> {
        self.bytes += u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
        self.files.push(file);
        must_fit(self.bytes, self.files.len())
    }

    /// The items that a file of a kind proves, by the form that it is about.
    fn proves(&self, evidence: &[Evidence], form: Option<&str>) -> Vec<String> {
        let mut proves = Vec::new();
        for filled in &self.archive.filled {
            let of_kind =
                filled.items.iter().map(|judged| &judged.item).filter(|item| evidence.contains(&item.evidence));
            let about = of_kind.filter(|item| form.is_none_or(|form| item.forms.iter().any(|known| known == form)));
            proves.extend(about.map(|item| format!("{}/{}", filled.programme, item.id)));
        }
        proves
    }

    /// Versions as they were handed in, byte for byte what the journal's hash is of; who signed; what was explained.
    async fn report(&mut self, cx: &mut Cx<'_>, listed: &Listed) -> Result<()> {
        let folder = format!("报表/{}/{}", safe(&listed.form), listed.period);
        let about = format!("{} {}", listed.form, listed.period.label());
        let entries = journal::of_object(cx.tx(), "report", &listed.id.to_string()).await?;
        let proves = self.proves(&[Evidence::Reports], Some(&listed.form));
        let versions = report::versions(cx.tx(), listed.id).await?;
        let Some(last) = versions.last().map(|version| version.submitted_at) else { return Ok(()) };
        for version in versions {
            let is_its = |entry: &&journal::Entry| {
                let of_version = entry.payload.get("version") == Some(&version.number.into());
                entry.action == "report.submitted" && of_version
            };
            let packed = |ending: &str, bytes, journal| Packed {
                path: format!("{folder}/第{}版.{ending}", version.number),
                bytes,
                proves: proves.clone(),
                about: format!("{about} 第{}版", version.number),
                by: version.submitted_by_name.clone(),
                at: version.submitted_at,
                journal,
            };
            let document = report::version_document(&version)?.into_bytes();
            let seq = entries.iter().find(is_its).map(|entry| entry.seq);
            self.push(packed("json", document, seq))?;
            if let Ok(form) = cx.app().form(&listed.form) {
                self.push(packed("csv", tables::version(form, &version.cells).map_err(unwritable)?, None))?;
            }
        }
        let signatures = tables::signatures(&entries).map_err(unwritable)?;
        self.table(format!("{folder}/签字.csv"), signatures, (proves, format!("{about} 签字和上报"), last))?;
        let explained: Vec<_> = self.loaded.explained.iter().filter(|one| one.report == listed.id).collect();
        if !explained.is_empty() {
            let bytes = tables::explanations(&explained).map_err(unwritable)?;
            let proves = self.proves(&[Evidence::Explanations], Some(&listed.form));
            self.table(format!("{folder}/审核说明.csv"), bytes, (proves, format!("{about} 审核说明"), last))?;
        }
        Ok(())
    }

    /// A file that the program has put together.
    fn table(
        &mut self,
        path: String,
        bytes: Vec<u8>,
        (proves, about, at): (Vec<String>, String, youju_domain::Instant),
    ) -> Result<()> {
        self.push(Packed { path, bytes, proves, about, by: String::new(), at, journal: None })
    }

    /// Queries, corrections, and notes that the unit reads too. What only offices read never leaves in a box.
    async fn talks(&mut self, cx: &mut Cx<'_>) -> Result<()> {
        if self.project.is_some() {
            return Ok(());
        }
        let title = |listed: &Listed| format!("{} {}", listed.form, listed.period.label());
        let held: Vec<&Listed> =
            self.loaded.reports.iter().filter(|one| self.part.holds_report(&one.form, one.period)).collect();
        let of = |report: ReportId| held.iter().find(|listed| listed.id == report).map(|listed| title(listed));
        let queries: Vec<_> =
            self.loaded.queries.iter().filter_map(|one| Some((of(one.query.report)?, &one.query))).collect();
        let corrections: Vec<_> =
            self.loaded.corrections.iter().filter_map(|one| Some((of(one.report)?, one))).collect();
        let mut notes = Vec::new();
        for listed in &held {
            let of_report = note::of_report(cx.tx(), listed.id, false).await?;
            notes.extend(of_report.into_iter().map(|note| (title(listed), note)));
        }
        let said = queries.iter().flat_map(|(_, query)| &query.turns).map(|turn| turn.at).max();
        let decided = corrections.iter().map(|(_, one)| one.decision.as_ref().map_or(one.asked_at, |it| it.at)).max();
        let written = notes.iter().map(|(_, note)| note.at).max();
        let tables = [
            ("数据查询", said, tables::queries(&queries), &[Evidence::Queries][..]),
            ("数据更正", decided, tables::corrections(&corrections), &[Evidence::Corrections]),
            ("审核批注", written, tables::notes(&notes), &[]),
        ];
        for (name, at, bytes, evidence) in tables {
            if let Some(at) = at {
                let proves = self.proves(evidence, None);
                self.table(format!("查询更正批注/{name}.csv"), bytes.map_err(unwritable)?, (proves, name.into(), at))?;
            }
        }
        Ok(())
    }

    /// The ledgers of disciplines as they count, period by period.
    async fn books(&mut self, cx: &mut Cx<'_>) -> Result<()> {
        let app = cx.app();
        let year = |month, day| NaiveDate::from_ymd_opt(self.loaded.year, month, day).unwrap_or_default();
        let days = (year(1, 1), year(12, 31));
        let of_project = |ledger: &Ledger| {
            let named = |(declared, _): &(&Project, ProjectYear)| {
                declared.items.iter().any(|item| item.ledgers.contains(&ledger.id))
            };
            self.project.as_ref().is_none_or(named)
        };
        let ledgers: Vec<&Ledger> = app
            .programmes()
            .values()
            .flat_map(youju_programme::Programme::ledgers)
            .filter(|ledger| of_project(ledger))
            .collect();
        for ledger in ledgers {
            for one in book::within(cx.tx(), self.loaded.unit.id, &ledger.id, days).await? {
                if !self.part.holds_rest(one.period) {
                    continue;
                }
                let names = book::versions(cx.tx(), one.unit, &ledger.id, one.period).await?;
                let by = names.into_iter().find(|listed| listed.id == one.id).map(|listed| listed.by_name);
                self.push(Packed {
                    path: format!("台账/{}/{}.csv", safe(&ledger.name), one.period),
                    bytes: tables::book(ledger, &one.cells).map_err(unwritable)?,
                    proves: self.proves(&[Evidence::Ledgers], None),
                    about: format!("{} {}", ledger.name, one.period.label()),
                    by: by.unwrap_or_default(),
                    at: one.at,
                    journal: None,
                })?;
            }
        }
        Ok(())
    }

    /// What was imported: the figures as they are kept, and the file as it came where it is kept.
    async fn imports(&mut self, cx: &mut Cx<'_>) -> Result<()> {
        let loaded = self.loaded;
        let imports: Vec<&Import> = loaded.imports.iter().filter(|one| self.has_import(one)).collect();
        for (number, import) in imports.into_iter().enumerate() {
            let (what, bytes) = match import.id {
                Imported::Ledger(id) => {
                    let Some(found) = ledger::get(cx.tx(), id).await? else { continue };
                    ("科目余额表", tables::trial_balance(&found))
                }
                Imported::Records(id) => {
                    let Some(found) = record::get(cx.tx(), id).await? else { continue };
                    ("原始记录", tables::records(&found))
                }
            };
            let about = format!("{what} {}", import.period.label());
            let packed = |path, bytes, proves| Packed {
                path,
                bytes,
                proves,
                about: about.clone(),
                by: import.by_name.clone(),
                at: import.at,
                journal: None,
            };
            let path = format!("台账/{what}/{}-{:04}.csv", import.period, number + 1);
            let table =
                packed(path, bytes.map_err(unwritable)?, self.proves(&[Evidence::Ledgers, Evidence::Originals], None));
            self.push(table)?;
            if let Some(blob) = secrets::file(cx, &import.file_hash).await? {
                let path = original(import.period, 'D', number, &import.file_name);
                let file = packed(path, blob.content, self.proves(&[Evidence::Originals], None));
                self.push(file)?;
            }
        }
        Ok(())
    }

    /// Attached papers, each for every item that names it.
    async fn attachments(&mut self, cx: &mut Cx<'_>) -> Result<()> {
        let loaded = self.loaded;
        let held: Vec<&Attachment> = loaded.attachments.iter().filter(|one| self.has_attachment(one)).collect();
        for (number, one) in held.into_iter().enumerate() {
            let Some(blob) = secrets::file(cx, &one.hash).await? else { continue };
            let mut proves = self.proves(&[Evidence::Originals], None);
            for filled in &self.archive.filled {
                let named = filled.items.iter().filter(|judged| judged.item.names(&text_of(one)));
                proves.extend(named.map(|judged| format!("{}/{}", filled.programme, judged.item.id)));
            }
            self.push(Packed {
                path: original(one.period, 'F', number, &one.file_name),
                bytes: blob.content,
                proves,
                about: if one.note.is_empty() { "附件".to_owned() } else { one.note.clone() },
                by: one.added.name.clone(),
                at: one.added.at,
                journal: None,
            })?;
        }
        Ok(())
    }
}

/// Numbered, because two files may have one name.
fn original(period: Period, mark: char, number: usize, name: &str) -> String {
    format!("原始资料/{period}/{mark}{:04}-{}", number + 1, safe(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_holds_nothing_that_means_something_else() {
        let long = format!("{}.pdf", "长".repeat(120));
        for (name, expected) in [
            ("电费单.pdf", "电费单.pdf"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\发票.jpg", "C__发票.jpg"),
            ("\"><script>.png", "___script_.png"),
            ("$(rm -rf).pdf", "_(rm -rf).pdf"),
            ("a\r\nb", "a__b"),
            ("...", "_"),
            (" ", "_"),
        ] {
            assert_eq!(safe(name), expected, "{name:?}");
        }
        let kept = safe(&long);
        assert!(kept.chars().count() == 60 && kept.ends_with("长.pdf"), "{kept}");
    }
}
