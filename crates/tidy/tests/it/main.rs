//! Rules of the house, held by reading the tree and `cargo metadata`. Every failure names the place and says what to do.

#[cfg(test)]
mod arrows;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod components;
#[cfg(test)]
mod licences;
#[cfg(test)]
mod places;
#[cfg(test)]
mod security;
#[cfg(test)]
mod tree;
