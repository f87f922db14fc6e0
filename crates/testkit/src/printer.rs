//! Paper that is not set: its words, for stories that ask what is printed and not how.

use youju_app::Fault;
use youju_app::paper::Printer;
use youju_domain::paper::{ActivationLetter, Paper};

/// Writes the paper down as it was handed over.
#[derive(Debug, Default)]
pub struct Plain;

impl Printer for Plain {
    fn pdf(&self, paper: &Paper) -> Result<Vec<u8>, Fault> {
        Ok(format!("{paper:#?}").into_bytes())
    }

    fn letters(&self, letters: &[ActivationLetter]) -> Result<Vec<u8>, Fault> {
        let words = |one: &ActivationLetter| {
            let ActivationLetter { name, place, role, login, address, code, scan, until, contact, printed } = one;
            let code = code.join(" ");
            [name, place, role, login, address, &code, scan, until, contact, printed].map(String::as_str).join("\n")
        };
        Ok(letters.iter().map(words).collect::<Vec<_>>().join("\n\n").into_bytes())
    }
}
