//! Names and addresses as lists have them, laws of comparison and learning, and whole lists with a known truth.

#[cfg(test)]
mod evidence;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod parts;
