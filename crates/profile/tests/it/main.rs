//! Stories of a profile, as an office would tell them.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod explore;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod told;
