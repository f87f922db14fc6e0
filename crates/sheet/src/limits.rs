//! Every limit of this crate, with its unit and its reason. Exceeding one is an error with the number in it.

/// Bytes of a file that is read into memory. A workbook larger than this is not a report or a trial balance;
/// larger CSV files go through [`CsvRows`](crate::CsvRows), which has no such limit.
pub const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Bytes that a packed file (xlsx, csv.gz) may hold when unpacked into memory.
pub const UNPACKED_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// How many times larger than the packed file the unpacked content may be. Real workbooks reach about 30.
pub const UNPACK_RATIO_MAX: u64 = 200;

/// Below this many unpacked bytes the ratio is not looked at: small files of blank rows pack very well.
pub const UNPACK_RATIO_FROM_BYTES: u64 = 8 * 1024 * 1024;

/// Parts inside a workbook (an xlsx is a zip of small files).
pub const PARTS_MAX: usize = 4_096;

/// Sheets of a workbook.
pub const SHEETS_MAX: usize = 256;

/// Rows of a sheet: what Excel can hold.
pub const ROWS_MAX: usize = 1_048_576;

/// Columns of a sheet. The widest statistical form has fewer than 300.
pub const COLUMNS_MAX: usize = 2_048;

/// Cells of a file that is read into memory, the empty cells between the filled ones included.
pub const CELLS_MAX: usize = 8_000_000;

/// Cells that an old workbook may span, however few of them are filled. Its reader lays all of them out twice, with room for
/// a value each: 4 million take 250 MB. A table of 60 columns with one stray cell in the last row stays below.
pub const SPANNED_CELLS_FROM: usize = 4_000_000;

/// Beyond that, how many cells may be spanned for each that is filled: a file that takes much memory must itself be large.
pub const SPANNED_RATIO_MAX: usize = 16;

/// Bytes of the text of one cell. Excel holds 32,767 characters; one Chinese character takes 3 bytes.
pub const CELL_BYTES_MAX: usize = 3 * 32_767;

/// Bytes of the texts of all cells of a workbook, a text that many cells share counted once for each of them. Eight million
/// cells of ten Chinese characters stay below.
pub const TEXT_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Continuation records of one record of an old workbook. Each holds 8 kilobytes, so a file as large as is read has at most
/// this many.
pub const CONTINUATIONS_MAX: usize = 8_192;

/// Merged ranges of a sheet. Printed forms have some hundreds.
pub const MERGED_MAX: usize = 65_536;

/// Characters of the name of a sheet: what Excel can hold.
pub const SHEET_NAME_CHARS_MAX: usize = 31;

/// Rows, counted from the top, among which the header is looked for.
pub const HEADER_SEARCH_ROWS: usize = 20;

/// Rows that one header may span.
pub const HEADER_ROWS_MAX: usize = 4;

/// Columns of a file of source records. Kingdee's widest journal has 40, a payroll with all insurances 60.
pub const RECORD_COLUMNS_MAX: usize = 512;

/// Findings of one file of source records that are listed. Whoever meets more has chosen the wrong columns.
pub const RECORD_FINDINGS_MAX: usize = 1_000;

/// Bytes of the name of a column of source records, all its rows together. What is longer is text, and no name is looked for in it.
pub const COLUMN_NAME_BYTES_MAX: usize = 600;

/// Ranges of cells of one sheet that Excel checks while somebody types. Excel holds 65,534; a form has some hundreds. What is
/// beyond is judged when the workbook comes home.
pub const VALIDATED_RANGES_MAX: usize = 60_000;

/// Comments on one sheet. Excel opens some thousands in a second and stalls at a hundred thousand; further wrong cells of a
/// returned copy are coloured all the same.
pub const NOTES_MAX: usize = 10_000;

/// Errors of a returned workbook that are collected; some hundred bytes each. Whoever judges a large table row by row does well
/// to stop here too: such a table is wrong as a whole (a column slipped, figures with their unit behind them).
pub const ERRORS_MAX: usize = 100_000;

/// Errors that a returned copy lists one by one; how many there are is always told. Nobody works through more, and Excel
/// holds 65,530 links in a sheet.
pub const LISTED_ERRORS_MAX: usize = 10_000;

/// Lines of a long list that one quoted cell may span. Addresses with a line break are seen; whoever writes more has forgotten a quotation
/// mark, and the rows behind it shall not be swallowed.
pub const QUOTED_LINES_MAX: usize = 8;

/// Bytes of one line of a long list: sixteen cells, each as long as a cell may be, are more than any list holds.
pub const LINE_BYTES_MAX: usize = 16 * CELL_BYTES_MAX;
