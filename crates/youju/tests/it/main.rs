//! Stories of `youju check` and `youju vtl`, told at the command line, and of what only the whole program has: paper.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod backup;
#[cfg(test)]
#[cfg(feature = "cluster")]
mod cluster;
#[cfg(test)]
mod encrypted;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod form;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod heads;
#[cfg(test)]
mod house;
#[cfg(test)]
mod log;
#[cfg(test)]
mod outcome;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod planted;
#[cfg(test)]
mod programme;
#[cfg(test)]
mod recount;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod rehearsal;
#[cfg(test)]
mod scripts;
#[cfg(test)]
mod vtl_analyse;
#[cfg(test)]
mod vtl_check;
#[cfg(test)]
mod vtl_run;
