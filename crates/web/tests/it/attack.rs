//! A list of attacks, each tried against every address or form that it could work on; docs/attacks.md says which test stands for what.

mod files;
mod forms;
mod markup;
mod routes;
mod session;
