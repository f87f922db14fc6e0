//! The letters: Noto Sans SC, regular and bold, inside the program. What the machine has installed does not matter.

use std::sync::OnceLock;

use rust_embed::Embed;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::PrintError;

/// `scripts/vendor.sh` brings them.
#[derive(Embed)]
#[folder = "../../fonts"]
#[include = "*.ttf"]
struct Files;

const FACES: [&str; 2] = ["NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"];

/// The faces with their register.
pub(crate) struct Fonts {
    pub book: LazyHash<FontBook>,
    pub faces: Vec<Font>,
}

/// Read once in the life of the program.
pub(crate) fn fonts() -> Result<&'static Fonts, PrintError> {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    if let Some(fonts) = FONTS.get() {
        return Ok(fonts);
    }
    let mut faces = Vec::new();
    for name in FACES {
        let missing = || PrintError::NoFont(name.to_owned());
        let file = Files::get(name).ok_or_else(missing)?;
        faces.push(Font::new(Bytes::new(file.data), 0).ok_or_else(missing)?);
    }
    let book = LazyHash::new(FontBook::from_fonts(&faces));
    Ok(FONTS.get_or_init(|| Fonts { book, faces }))
}
