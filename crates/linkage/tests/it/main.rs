//! Names and addresses as lists have them, laws of comparison and learning, and whole lists with a known truth.

mod evidence;
mod laws;
mod lists;
mod parts;
