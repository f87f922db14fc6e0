//! Paper that is not set: its words, for stories that ask what is printed and not how.

use youju_app::Fault;
use youju_app::paper::Printer;
use youju_domain::paper::{ActivationLetter, Paper, SiteSheet};

/// Writes the paper down as it was handed over.
#[derive(Debug, Default)]
pub struct Plain;

impl Printer for Plain {
    fn pdf(&self, paper: &Paper) -> Result<Vec<u8>, Fault> {
        Ok(format!("{paper:#?}").into_bytes())
    }

    fn site(&self, sheet: &SiteSheet) -> Result<Vec<u8>, Fault> {
        // Of pictures only how large they are: their bytes would drown the words.
        let bare = |mut pictures: Vec<youju_domain::paper::SitePicture>| {
            for one in &mut pictures {
                one.words.push(format!("{} 字节", one.content.len()));
                one.content.clear();
            }
            pictures
        };
        let (photos, names) = (bare(sheet.photos.clone()), bare(sheet.names.clone()));
        Ok(format!("{:#?}", SiteSheet { photos, names, ..sheet.clone() }).into_bytes())
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
