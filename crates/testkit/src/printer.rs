//! Paper that is not set: its words, for stories that ask what is printed and not how.

use youju_app::Fault;
use youju_app::paper::Printer;
use youju_domain::paper::Paper;

/// Writes the paper down as it was handed over.
#[derive(Debug, Default)]
pub struct Plain;

impl Printer for Plain {
    fn pdf(&self, paper: &Paper) -> Result<Vec<u8>, Fault> {
        Ok(format!("{paper:#?}").into_bytes())
    }
}
