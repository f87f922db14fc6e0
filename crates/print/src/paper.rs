//! Papers and letters as the templates read them.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Serialize;
use youju_domain::paper::{ActivationLetter, Paper};

use crate::PrintError;

/// The paper as the template reads it.
#[derive(Serialize)]
pub(crate) struct Sheet<'a> {
    #[serde(flatten)]
    paper: &'a Paper,
    proof: Option<Picture<'a>>,
}

#[derive(Serialize)]
struct Picture<'a> {
    image: String,
    text: &'a str,
}

impl Sheet<'_> {
    pub fn of(paper: &Paper) -> Result<Sheet<'_>, PrintError> {
        let proof = match &paper.proof {
            Some(proof) => Some(Picture { image: code_for_cameras(&proof.payload)?, text: &proof.text }),
            None => None,
        };
        Ok(Sheet { paper, proof })
    }
}

/// A letter as the template reads it.
#[derive(Serialize)]
pub(crate) struct Envelope<'a> {
    #[serde(flatten)]
    letter: &'a ActivationLetter,
    image: String,
}

impl Envelope<'_> {
    pub fn of(letter: &ActivationLetter) -> Result<Envelope<'_>, PrintError> {
        Ok(Envelope { letter, image: code_for_cameras(&letter.scan)? })
    }
}

fn code_for_cameras(payload: &str) -> Result<String, PrintError> {
    let bytes = payload.as_bytes();
    let code = QrCode::with_error_correction_level(bytes, EcLevel::M);
    let code = code.map_err(|_| PrintError::TooLong(bytes.len()))?;
    Ok(code.render::<svg::Color<'_>>().quiet_zone(false).build())
}
