//! Stories and laws of the domain, one binary.

#[cfg(test)]
mod access;
#[cfg(test)]
mod account;
#[cfg(test)]
mod activation;
#[cfg(test)]
mod api_key;
#[cfg(test)]
mod assessment;
#[cfg(test)]
mod case;
#[cfg(test)]
mod check_list;
#[cfg(test)]
mod cut;
#[cfg(test)]
mod domains;
#[cfg(test)]
mod dormancy;
#[cfg(test)]
mod enumerator;
#[cfg(test)]
mod handover;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod joint_review;
#[cfg(test)]
mod life;
#[cfg(test)]
mod make;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod norm;
#[cfg(test)]
mod onboarding;
#[cfg(test)]
mod onsite;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod organisation;
#[cfg(test)]
mod organisation_laws;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod password;
#[cfg(test)]
mod project;
#[cfg(test)]
mod prospect;
#[cfg(test)]
mod recut;
#[cfg(test)]
mod register;
#[cfg(test)]
mod register_import;
#[cfg(test)]
mod report;
#[cfg(test)]
mod roster;
#[cfg(test)]
mod sampling_frame;
#[cfg(test)]
mod search;
#[cfg(test)]
mod seat;
#[cfg(test)]
mod second_factor;
#[cfg(test)]
mod security;
#[cfg(test)]
mod security_key;
#[cfg(test)]
mod selection;
#[cfg(test)]
mod sight;
#[cfg(test)]
mod sponsorship;
#[cfg(test)]
mod staff;
#[cfg(test)]
mod standard;
#[cfg(test)]
mod weigh;
