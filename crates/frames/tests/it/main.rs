//! Columns: written, added up, read.

#[cfg(test)]
mod frames;
