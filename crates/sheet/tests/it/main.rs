//! What a statistician does with files: opens what the enterprise sent, is told what is wrong with it and where, and
//! exports tables that open everywhere.

#[cfg(test)]
mod any_bytes;
#[cfg(test)]
mod files;
#[cfg(test)]
mod form_book;
#[cfg(test)]
mod form_book_copy;
#[cfg(test)]
mod form_book_make;
#[cfg(test)]
mod form_book_mutated;
#[cfg(test)]
mod form_book_units;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod heavy;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod json;
#[cfg(test)]
mod long_list;
#[cfg(test)]
mod loose;
#[cfg(test)]
mod make;
#[cfg(test)]
mod payroll;
#[cfg(test)]
mod record_laws;
#[cfg(test)]
mod records;
#[cfg(test)]
mod trial_balance;
#[cfg(test)]
mod trial_balance_laws;
#[cfg(test)]
mod workbooks;
#[cfg(test)]
mod written;
