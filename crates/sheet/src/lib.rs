//! Tables in and out 表格读写: Excel and CSV files become sheets of exact cells, headers are found, a trial balance
//! 科目余额表 and source records 原始记录 are read and verified; tables are written as CSV and xlsx; forms go out as workbooks,
//! come home and go back with their errors (`form_book`). Every refusal names the row, the column and the way out.
//!
//! What never lives here: databases, mappings from accounts to indicators, checks of reports, clocks, HTTP. Numbers are
//! exact decimals; nothing is silently skipped, cut or repaired.
//!
//! ```
//! let file = "科目编码,科目名称,期末借方余额,期末贷方余额\n1002,银行存款,\"1,200.50\",\n4001,实收资本,,1200.5\n";
//! let sheets = youju_sheet::read("余额表.csv", file.as_bytes())?;
//! let balance = youju_sheet::trial_balance::parse(&sheets).map_err(|errors| errors[0].to_string())?;
//! assert_eq!(balance.lines[0].closing_debit.unwrap().to_string(), "1200.50");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod account_code;
mod caption;
mod error;
pub mod form_book;
mod header;
pub mod limits;
mod read;
pub mod record;
mod table;
pub mod trial_balance;
mod write;

pub use error::{CellError, SheetError};
pub use header::{Column, Header, find_header};
pub use read::csv::{CsvRow, CsvRows};
pub use read::list::{ListReader, ListRow};
pub use read::loose::{LooseRow, LooseRows};
pub use read::read;
pub use table::{Cell, Merged, Sheet};
pub use write::{
    CellOut, ColumnOut, FileOut, PackedText, Table, csv_line, csv_row, in_gb18030, write_csv, write_xlsx, write_zip,
    zip_packed,
};
