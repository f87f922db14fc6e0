//! The stories of this crate: what statisticians type, what is accepted, and how a refusal reads.

#[cfg(test)]
mod area;
#[cfg(test)]
mod industry;
#[cfg(test)]
mod locate;
#[cfg(test)]
mod number;
#[cfg(test)]
mod period;
#[cfg(test)]
mod quantity;
#[cfg(test)]
mod usci;
#[cfg(test)]
mod workday;
