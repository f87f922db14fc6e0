//! The refusals of this crate: a file that cannot be read, or a cell that is not what it should be.

use std::fmt;

/// Refusal of a file 文件无法读取 — each message is a full sentence with the place and the way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    /// A limit of `limits` is exceeded.
    #[error("{what}为 {found},超过上限 {max}。请拆分成较小的文件后分次导入。")]
    Limit {
        /// What was counted, with its unit.
        what: String,
        /// How many there are (or how many had been counted when reading stopped).
        found: u64,
        /// How many are allowed.
        max: u64,
    },
    /// The file is of a kind that is not read here.
    #[error("“{name}”{what}。请用 Excel 或 WPS 打开后另存为 xlsx 或 csv 文件再导入。")]
    Format {
        /// The name of the file.
        name: String,
        /// What it is.
        what: String,
    },
    /// The workbook is encrypted.
    #[error("“{name}”设有打开密码,无法读取。请在 Excel 或 WPS 中取消密码后重新保存。")]
    Password {
        /// The name of the file.
        name: String,
    },
    /// The workbook or packed file is damaged.
    #[error("“{name}”已损坏,无法读取({reason})。请用 Excel 或 WPS 打开后另存为新文件;打不开的,请从原软件重新导出。")]
    Damaged {
        /// The name of the file.
        name: String,
        /// What the reader found, for support.
        reason: String,
    },
    /// A table as JSON that is not what was agreed.
    #[error("“{name}”{reason}")]
    Json {
        /// The name of the file.
        name: String,
        /// What is wrong, where, and what to do.
        reason: String,
    },
    /// Bytes that are no text in the encoding of the file.
    #[error("第 {line} 行有无法识别的字符(按 {encoding} 编码读取)。请将文件另存为 UTF-8 编码的 csv 后重新导入。")]
    Encoding {
        /// 1-based line.
        line: u64,
        /// The encoding that was recognised.
        encoding: String,
    },
    /// A NUL character: the file is binary, or UTF-16 without a byte order mark.
    #[error("第 {line} 行含有空字符(NUL),文件不是文本或编码不完整。请将文件另存为 UTF-8 编码的 csv 后重新导入。")]
    Nul {
        /// 1-based line.
        line: u64,
    },
    /// A quoted cell is never closed.
    #[error("第 {line} 行第 {column} 列的引号没有成对。请补上缺少的英文双引号;内容里的双引号要写成两个。")]
    OpenQuote {
        /// 1-based line where the cell begins.
        line: u64,
        /// 1-based column.
        column: usize,
    },
    /// Text behind the closing quotation mark of a cell.
    #[error("第 {line} 行第 {column} 列的引号提前结束,后面还有内容。内容里的英文双引号要写成两个。")]
    StrayQuote {
        /// 1-based line where the cell begins.
        line: u64,
        /// 1-based column.
        column: usize,
    },
    /// A row with fewer or more cells than the others.
    #[error("第 {line} 行有 {found} 列,应为 {expected} 列。请检查该行是否缺少分隔符,带千位逗号的金额是否加了双引号。")]
    Ragged {
        /// 1-based line.
        line: u64,
        /// Cells of this row.
        found: usize,
        /// Cells of the header or of most rows.
        expected: usize,
    },
    /// Two columns of a header have the same name or the same meaning.
    #[error("第 {row} 行表头中第 {first} 列与第 {second} 列都是“{name}”,无法区分。请改名或删去其中一列。")]
    DuplicateColumn {
        /// 1-based row (line) of the header.
        row: u64,
        /// The name that they share.
        name: String,
        /// 1-based column.
        first: usize,
        /// 1-based column.
        second: usize,
    },
    /// The header was found, but required columns are missing.
    #[error("第 {row} 行表头缺少“{}”。请补上这些列,或按下载的模板填报。", missing.join("”、“"))]
    MissingColumns {
        /// 1-based first row of the best header.
        row: usize,
        /// The Chinese names of the missing columns.
        missing: Vec<String>,
    },
    /// No header among the first rows.
    #[error("前 {searched} 行没有找到表头,表头应含有“{}”。请检查是否选对了文件或工作表。", wanted.join("”、“"))]
    NoHeader {
        /// How many rows were looked at.
        searched: usize,
        /// The Chinese names of the columns that were looked for.
        wanted: Vec<String>,
    },
    /// The file has no rows.
    #[error("“{name}”没有内容。请检查是否选对了文件,或从原软件重新导出。")]
    Empty {
        /// The name of the file.
        name: String,
    },
    /// The disk or the connection failed.
    #[error("读写文件时出错:{reason}。请重试;仍然出错的,请检查磁盘和网络。")]
    Io {
        /// What the system said.
        reason: String,
    },
    /// A table that cannot be written.
    #[error("{what}。{way_out}")]
    Unwritable {
        /// What stands in the way.
        what: String,
        /// What to do.
        way_out: String,
    },
}

impl SheetError {
    /// A limit was exceeded.
    pub(crate) fn limit(what: impl Into<String>, found: u64, max: u64) -> SheetError {
        SheetError::Limit { what: what.into(), found, max }
    }
}

impl From<std::io::Error> for SheetError {
    fn from(error: std::io::Error) -> SheetError {
        SheetError::Io { reason: error.to_string() }
    }
}

/// Finding in a cell 单元格问题 — located, so that a person finds it in the open workbook.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellError {
    /// The name of the sheet; empty when the file has only one.
    pub sheet: String,
    /// 1-based row as Excel shows it; none when the finding is about the whole table.
    pub row: Option<usize>,
    /// The printed name of the column; none when the finding is about the whole row.
    pub column: Option<String>,
    /// The rest of the sentence, in Chinese.
    pub message: String,
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.sheet.is_empty() {
            write!(f, "工作表“{}”", self.sheet)?;
        }
        if let Some(row) = self.row {
            write!(f, "第 {row} 行")?;
        }
        if let Some(column) = &self.column {
            write!(f, "“{column}”")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for CellError {}
