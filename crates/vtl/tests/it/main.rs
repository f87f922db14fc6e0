//! Tests of the check language from outside: stories in case files, laws over random input, figures in sentences.

#[cfg(test)]
mod blocks;
#[cfg(test)]
mod case;
#[cfg(test)]
mod cases;
#[cfg(test)]
#[cfg(test)]
mod exactness;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod format;
#[cfg(test)]
mod grammar;
#[cfg(test)]
mod logic;
#[cfg(test)]
mod program;
#[cfg(test)]
mod speed;
#[cfg(test)]
mod syntax;
#[cfg(test)]
mod trees;
