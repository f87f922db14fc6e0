//! Files of a step as they come: what a kind of material asks of them, and what a photograph says of itself. A file is read here and judged
//! in `domain::case`.

use std::collections::BTreeMap;
use std::io::Cursor;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use exif::{Exif, In, Tag, Value};
use youju_domain::Problem;
use youju_domain::attachment::ContentKind;
use youju_domain::case::{CaseType, Inside, Material, Point, Shot, Sort};

use crate::attachment::{File, Looked};
use crate::error::Result;

/// Files that were looked at, by kind of material, as what a step says of them and what is kept.
pub(super) type Kept = Vec<(File, ContentKind)>;

/// What a step takes in: every file or none.
pub(super) fn taken_in(
    of: &CaseType,
    looked: BTreeMap<String, Looked>,
    shots: &BTreeMap<String, Vec<Shot>>,
) -> Result<(Vec<Material>, Kept)> {
    let refused = looked.values().flat_map(|looked| &looked.refused);
    let mut reasons: Vec<String> = refused.map(|one| format!("“{}”:{}", one.name, one.reason)).collect();
    let (mut materials, mut kept) = (Vec::new(), Vec::new());
    for (kind, looked) in looked {
        let shots = shots.get(&kind).map(Vec::as_slice).unwrap_or_default();
        if reasons.is_empty() && !shots.is_empty() && shots.len() != looked.good.len() {
            let reason = "照片和它们的时间、位置对不上。请重新发送。".into();
            return Err(Problem::BadInput { reason }.into());
        }
        let sort = of.material(&kind).map_or(Sort::File, |material| material.sort);
        for (at, evidence) in looked.good.into_iter().enumerate() {
            let (file, content) = evidence.into_parts();
            if let Err(reason) = fits(sort, content, &file.content) {
                reasons.push(format!("“{}”:{reason}", file.name));
                continue;
            }
            materials.push(Material {
                kind: kind.clone(),
                name: file.name.clone(),
                hash: file.hash.clone(),
                size: u64::try_from(file.content.len()).unwrap_or(u64::MAX),
                shot: shots.get(at).cloned(),
                inside: if sort == Sort::Photo { inside(&file.content) } else { None },
            });
            kept.push((file, content));
        }
    }
    if reasons.is_empty() { Ok((materials, kept)) } else { Err(Problem::BadFile { reasons }.into()) }
}

/// Whether a file is what its kind of material asks for.
fn fits(sort: Sort, content: ContentKind, bytes: &[u8]) -> std::result::Result<(), &'static str> {
    use ContentKind::{Heic, Jpeg, Png, Webp};
    match (sort, content) {
        (Sort::File, _) => Ok(()),
        (Sort::Photo, Jpeg | Png | Webp | Heic) | (Sort::Signature, Jpeg | Png) => {
            if is_whole(content, bytes) {
                Ok(())
            } else {
                Err("图片不完整,后面缺了一段。请重新拍摄或重新发送。")
            }
        }
        (Sort::Photo, _) => Err("这里要的是现场照片。请拍照上传。"),
        (Sort::Signature, _) => Err("这里要的是签名图片。请在手机上签名,或拍下纸上的签名。"),
    }
}

/// True when a picture ends where its format says that it ends. Cut off in the middle, it would still open, half grey.
fn is_whole(kind: ContentKind, bytes: &[u8]) -> bool {
    match kind {
        // Cameras put more behind the end, such as a short film: the end itself is looked for behind the first line of the picture.
        ContentKind::Jpeg => scan_of(bytes).is_some_and(|scan| scan.windows(2).any(|two| two == [0xFF, 0xD9])),
        ContentKind::Png => bytes.windows(8).rev().any(|end| end == b"IEND\xAE\x42\x60\x82"),
        _ => true,
    }
}

/// What follows the beginning of the picture itself (SOS), behind all segments: a small picture inside them has an end of its own.
fn scan_of(bytes: &[u8]) -> Option<&[u8]> {
    const PICTURE_BEGINS: u8 = 0xDA;
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xFF, marker, high, low, ..] = rest else { return None };
        if *marker == PICTURE_BEGINS {
            return rest.get(2..);
        }
        rest = rest.get(2 + usize::from(u16::from_be_bytes([*high, *low]))..)?;
    }
}

/// What the camera wrote into the file; none where it wrote nothing, or something else took it away.
pub(super) fn inside(content: &[u8]) -> Option<Inside> {
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(content)).ok()?;
    let [maker, model] = [Tag::Make, Tag::Model].map(|tag| ascii(&exif, tag).unwrap_or_default());
    let device = if model.starts_with(&maker) { model } else { format!("{maker} {model}") };
    let inside = Inside {
        at: [Tag::DateTimeOriginal, Tag::DateTimeDigitized].into_iter().find_map(|tag| moment(&exif, tag)),
        point: point(&exif),
        device: device.trim().chars().take(DEVICE_CHARS).collect(),
    };
    (inside != Inside::default()).then_some(inside)
}

/// Characters of maker and model that are kept.
const DEVICE_CHARS: usize = 80;
/// Hours by which the clocks here are ahead of the world's.
const HERE_HOURS: i64 = 8;

fn ascii(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(lines) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let text = String::from_utf8_lossy(lines.first()?).into_owned();
    Some(text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned())
}

/// When, by clocks here: a camera that says its offset is believed, another one is taken to stand where we are.
fn moment(exif: &Exif, tag: Tag) -> Option<NaiveDateTime> {
    let mut read = exif::DateTime::from_ascii(ascii(exif, tag)?.as_bytes()).ok()?;
    let day = NaiveDate::from_ymd_opt(i32::from(read.year), u32::from(read.month), u32::from(read.day))?;
    let at = day.and_hms_opt(u32::from(read.hour), u32::from(read.minute), u32::from(read.second))?;
    let said = ascii(exif, Tag::OffsetTimeOriginal).filter(|said| read.parse_offset(said.as_bytes()).is_ok());
    match said.and(read.offset) {
        Some(minutes) => Some(at + TimeDelta::hours(HERE_HOURS) - TimeDelta::minutes(i64::from(minutes))),
        None => Some(at),
    }
}

fn point(exif: &Exif) -> Option<Point> {
    let latitude = angle(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, "S")?;
    let longitude = angle(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, "W")?;
    Point::new(latitude, longitude)
}

/// Degrees, minutes and seconds as millionths of a degree.
fn angle(exif: &Exif, tag: Tag, side: Tag, behind: &str) -> Option<i32> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let mut sum = 0_i64;
    for (part, per_degree) in parts.iter().zip([1_i64, 60, 3_600]) {
        let whole = i64::from(part.denom).checked_mul(per_degree).filter(|whole| *whole > 0)?;
        sum = sum.checked_add(i64::from(part.num).checked_mul(1_000_000)? / whole)?;
    }
    let sum = i32::try_from(sum).ok().filter(|_| !parts.is_empty())?;
    Some(if ascii(exif, side)?.starts_with(behind) { -sum } else { sum })
}
