//! The virus scanner of an installation: a command that gets each file on its standard input.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use youju_app::Fault;
use youju_app::attachment::{Scan, Verdict};

/// Exit code 0 says that the file is clean; any other, that it is not or could not be looked into.
pub(crate) fn command(path: PathBuf) -> Scan {
    Arc::new(move |content| {
        let doing = "scanning a file for viruses";
        let started = Command::new(&path).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut child = started.map_err(|error| Fault::new(doing, error))?;
        // A scanner that has seen enough closes its ear; what it says then still counts.
        let _ = child.stdin.take().map(|mut stdin| stdin.write_all(content));
        let ended = child.wait().map_err(|error| Fault::new(doing, error))?;
        Ok(if ended.success() { Verdict::Clean } else { Verdict::Suspicious })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_is_the_verdict_and_a_missing_scanner_is_a_fault() {
        let verdict = |program: &str| command(PathBuf::from(program))(b"figures");
        assert_eq!(verdict("/bin/true").unwrap(), Verdict::Clean);
        assert_eq!(verdict("/bin/false").unwrap(), Verdict::Suspicious);
        assert!(verdict("/no/such/scanner").is_err());
    }
}
