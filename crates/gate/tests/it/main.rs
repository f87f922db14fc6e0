//! Stories of the gate: who comes in, encrypted or not, and who holds nobody up.

#[cfg(test)]
mod make;
#[cfg(test)]
mod patience;
#[cfg(test)]
mod tls;
