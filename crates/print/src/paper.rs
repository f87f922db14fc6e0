//! The paper as the template reads it.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Serialize;
use youju_domain::paper::{Paper, Proof};

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
        let picture = |proof: &'_ Proof| -> Result<String, PrintError> {
            let bytes = proof.payload.as_bytes();
            let code = QrCode::with_error_correction_level(bytes, EcLevel::M);
            let code = code.map_err(|_| PrintError::TooLong(bytes.len()))?;
            Ok(code.render::<svg::Color<'_>>().quiet_zone(false).build())
        };
        let proof = match &paper.proof {
            Some(proof) => Some(Picture { image: picture(proof)?, text: &proof.text }),
            None => None,
        };
        Ok(Sheet { paper, proof })
    }
}
