//! What a security key answers (W3C Web Authentication, level 3): read, and compared with what was asked. Pure: nothing is looked up or
//! written here. Makers' proofs (attestation) are neither asked for nor looked at: whose key it is follows from who adds it.

use ciborium::Value;
use serde::Deserialize;
use youju_domain::security_key::{Flaw, Site};

use super::signature::{PublicKey, Writing};
use super::{digest_of, from_base64url, to_base64url};

/// ES256, EdDSA and RS256 as COSE numbers them, the best first: what a new key may sign with.
pub const ALGORITHMS: [i64; 3] = [-8, -7, -257];
/// Bytes of an answer: the longest keys with a maker's proof have some four thousand.
const ANSWER_BYTES_MAX: usize = 16 * 1024;
/// Bytes of what a key calls itself, by the standard.
const CREDENTIAL_BYTES_MAX: usize = 1023;

/// Somebody has touched the key.
const USER_PRESENT: u8 = 0x01;
/// A new key is told.
const HAS_CREDENTIAL: u8 = 0x40;

/// What was asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The question, in base64url.
    pub challenge: &'a str,
    /// Where.
    pub site: &'a Site,
}

/// The answer of a new key, as the page sends it: all in base64url.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Created {
    /// What the browser says about the question.
    pub client_data: String,
    /// What the key says about itself.
    pub attestation: String,
}

/// The answer of a known key, as the page sends it: all in base64url.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Answer {
    /// What the key calls itself.
    pub credential: String,
    /// What the browser says about the question.
    pub client_data: String,
    /// What the key says about the act.
    pub authenticator_data: String,
    /// Its signature over both.
    pub signature: String,
}

/// A new key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// What it calls itself, in base64url.
    pub credential: String,
    /// Its public key as it gave it (COSE), in base64url.
    pub public_key: String,
    /// How often it has signed.
    pub counter: i64,
}

/// Reads the answer of a new key.
pub fn created(asked: Asked<'_>, given: &Created) -> Result<NewKey, Flaw> {
    told_by_browser(asked, "webauthn.create", &bytes(&given.client_data)?)?;
    let attestation: Value = cbor(&mut bytes(&given.attestation)?.as_slice())?;
    let entries = attestation.as_map().ok_or(Flaw::Unreadable)?;
    let data = entries.iter().find(|(key, _)| key.as_text() == Some("authData"));
    let data = data.and_then(|(_, value)| value.as_bytes()).ok_or(Flaw::Unreadable)?;
    let told = told_by_key(asked, data)?;
    if told.flags & HAS_CREDENTIAL == 0 {
        return Err(Flaw::Unreadable);
    }
    // The model of the key (16 bytes), the length of its name, the name, the public key; extensions may follow.
    let (_model, rest) = told.rest.split_at_checked(16).ok_or(Flaw::Unreadable)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(Flaw::Unreadable)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > CREDENTIAL_BYTES_MAX {
        return Err(Flaw::Unreadable);
    }
    let (credential, key) = rest.split_at_checked(length).ok_or(Flaw::Unreadable)?;
    let mut behind = key;
    public_key(&cbor(&mut behind)?)?;
    let key = key.get(..key.len() - behind.len()).ok_or(Flaw::Unreadable)?;
    Ok(NewKey { credential: to_base64url(credential), public_key: to_base64url(key), counter: told.counter })
}

/// Verifies the answer of a known key; gives its count.
pub fn answered(asked: Asked<'_>, given: &Answer, key: &str) -> Result<i64, Flaw> {
    let client_data = bytes(&given.client_data)?;
    told_by_browser(asked, "webauthn.get", &client_data)?;
    let data = bytes(&given.authenticator_data)?;
    let told = told_by_key(asked, &data)?;
    let key = public_key(&cbor(&mut bytes(key)?.as_slice())?)?;
    let signed = [data.as_slice(), &digest_of(&client_data)].concat();
    if !key.verifies(&signed, &bytes(&given.signature)?, Writing::Asn1) {
        return Err(Flaw::Signature);
    }
    Ok(told.counter)
}

fn bytes(text: &str) -> Result<Vec<u8>, Flaw> {
    // Four letters are three bytes.
    Some(text).filter(|text| text.len() <= ANSWER_BYTES_MAX / 3 * 4).and_then(from_base64url).ok_or(Flaw::Unreadable)
}

fn cbor(bytes: &mut &[u8]) -> Result<Value, Flaw> {
    ciborium::from_reader(bytes).map_err(|_| Flaw::Unreadable)
}

/// What the browser says: which question, for which purpose, on which page.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

fn told_by_browser(asked: Asked<'_>, purpose: &str, client_data: &[u8]) -> Result<(), Flaw> {
    let told: ClientData = serde_json::from_slice(client_data).map_err(|_| Flaw::Unreadable)?;
    if told.r#type != purpose {
        return Err(Flaw::Purpose);
    }
    if told.challenge != asked.challenge {
        return Err(Flaw::Challenge);
    }
    if told.origin != asked.site.origin || told.cross_origin {
        return Err(Flaw::Origin);
    }
    Ok(())
}

/// What the key says: for which host, touched or not, how often it has signed.
struct Told<'a> {
    flags: u8,
    counter: i64,
    rest: &'a [u8],
}

fn told_by_key<'a>(asked: Asked<'_>, data: &'a [u8]) -> Result<Told<'a>, Flaw> {
    let (host, rest) = data.split_first_chunk::<32>().ok_or(Flaw::Unreadable)?;
    let (flags, rest) = rest.split_first().ok_or(Flaw::Unreadable)?;
    let (counter, rest) = rest.split_first_chunk::<4>().ok_or(Flaw::Unreadable)?;
    if host.as_slice() != digest_of(asked.site.host.as_bytes()) {
        return Err(Flaw::Site);
    }
    // That it was a certain person is what the password says: the key stands for "has", not for "knows".
    if flags & USER_PRESENT == 0 {
        return Err(Flaw::Untouched);
    }
    Ok(Told { flags: *flags, counter: i64::from(u32::from_be_bytes(*counter)), rest })
}

/// Labels of a COSE key (RFC 9053, RFC 8230): kind, algorithm; curve and coordinates, or modulus and exponent.
const KIND: i64 = 1;
const ALGORITHM: i64 = 3;
const CURVE_OR_MODULUS: i64 = -1;
const X_OR_EXPONENT: i64 = -2;
const Y: i64 = -3;

fn public_key(cose: &Value) -> Result<PublicKey, Flaw> {
    let entries = cose.as_map().ok_or(Flaw::Unreadable)?;
    let of = |label: i64| {
        let is_label = |key: &Value| key.as_integer().is_some_and(|key| i128::from(key) == i128::from(label));
        entries.iter().find(|(key, _)| is_label(key)).map(|(_, value)| value)
    };
    let number = |label| of(label).and_then(Value::as_integer).map(i128::from);
    let text = |label| of(label).and_then(Value::as_bytes).cloned().ok_or(Flaw::Unreadable);
    let coordinate =
        |label| text(label).and_then(|text| if text.len() == 32 { Ok(text) } else { Err(Flaw::Unreadable) });
    match (number(KIND), number(ALGORITHM), number(CURVE_OR_MODULUS)) {
        (Some(2), Some(-7), Some(1)) => Ok(PublicKey::P256 { x: coordinate(X_OR_EXPONENT)?, y: coordinate(Y)? }),
        (Some(1), Some(-8), Some(6)) => Ok(PublicKey::Ed25519(coordinate(X_OR_EXPONENT)?)),
        (Some(3), Some(-257), None) => Ok(PublicKey::Rsa { n: text(CURVE_OR_MODULUS)?, e: text(X_OR_EXPONENT)? }),
        (Some(_), Some(_), _) => Err(Flaw::Algorithm),
        _ => Err(Flaw::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::super::unhex;
    use super::*;

    /// The registration and the sign-in of section 16.2 of the standard (level 3): no attestation, ES256.
    const CREATED: &str = "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130";
    const CLIENT_DATA: &str = "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d507434557878475453746e6\
        3647134313759447742466938767049612d7077386f4f755657345441222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c226372\
        6f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468\
        206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20426b5165446a646354427258426941774a\
        544c453551227d";
    const ATTESTATION: &str = "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd465\
        92a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5\
        010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68e\
        d73290af2e2664796b9220";
    const ANSWERED: &str = "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408";
    const ANSWER_CLIENT_DATA: &str = "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c54555\
        06f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c226\
        3726f73734f726967696e223a66616c73657d";
    const ANSWER_DATA: &str = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000";
    const SIGNATURE: &str = "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f575b\
        f11a1dd5d78c6e486013f937295ea13653e331e87";

    fn url(digits: &str) -> String {
        to_base64url(&unhex(digits).unwrap())
    }

    #[test]
    fn the_vector_of_the_standard_is_accepted_and_every_changed_byte_is_not() {
        let site = Site::of("https://example.org").unwrap();
        let given = Created { client_data: url(CLIENT_DATA), attestation: url(ATTESTATION) };
        let challenge = url(CREATED);
        let key = created(Asked { challenge: &challenge, site: &site }, &given).unwrap();
        assert_eq!(key.credential, url("f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4"));
        assert_eq!(key.counter, 0);
        let challenge = url(ANSWERED);
        let asked = Asked { challenge: &challenge, site: &site };
        let answer = Answer {
            credential: key.credential.clone(),
            client_data: url(ANSWER_CLIENT_DATA),
            authenticator_data: url(ANSWER_DATA),
            signature: url(SIGNATURE),
        };
        assert_eq!(answered(asked, &answer, &key.public_key), Ok(0));
        let bent = |text: &str, at: usize| {
            let mut bytes = from_base64url(text).unwrap();
            bytes[at] ^= 1;
            to_base64url(&bytes)
        };
        for at in 0..from_base64url(&answer.client_data).unwrap().len() {
            let answer = Answer { client_data: bent(&answer.client_data, at), ..answer.clone() };
            assert!(answered(asked, &answer, &key.public_key).is_err(), "client data {at}");
        }
        for at in 0..37 {
            let answer = Answer { authenticator_data: bent(&answer.authenticator_data, at), ..answer.clone() };
            assert!(answered(asked, &answer, &key.public_key).is_err(), "data {at}");
        }
        for at in 0..from_base64url(&answer.signature).unwrap().len() {
            let answer = Answer { signature: bent(&answer.signature, at), ..answer.clone() };
            assert!(answered(asked, &answer, &key.public_key).is_err(), "signature {at}");
        }
    }

    #[test]
    fn no_damaged_answer_is_an_accident() {
        let site = Site::of("https://example.org").unwrap();
        let challenge = url(CREATED);
        let asked = Asked { challenge: &challenge, site: &site };
        let whole = unhex(ATTESTATION).unwrap();
        for at in 0..whole.len() {
            let cut = Created { client_data: url(CLIENT_DATA), attestation: to_base64url(&whole[..at]) };
            assert!(created(asked, &cut).is_err(), "cut at {at}");
            for bit in 0..8 {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << bit;
                let bent = Created { client_data: url(CLIENT_DATA), attestation: to_base64url(&bytes) };
                drop(created(asked, &bent));
            }
        }
        // An array of arrays without end, a length without bytes, more than a key ever says.
        for bytes in [vec![0x81; 4096], vec![0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], vec![0; 20_000]] {
            let odd = Created { client_data: url(CLIENT_DATA), attestation: to_base64url(&bytes) };
            assert_eq!(created(asked, &odd), Err(Flaw::Unreadable));
        }
    }
}
