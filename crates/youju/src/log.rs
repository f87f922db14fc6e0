//! The server's own log in files: one a day, read by its owner only, taken away when it is older than the set days and never before. What is
//! written is the same as on standard error.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::{BoxMakeWriter, MakeWriterExt};

/// What is logged unless asked otherwise. The errors of scripts on a cluster are told in our own words.
const LOGGED: &str = "warn,ballista_core::execution_plans::distributed_query=off,youju=info";
/// How the name of a file begins and ends; its day stands in between, by universal time, as in its lines.
const NAME: (&str, &str) = ("youju-", ".log");

/// Begins to log: to standard error, and to files where they are kept.
pub(crate) fn begin(files: Option<Files>) {
    // Colours only where somebody looks: in a file they cut words apart.
    let is_watched = files.is_none() && io::stderr().is_terminal();
    let writer = match files {
        Some(files) => BoxMakeWriter::new(io::stderr.and(files)),
        None => BoxMakeWriter::new(io::stderr),
    };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_env("YOUJU_LOG").unwrap_or_else(|_| LOGGED.into()))
        .with_writer(writer)
        .with_ansi(is_watched)
        .init();
}

/// The files of a log.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    folder: PathBuf,
    days: u32,
    open: Arc<Mutex<Option<(NaiveDate, File)>>>,
}

impl Files {
    /// The files in a folder, which is made if it is not there.
    pub(crate) fn new(folder: &Path, days: u32) -> io::Result<Files> {
        fs::create_dir_all(folder)?;
        Ok(Files { folder: folder.to_owned(), days, open: Arc::default() })
    }

    /// For how many days they are kept.
    pub(crate) fn days(&self) -> u32 {
        self.days
    }

    /// Where they are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The days of which there is a file, oldest first.
    pub(crate) fn kept(&self) -> Vec<NaiveDate> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut days: Vec<NaiveDate> = entries.filter_map(|entry| day_of(entry.file_name().to_str()?)).collect();
        days.sort_unstable();
        days
    }

    /// Writes a line into the file of its day. A line that bears none belongs to the one before it.
    fn put(&self, line: &[u8]) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let day = line.get(..10).and_then(|day| std::str::from_utf8(day).ok()?.parse::<NaiveDate>().ok());
        let is_new = day.is_some_and(|day| open.as_ref().is_none_or(|(now, _)| *now != day));
        if let Some(day) = day.filter(|_| is_new) {
            *open = Some((day, private(&self.path(day))?));
            self.clear(day);
        }
        match open.as_mut() {
            Some((_, file)) => file.write_all(line),
            None => Ok(()),
        }
    }

    fn path(&self, day: NaiveDate) -> PathBuf {
        self.folder.join(format!("{}{day}{}", NAME.0, NAME.1))
    }

    /// Takes away what is older than the set days. What cannot be taken away is tried again the next day.
    fn clear(&self, today: NaiveDate) {
        let is_over = |day: &NaiveDate| (today - *day).num_days() > i64::from(self.days);
        for day in self.kept().into_iter().filter(is_over) {
            let _ = fs::remove_file(self.path(day));
        }
    }
}

/// The day in the name of a file; none of a file that is not ours.
fn day_of(name: &str) -> Option<NaiveDate> {
    name.strip_prefix(NAME.0)?.strip_suffix(NAME.1)?.parse().ok()
}

/// A file that is written at its end, and that only its owner reads.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// One line on its way into a file.
pub(crate) struct Line(Files);

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.put(line)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Files {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_a_day_is_kept_for_the_set_days_and_not_one_less() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(&folder.path().join("logs"), 183).unwrap();
        fs::write(files.folder().join("另一个文件.log"), "stays").unwrap();
        for line in [
            "a line before any day is known\n",
            "2026-03-01T23:59:59Z  INFO youju: the first of March\n",
            "  and what follows it\n",
            "2026-03-02T00:00:01Z  INFO youju: the next day\n",
        ] {
            files.make_writer().write_all(line.as_bytes()).unwrap();
        }
        let first: NaiveDate = "2026-03-01".parse().unwrap();
        let text = fs::read_to_string(files.path(first)).unwrap();
        assert_eq!(text, "2026-03-01T23:59:59Z  INFO youju: the first of March\n  and what follows it\n");
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(files.path(first)).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        // 183 days later it is still there; when six months are over, it goes.
        for (now, is_there) in [("2026-08-31", true), ("2026-09-01", false)] {
            files.make_writer().write_all(format!("{now}T08:00:00Z  INFO youju: x\n").as_bytes()).unwrap();
            assert_eq!(files.path(first).exists(), is_there, "{now}");
        }
        assert_eq!(files.kept().len(), 3);
        assert!(files.folder().join("另一个文件.log").exists(), "what is not ours is left alone");
    }
}
