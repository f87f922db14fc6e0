//! Plugs the setting of paper into the use cases.

use youju_app::Fault;
use youju_app::paper::Printer;
use youju_domain::paper::{ActivationLetter, Paper, SiteSheet};

/// Official forms and letters by typst.
pub(crate) struct Typst;

impl Printer for Typst {
    fn pdf(&self, paper: &Paper) -> Result<Vec<u8>, Fault> {
        youju_print::pdf(paper).map_err(|error| Fault::new("setting paper", error))
    }

    fn site(&self, sheet: &SiteSheet) -> Result<Vec<u8>, Fault> {
        youju_print::site(sheet).map_err(|error| Fault::new("setting a site sheet", error))
    }

    fn letters(&self, letters: &[ActivationLetter]) -> Result<Vec<u8>, Fault> {
        youju_print::letters(letters).map_err(|error| Fault::new("setting letters", error))
    }
}
