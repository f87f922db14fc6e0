//! Tests of the check language from outside: stories in case files, laws over random input, figures in sentences.

#[cfg(test)]
mod analysis;
#[cfg(test)]
mod analysis_laws;
#[cfg(test)]
mod any_text;
#[cfg(test)]
mod blocks;
#[cfg(test)]
mod case;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod exactness;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod form;
#[cfg(test)]
mod format;
#[cfg(test)]
mod formula;
#[cfg(test)]
mod formula_laws;
#[cfg(test)]
mod grammar;
#[cfg(test)]
mod hierarchy;
#[cfg(test)]
mod hierarchy_case;
#[cfg(test)]
mod hierarchy_laws;
#[cfg(test)]
mod logic;
#[cfg(test)]
mod mutated;
#[cfg(test)]
mod program;
#[cfg(test)]
mod speed;
#[cfg(test)]
mod syntax;
#[cfg(test)]
mod trees;
