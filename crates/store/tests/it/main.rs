//! Stories of the data base, each on SQLite and, when `YOUJU_TEST_POSTGRES` names a server, on PostgreSQL.

#[cfg(test)]
mod attachment;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod compliance;
#[cfg(test)]
mod db;
#[cfg(test)]
mod engines;
#[cfg(test)]
mod flips;
#[cfg(test)]
mod folded;
#[cfg(test)]
mod group;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod migrate;
#[cfg(test)]
mod outbox;
