//! Stories and laws of the journal.

#[cfg(test)]
mod bundle;
#[cfg(test)]
mod checkpoint;
#[cfg(test)]
mod entry;
#[cfg(test)]
mod export;
#[cfg(test)]
mod flips;
#[cfg(test)]
mod json;
#[cfg(test)]
mod key;
#[cfg(test)]
mod kit;
#[cfg(test)]
mod merkle;
