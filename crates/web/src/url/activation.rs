//! Addresses of accounts before they are in use: opening them, their letters, and the door for their codes.

/// Where the code of a letter is typed. The code is never part of an address that a browser sends: it stands behind the #, or in a form.
pub const ACTIVATE: &str = "/activate";
/// Opening an account, or a table of them.
pub const ACCOUNTS_OPEN: &str = "/accounts/open";
/// Looking at a table.
pub const ACCOUNTS_TABLE: &str = "/accounts/open/table";
/// Opening what was looked at.
pub const ACCOUNTS_TAKE: &str = "/accounts/open/table/take";
/// Units without any account.
pub const ACCOUNTS_UNITS: &str = "/accounts/open/units";
/// The same as a table, to be completed.
pub const ACCOUNTS_UNITS_CSV: &str = "/accounts/open/units/csv";
/// Accounts that are not activated.
pub const ACCOUNTS_WAITING: &str = "/accounts/waiting";
/// Printing their letters.
pub const ACCOUNTS_LETTERS: &str = "/accounts/waiting/letters";
