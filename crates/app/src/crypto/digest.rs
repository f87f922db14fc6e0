//! Digests of what leaves the house, where the algorithm is ours to choose: backups. The journal, the addresses of files and the hashes of
//! tokens are SHA-256 by their formats.

use sha2::{Digest as _, Sha256};
use sm3::Sm3;

/// How something is digested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Digest {
    /// SHA-256.
    #[default]
    Sha256,
    /// SM3 (GB/T 32905).
    Sm3,
}

impl Digest {
    /// Both.
    pub const ALL: [Digest; 2] = [Digest::Sha256, Digest::Sm3];

    /// Its name in manifests.
    pub fn name(self) -> &'static str {
        match self {
            Digest::Sha256 => "sha-256",
            Digest::Sm3 => "sm3",
        }
    }

    /// Reads the name.
    pub fn from_name(name: &str) -> Option<Digest> {
        Digest::ALL.into_iter().find(|digest| digest.name() == name)
    }

    /// Begins to digest.
    pub fn begin(self) -> Digesting {
        match self {
            Digest::Sha256 => Digesting::Sha256(Sha256::new()),
            Digest::Sm3 => Digesting::Sm3(Sm3::new()),
        }
    }
}

/// A digest of what came so far.
#[derive(Clone)]
pub enum Digesting {
    /// By SHA-256.
    Sha256(Sha256),
    /// By SM3.
    Sm3(Sm3),
}

impl Digesting {
    /// More comes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Digesting::Sha256(state) => state.update(bytes),
            Digesting::Sm3(state) => state.update(bytes),
        }
    }

    /// The digest as hexadecimal text.
    pub fn finish(self) -> String {
        match self {
            Digesting::Sha256(state) => super::hex(&state.finalize()),
            Digesting::Sm3(state) => super::hex(&state.finalize()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_those_of_their_standards() {
        let of = |digest: Digest, text: &str| {
            let mut state = digest.begin();
            text.bytes().for_each(|byte| state.update(&[byte]));
            state.finish()
        };
        assert_eq!(of(Digest::Sha256, "abc"), super::super::sha256(b"abc"));
        // GB/T 32905, appendix A.1.
        assert_eq!(of(Digest::Sm3, "abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert!(Digest::ALL.into_iter().all(|digest| Digest::from_name(digest.name()) == Some(digest)));
    }
}
