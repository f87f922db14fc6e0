//! Stories of paper: what is printed can be read again.

#[cfg(test)]
mod form;
#[cfg(test)]
mod letter;
#[cfg(test)]
mod site;
