//! A security key in software, as honest or dishonest as a story wants it.

use ciborium::Value;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use youju_app::crypto::webauthn::{Answer, Created};
use youju_app::crypto::{digest_of, from_base64url, to_base64url};

enum Pair {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

/// A key that signs. Its fields may be bent.
pub struct SoftKey {
    pair: Pair,
    /// What it calls itself.
    pub credential: Vec<u8>,
    /// Where its browser is.
    pub origin: String,
    /// For which host it signs.
    pub host: String,
    /// How often it has signed.
    pub counter: u32,
    /// False for keys that always say zero.
    pub counts: bool,
    /// True when somebody touches it.
    pub is_touched: bool,
}

/// A key for signatures with RSA, for tests alone.
pub fn rsa_pair() -> RsaKeyPair {
    let text: String = include_str!("rsa_key.txt").split_whitespace().collect();
    let url = text.replace('+', "-").replace('/', "_").replace('=', "");
    RsaKeyPair::from_pkcs8(&from_base64url(&url).unwrap()).unwrap()
}

impl SoftKey {
    fn new(pair: Pair, origin: &str) -> SoftKey {
        let host = origin.split_once("://").unwrap().1.split(':').next().unwrap().to_owned();
        let mut credential = vec![0; 32];
        ring::rand::SecureRandom::fill(&SystemRandom::new(), &mut credential).unwrap();
        SoftKey { pair, credential, origin: origin.into(), host, counter: 0, counts: true, is_touched: true }
    }

    /// One that signs by ES256.
    pub fn p256(origin: &str) -> SoftKey {
        let (how, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        let made = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
        SoftKey::new(Pair::P256(EcdsaKeyPair::from_pkcs8(how, made.as_ref(), &random).unwrap()), origin)
    }

    /// One that signs by EdDSA.
    pub fn ed25519(origin: &str) -> SoftKey {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        SoftKey::new(Pair::Ed25519(Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap()), origin)
    }

    /// One that signs by RS256.
    pub fn rsa(origin: &str) -> SoftKey {
        SoftKey::new(Pair::Rsa(Box::new(rsa_pair())), origin)
    }

    fn client_data(&self, purpose: &str, challenge: &str) -> Vec<u8> {
        let said =
            serde_json::json!({ "type": purpose, "challenge": challenge, "origin": self.origin, "crossOrigin": false });
        said.to_string().into_bytes()
    }

    fn data(&mut self, flags: u8) -> Vec<u8> {
        self.counter += u32::from(self.counts);
        let flags = flags | u8::from(self.is_touched);
        let counter = if self.counts { self.counter } else { 0 };
        [digest_of(self.host.as_bytes()).as_slice(), &[flags], &counter.to_be_bytes()].concat()
    }

    fn public_key(&self) -> Vec<u8> {
        let number = |number: i64| Value::Integer(number.into());
        let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
        let entries = match &self.pair {
            Pair::P256(pair) => {
                let point = pair.public_key().as_ref();
                vec![
                    (1, number(2)),
                    (3, number(-7)),
                    (-1, number(1)),
                    (-2, bytes(&point[1..33])),
                    (-3, bytes(&point[33..])),
                ]
            }
            Pair::Ed25519(pair) => {
                vec![(1, number(1)), (3, number(-8)), (-1, number(6)), (-2, bytes(pair.public_key().as_ref()))]
            }
            Pair::Rsa(pair) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
                vec![(1, number(3)), (3, number(-257)), (-1, bytes(&public.n)), (-2, bytes(&public.e))]
            }
        };
        let entries = entries.into_iter().map(|(label, value)| (number(label), value)).collect();
        let mut written = Vec::new();
        ciborium::into_writer(&Value::Map(entries), &mut written).unwrap();
        written
    }

    /// Answers as a new key.
    pub fn create(&mut self, challenge: &str) -> Created {
        let length = u16::try_from(self.credential.len()).unwrap().to_be_bytes();
        let data = self.data(0x40);
        let data = [&data, [0; 16].as_slice(), &length, &self.credential, &self.public_key()].concat();
        let text = |text: &str| Value::Text(text.to_owned());
        let told = Value::Map(vec![
            (text("fmt"), text("none")),
            (text("attStmt"), Value::Map(Vec::new())),
            (text("authData"), Value::Bytes(data)),
        ]);
        let mut attestation = Vec::new();
        ciborium::into_writer(&told, &mut attestation).unwrap();
        Created {
            client_data: to_base64url(&self.client_data("webauthn.create", challenge)),
            attestation: to_base64url(&attestation),
        }
    }

    /// Answers a question.
    pub fn answer(&mut self, challenge: &str) -> Answer {
        let (client_data, data) = (self.client_data("webauthn.get", challenge), self.data(0));
        let signed = [data.as_slice(), &digest_of(&client_data)].concat();
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::P256(pair) => pair.sign(&random, &signed).unwrap().as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.sign(&signed).as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, &signed, &mut signature).unwrap();
                signature
            }
        };
        Answer {
            credential: to_base64url(&self.credential),
            client_data: to_base64url(&client_data),
            authenticator_data: to_base64url(&data),
            signature: to_base64url(&signature),
        }
    }
}
