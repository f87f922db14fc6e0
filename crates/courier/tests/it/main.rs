//! Stories of delivery, told against servers of our own on this machine.

#[cfg(test)]
mod calls;
#[cfg(test)]
mod http_server;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod make;
#[cfg(test)]
mod robots;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod sms;
#[cfg(test)]
mod smtp_server;
#[cfg(test)]
mod tls;
