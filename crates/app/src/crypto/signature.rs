//! Signatures that somebody else has made: ES256, EdDSA (Ed25519) and RS256 (2,048 bits and more). Nothing is signed here.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};

/// A public key of somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// P-256: the two coordinates, 32 bytes each.
    P256 {
        /// The first.
        x: Vec<u8>,
        /// The second.
        y: Vec<u8>,
    },
    /// Ed25519.
    Ed25519(Vec<u8>),
    /// RSA: modulus and exponent, without leading zeros.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The exponent.
        e: Vec<u8>,
    },
}

/// How the two numbers of a signature with P-256 are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// As ASN.1, by security keys.
    Asn1,
    /// One behind the other, in tokens.
    Fixed,
}

impl PublicKey {
    /// True when the signature of a message is of this key.
    pub fn verifies(&self, message: &[u8], signature: &[u8], writing: Writing) -> bool {
        match self {
            PublicKey::P256 { x, y } => {
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                let how = match writing {
                    Writing::Asn1 => &ECDSA_P256_SHA256_ASN1,
                    Writing::Fixed => &ECDSA_P256_SHA256_FIXED,
                };
                UnparsedPublicKey::new(how, point).verify(message, signature).is_ok()
            }
            PublicKey::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok(),
            PublicKey::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
            }
        }
    }
}
