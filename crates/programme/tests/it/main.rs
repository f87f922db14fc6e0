//! Stories of a programme, as a statistician would tell them.

#[cfg(test)]
mod archive;
#[cfg(test)]
mod assessment;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod bulk;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod carry;
#[cfg(test)]
mod check_list;
#[cfg(test)]
mod derive;
#[cfg(test)]
mod entry;
#[cfg(test)]
mod formula;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod ledger_all;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod make;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod review;
#[cfg(test)]
mod second_engine;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod shipped_all;
