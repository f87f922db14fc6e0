//! Stories of the pages, told to the router in memory. One binary.

#[cfg(test)]
mod account;
#[cfg(test)]
mod accounts;
#[cfg(test)]
mod activation;
#[cfg(test)]
mod api;
#[cfg(test)]
mod api_cases;
#[cfg(test)]
mod api_key;
#[cfg(test)]
mod archive;
#[cfg(test)]
mod assessment;
#[cfg(test)]
mod attachments;
#[cfg(test)]
mod attack;
#[cfg(test)]
mod books;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod check_list;
#[cfg(test)]
mod compliance;
#[cfg(test)]
mod enumerators;
#[cfg(test)]
mod fault;
#[cfg(test)]
mod form_book;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod joint_review;
#[cfg(test)]
mod lineage;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod onboarding;
#[cfg(test)]
mod onsite;
#[cfg(test)]
mod organisation;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod pace;
#[cfg(test)]
mod people;
#[cfg(test)]
mod public;
#[cfg(test)]
mod records;
#[cfg(test)]
mod register;
#[cfg(test)]
mod register_cases;
#[cfg(test)]
mod register_lists;
#[cfg(test)]
mod roster;
#[cfg(test)]
mod sampling_frame;
#[cfg(test)]
mod save;
#[cfg(test)]
mod security;
#[cfg(test)]
mod security_key;
#[cfg(test)]
mod sponsorship;
#[cfg(test)]
mod work;
