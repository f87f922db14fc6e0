//! Column files: replaced as a whole, so that a crash leaves the old one or the new one.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::error::FramesError;

/// Key of the journal sequence in the file's metadata.
const WATERMARK: &str = "youju.watermark";

/// Distinguishes the temporary files of writers in one process.
static WRITERS: AtomicU64 = AtomicU64::new(0);

/// The journal sequence that a file covers; none when there is no readable file.
pub(crate) fn watermark(path: &Path) -> Option<i64> {
    let reader = SerializedFileReader::new(File::open(path).ok()?).ok()?;
    let pairs = reader.metadata().file_metadata().key_value_metadata()?;
    pairs.iter().find(|pair| pair.key == WATERMARK)?.value.as_ref()?.parse().ok()
}

/// Writes beside the file, brings it to the disk, then takes its place.
pub(crate) fn replace(path: &Path, batch: &RecordBatch, watermark: i64) -> Result<(), FramesError> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(|cause| FramesError::file("建立列存目录", folder, cause))?;
    let writer = WRITERS.fetch_add(1, Ordering::Relaxed);
    let temporary = path.with_extension(format!("{}-{writer}.tmp", std::process::id()));
    let file = File::create(&temporary).map_err(|cause| FramesError::file("写列存文件", &temporary, cause))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(vec![KeyValue::new(WATERMARK.into(), watermark.to_string())]))
        .build();
    let at = FramesError::parquet(&temporary);
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).map_err(&at)?;
    writer.write(batch).map_err(&at)?;
    let file = writer.into_inner().map_err(&at)?;
    file.sync_all().map_err(|cause| FramesError::file("写列存文件", &temporary, cause))?;
    std::fs::rename(&temporary, path).map_err(|cause| FramesError::file("替换列存文件", path, cause))
}

/// A file name made of letters, digits, `-` and `_` only; anything else is percent-encoded.
pub(crate) fn safe(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
