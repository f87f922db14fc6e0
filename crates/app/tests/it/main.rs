//! Stories of the use cases, and a test for every law of the house that can be broken here. One binary.

#[cfg(test)]
mod access;
#[cfg(test)]
mod account;
#[cfg(test)]
mod accounts;
#[cfg(test)]
mod across;
#[cfg(test)]
mod activation;
#[cfg(test)]
mod api_key;
#[cfg(test)]
mod archive;
#[cfg(test)]
mod assessment;
#[cfg(test)]
mod attachments;
#[cfg(test)]
mod backups;
#[cfg(test)]
mod books;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod cases_many;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod check_list;
#[cfg(test)]
mod compliance;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod domains;
#[cfg(test)]
mod enumerators;
#[cfg(test)]
mod explaining;
#[cfg(test)]
mod form_book;
#[cfg(test)]
mod form_book_all;
#[cfg(test)]
mod grids;
#[cfg(test)]
mod hands;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod impact;
#[cfg(test)]
mod intake_cases;
#[cfg(test)]
mod joint_review;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod laboratory;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod make;
#[cfg(test)]
mod officers;
#[cfg(test)]
mod onboarding;
#[cfg(test)]
mod onsite;
#[cfg(test)]
mod organisations;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod projects;
#[cfg(test)]
mod prospect;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod records;
#[cfg(test)]
mod register;
#[cfg(test)]
mod register_cases;
#[cfg(test)]
mod register_import;
#[cfg(test)]
mod register_search;
#[cfg(test)]
mod review;
#[cfg(test)]
mod roster;
#[cfg(test)]
mod sampling_frame;
#[cfg(test)]
mod saving;
#[cfg(test)]
mod sealing;
#[cfg(test)]
mod second_factor;
#[cfg(test)]
mod security;
#[cfg(test)]
mod security_key;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod sponsorship;
#[cfg(test)]
mod staff;
#[cfg(test)]
mod standards;
#[cfg(test)]
mod torture;
#[cfg(test)]
mod traces;
#[cfg(test)]
mod windows;
