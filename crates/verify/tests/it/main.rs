//! Stories of the program, told at the command line.

#[cfg(test)]
mod program;
