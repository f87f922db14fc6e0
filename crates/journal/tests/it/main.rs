//! Stories and laws of the journal.

#[cfg(test)]
mod entry;
#[cfg(test)]
mod merkle;
