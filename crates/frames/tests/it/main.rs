//! Columns: written, added up, read; scripts over datasets, in one process and on a cluster.

#[cfg(test)]
#[cfg(feature = "cluster")]
mod cluster;
#[cfg(test)]
mod frames;
#[cfg(test)]
mod vtl;
