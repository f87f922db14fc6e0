//! What the typesetter sees: a template, one file of data, pictures that were handed in, two faces. No clock, no other file, no network.

use std::sync::OnceLock;

use serde::Serialize;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::PrintError;
use crate::fonts::{Fonts, fonts};

/// What is set.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Template {
    /// A statistical form.
    Form,
    /// Activation letters.
    Letter,
    /// What was found on the spot.
    Site,
}

impl Template {
    fn text(self) -> &'static str {
        match self {
            Template::Form => include_str!("../templates/form.typ"),
            Template::Letter => include_str!("../templates/letter.typ"),
            Template::Site => include_str!("../templates/site.typ"),
        }
    }
}

/// The desk on which one paper is set.
pub(crate) struct Desk {
    library: &'static LazyHash<Library>,
    fonts: &'static Fonts,
    template: Source,
    data: (FileId, Bytes),
    pictures: Vec<(FileId, Bytes)>,
}

impl Desk {
    pub fn new(template: Template, data: &impl Serialize) -> Result<Desk, PrintError> {
        static LIBRARY: OnceLock<LazyHash<Library>> = OnceLock::new();
        let data = serde_json::to_vec(data).map_err(|error| PrintError::Layout(error.to_string()))?;
        Ok(Desk {
            library: LIBRARY.get_or_init(|| LazyHash::new(Library::default())),
            fonts: fonts()?,
            template: Source::new(place("main.typ")?, template.text().to_owned()),
            data: (place("data.json")?, Bytes::new(data)),
            pictures: Vec::new(),
        })
    }

    /// With pictures, which the template finds as `picture-0`, `picture-1`, …
    pub fn with(mut self, pictures: Vec<Vec<u8>>) -> Result<Desk, PrintError> {
        for (number, content) in pictures.into_iter().enumerate() {
            self.pictures.push((place(&format!("picture-{number}"))?, Bytes::new(content)));
        }
        Ok(self)
    }
}

fn place(name: &str) -> Result<FileId, PrintError> {
    let path = VirtualPath::new(name).map_err(|error| PrintError::Layout(error.to_string()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = [&self.data].into_iter().chain(&self.pictures).find(|(known, _)| *known == id);
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
