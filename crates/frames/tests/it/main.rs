//! Columns: written, added up, read.

#[cfg(test)]
mod frames;
#[cfg(test)]
mod vtl;
