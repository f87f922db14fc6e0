//! Limits of requests, with their units.

use std::time::Duration;

use crate::pace::Allowed;

/// Largest request body: a trial balance workbook with room to spare.
pub(crate) const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Largest sampling frame that is sent back to be verified; of a larger one its fingerprint is typed.
pub(crate) const FRAME_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Longest time for one request.
pub(crate) const REQUEST_SECONDS_MAX: u64 = 60;
/// Requests that are worked on at the same time. More would only make all of them slow: who comes later is asked to come again.
pub(crate) const REQUESTS_MAX: usize = 256;
/// After how many seconds.
pub(crate) const COME_AGAIN_SECONDS: u64 = 1;
/// Rows of one page of a list.
pub(crate) const PAGE_ROWS: i64 = 50;
/// Cells in one autosave.
pub(crate) const SAVED_CELLS_MAX: usize = 2_000;
/// Changes and mistakes of a workbook that are listed on a page; the copy holds all of them.
pub(crate) const LISTED_MAX: usize = 200;
/// Periods in a cell's small history line.
pub(crate) const SERIES_PERIODS_MAX: i64 = 12;
/// Blank rows of a list on one page: more make a page that an old machine cannot scroll. The next ones follow when these are filled.
pub(crate) const SPARE_ROWS_MAX: u32 = 200;
/// Failed sign-ins of one network address that are free; a whole office may stand behind it.
pub(crate) const ADDRESS_FAILURES_FREE: u32 = 60;
/// Seconds after which one of them is forgotten: the pace at which guesses go on beyond that.
pub(crate) const ADDRESS_FAILURE_SECONDS: i64 = 10;
/// Network addresses that are counted at the same time.
pub(crate) const ADDRESSES_MAX: usize = 20_000;
/// Requests of one key in a minute: a program that hands in every ledger of a unit, and reads each back, stays below.
pub(crate) const API_REQUESTS_MAX: u32 = 60;
/// Requests of one session: no hand clicks so fast, and a script that pastes a sheet cell by cell stays below.
pub(crate) const SESSION_PACE: Allowed = Allowed { burst: 1_000, every: Duration::from_millis(20) };
/// Requests of one network address by those who have not signed in: on the last day 150 people behind one address open the sign-in page,
/// type, and are sent on, within a minute.
pub(crate) const ADDRESS_PACE: Allowed = Allowed { burst: 600, every: Duration::from_millis(100) };
/// Sessions and addresses that are counted at the same time.
pub(crate) const COUNTED_MAX: usize = 20_000;
/// Bytes of the path of an address; the longest of ours, with a product's name as the key of a row, stay far below.
pub(crate) const PATH_BYTES_MAX: usize = 2_048;
/// Bytes of what follows: a search, a filter, and where to go back to.
pub(crate) const QUERY_BYTES_MAX: usize = 16 * 1024;
