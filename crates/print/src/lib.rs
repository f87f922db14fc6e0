//! Paper 纸介质: official forms as PDF.
//!
//! What lives here: the layout of a printed form and the fonts that it needs. What never will: the data base, use cases,
//! pages, and what a figure means: whoever prints gives the words, this crate sets them.
//!
//! Words never become markup: they travel as data, and the template shows them as they are.
//!
//! ```no_run
//! # fn main() -> Result<(), youju_print::PrintError> {
//! use youju_print::{Line, Paper, pdf};
//! let paper = Paper {
//!     title: "工业 财务状况".into(),
//!     columns: vec!["1—本月".into()],
//!     rows: vec![Line::figure("营业收入", "千元", "301", 0, ["1,200"])],
//!     ..Paper::default()
//! };
//! std::fs::write("B203.pdf", pdf(&paper)?).unwrap();
//! # Ok(()) }
//! ```

mod fonts;
mod paper;
mod world;

pub use youju_domain::paper::{ActivationLetter, Line, Paper, PaperList, Proof, SitePicture, SiteSheet};

use paper::{Envelope, Sheet};
use typst::diag::SourceDiagnostic;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use world::{Desk, Template};

/// A form that cannot be printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The program was built without the fonts.
    #[error("程序里没有打印用的字体“{0}”。请运行 scripts/vendor.sh 后重新编译。")]
    NoFont(String),
    /// What the code under the form should hold is too long.
    #[error("二维码放不下 {0} 个字节。请缩短网址。")]
    TooLong(usize),
    /// The template refuses the data. A mistake of the program.
    #[error("排版失败:{0}。请把这句话告诉系统管理员。")]
    Layout(String),
}

/// The form as a PDF file. The same paper gives the same bytes.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, PrintError> {
    set(&Desk::new(Template::Form, &Sheet::of(paper)?)?)
}

/// Activation letters as one PDF file, each on a page of its own.
pub fn letters(letters: &[ActivationLetter]) -> Result<Vec<u8>, PrintError> {
    let envelopes = letters.iter().map(Envelope::of).collect::<Result<Vec<_>, _>>()?;
    set(&Desk::new(Template::Letter, &envelopes)?)
}

/// What was found on the spot, as a PDF file. A picture that the typesetter cannot read does not keep the words from being printed: its
/// place says so.
pub fn site(sheet: &SiteSheet) -> Result<Vec<u8>, PrintError> {
    let pictures = || sheet.photos.iter().chain(&sheet.names).map(|one| one.content.clone()).collect();
    match Desk::new(Template::Site, sheet).and_then(|desk| set(&desk.with(pictures())?)) {
        Err(PrintError::Layout(_)) => {
            let mut bare = sheet.clone();
            bare.photos.iter_mut().chain(&mut bare.names).for_each(|one| one.format = "");
            set(&Desk::new(Template::Site, &bare)?)
        }
        done => done,
    }
}

fn set(desk: &Desk) -> Result<Vec<u8>, PrintError> {
    let document: PagedDocument = typst::compile(desk).output.map_err(|errors| layout(&errors))?;
    let options =
        PdfOptions { creator: typst::foundations::Smart::Custom(Some("有据 Youju".into())), ..PdfOptions::default() };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| layout(&errors))?;
    typst::comemo::evict(EVICT_AGE);
    Ok(bytes)
}

/// What typst remembers of forms that were set so many forms ago is forgotten.
const EVICT_AGE: usize = 4;

fn layout(errors: &[SourceDiagnostic]) -> PrintError {
    PrintError::Layout(errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join(";"))
}
