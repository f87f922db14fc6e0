//! What can go wrong with columns, in Chinese, with the place.

use std::fmt;
use std::path::Path;

use datafusion::error::DataFusionError;
use parquet::errors::ParquetError;

/// An accident with columns, or a figure that they cannot hold.
#[derive(Debug)]
pub enum FramesError {
    /// A file could not be read or written.
    File {
        /// What was being done.
        doing: &'static str,
        /// Which file.
        path: String,
        /// Why not.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A figure with more digits than columns hold.
    Figure {
        /// Whose.
        unit: String,
        /// Which cell.
        cell: String,
        /// The figure.
        value: String,
    },
    /// A cell of a Parquet file that is not an exact number.
    NotExact {
        /// Column.
        column: String,
        /// 1-based row.
        row: usize,
        /// What stands there.
        value: String,
    },
    /// A column of a type that checks cannot read.
    Type {
        /// Column.
        column: String,
        /// Its type.
        found: String,
    },
    /// Adding up failed.
    Plan(Box<DataFusionError>),
    /// The program is stopping.
    Stopped,
}

impl FramesError {
    pub(crate) fn file(
        doing: &'static str,
        path: &Path,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> FramesError {
        FramesError::File { doing, path: path.display().to_string(), cause: cause.into() }
    }

    pub(crate) fn parquet(path: &Path) -> impl Fn(ParquetError) -> FramesError + '_ {
        move |cause| FramesError::file("读写列存文件", path, cause)
    }
}

impl From<DataFusionError> for FramesError {
    fn from(error: DataFusionError) -> FramesError {
        FramesError::Plan(Box::new(error))
    }
}

impl fmt::Display for FramesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FramesError::File { doing, path, cause } => write!(f, "{doing}失败({path}):{cause}。"),
            FramesError::Figure { unit, cell, value } => {
                write!(f, "单位 {unit} 的数据项 {cell} 为 {value},超过了汇总能容纳的 18 位整数、4 位小数。")
            }
            FramesError::NotExact { column, row, value } => {
                write!(f, "第 {row} 行“{column}”应为数字,现为“{value}”。")
            }
            FramesError::Type { column, found } => write!(f, "“{column}”列的类型 {found} 不能用于审核。"),
            FramesError::Plan(cause) => write!(f, "汇总失败:{cause}。"),
            FramesError::Stopped => write!(f, "程序正在停止,没有完成汇总。"),
        }
    }
}

impl std::error::Error for FramesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            FramesError::File { cause, .. } => Some(cause.as_ref()),
            FramesError::Plan(cause) => Some(cause.as_ref()),
            _ => None,
        }
    }
}
