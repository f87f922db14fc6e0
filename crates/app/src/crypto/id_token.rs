//! The word of an identity platform (an ID token: OpenID Connect Core, RFC 7515, 7517): read, and its signature verified by the keys that
//! the platform publishes. RS256 and ES256 alone: an unsigned token, or one "signed" by a shared secret, is no word of anybody. The
//! decision over what it says stands in `domain::identity`.

use serde::Deserialize;
use serde_json::{Map, Value};
use youju_domain::identity::{Claims, Doubt};

use super::from_base64url;
use super::signature::{PublicKey, Writing};

/// Bytes of a token: some platforms write many words about a person into it.
const TOKEN_BYTES_MAX: usize = 32 * 1024;
/// Keys that a platform publishes at a time: two or three while they change.
const KEYS_MAX: usize = 50;

/// A key that a platform publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformKey {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The key.
    pub key: PublicKey,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    r#use: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The keys of a document (JWKS) that sign as we verify; others are passed over.
pub fn keys(document: &[u8]) -> Option<Vec<PlatformKey>> {
    let set: KeySet = serde_json::from_slice(document).ok()?;
    let read = set.keys.into_iter().take(KEYS_MAX).filter_map(|key| serde_json::from_value(key).ok().and_then(one));
    Some(read.collect())
}

fn one(jwk: Jwk) -> Option<PlatformKey> {
    if jwk.r#use.as_deref().is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let bytes = |text: Option<String>| from_base64url(text?.trim_end_matches('='));
    let key = match (jwk.kty.as_str(), jwk.alg.as_deref(), jwk.crv.as_deref()) {
        ("RSA", None | Some("RS256"), _) => PublicKey::Rsa { n: bytes(jwk.n)?, e: bytes(jwk.e)? },
        ("EC", None | Some("ES256"), Some("P-256")) => {
            let long = |bytes: &Vec<u8>| bytes.len() == 32;
            PublicKey::P256 { x: bytes(jwk.x).filter(long)?, y: bytes(jwk.y).filter(long)? }
        }
        _ => return None,
    };
    Some(PlatformKey { name: jwk.kid, key })
}

#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood: we know none.
    crit: Option<Value>,
}

/// Verifies the signature of a token and reads it. `claim` names where it says who somebody is.
pub fn read(token: &str, keys: &[PlatformKey], claim: &str) -> Result<Claims, Doubt> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(Doubt::Unreadable);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(Doubt::Unreadable)?;
    let (head, body) = signed.split_once('.').ok_or(Doubt::Unreadable)?;
    let head: Head = json(head)?;
    let fits: fn(&PublicKey) -> bool = match head.alg.as_str() {
        "RS256" => |key| matches!(key, PublicKey::Rsa { .. }),
        "ES256" => |key| matches!(key, PublicKey::P256 { .. }),
        _ => return Err(Doubt::Algorithm),
    };
    if head.crit.is_some() {
        return Err(Doubt::Algorithm);
    }
    // Whoever names no key means the only one of its kind.
    let named = |key: &&PlatformKey| head.kid.is_none() || key.name == head.kid;
    let mut found = keys.iter().filter(|key| fits(&key.key)).filter(named);
    let (Some(key), None) = (found.next(), found.next()) else { return Err(Doubt::Key) };
    let signature = from_base64url(signature).ok_or(Doubt::Unreadable)?;
    if !key.key.verifies(signed.as_bytes(), &signature, Writing::Fixed) {
        return Err(Doubt::Signature);
    }
    claims(&json(body)?, claim).ok_or(Doubt::Unreadable)
}

fn json<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, Doubt> {
    from_base64url(part).and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or(Doubt::Unreadable)
}

fn claims(said: &Map<String, Value>, claim: &str) -> Option<Claims> {
    let text = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
    // Some platforms count seconds with a fraction.
    let seconds = |name: &str| said.get(name).and_then(Value::as_number)?.to_string().split('.').next()?.parse().ok();
    let texts = |name: &str| match said.get(name) {
        Some(Value::String(one)) => Some(vec![one.clone()]),
        Some(Value::Array(list)) => list.iter().map(|one| one.as_str().map(str::to_owned)).collect(),
        None => Some(Vec::new()),
        Some(_) => None,
    };
    Some(Claims {
        issuer: text("iss")?,
        audiences: texts("aud")?,
        party: text("azp"),
        nonce: text("nonce").unwrap_or_default(),
        expires: seconds("exp")?,
        issued: seconds("iat")?,
        from: if said.contains_key("nbf") { Some(seconds("nbf")?) } else { None },
        subject: text(claim).unwrap_or_default(),
        means: [texts("acr")?, texts("amr")?].concat(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.3. It says nobody and not when: its signature is what counts here.
    const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;
    const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
        DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    #[test]
    fn the_signature_of_the_standard_is_its_keys_and_every_changed_letter_is_not() {
        let keys = keys(KEYS.as_bytes()).unwrap();
        // Signed well, and read as far as it goes: it does not say when it was said.
        assert_eq!(read(TOKEN, &keys, "iss"), Err(Doubt::Unreadable));
        for at in 0..TOKEN.len() {
            let mut bytes = TOKEN.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let bent = String::from_utf8(bytes).unwrap();
            let refused = read(&bent, &keys, "iss").unwrap_err();
            let is_body = (TOKEN.find('.').unwrap() + 1..TOKEN.rfind('.').unwrap()).contains(&at);
            assert!(!is_body || refused == Doubt::Signature, "{at} {refused:?}");
        }
        assert_eq!(read(TOKEN, &[], "iss"), Err(Doubt::Key));
        // Of two keys without names nobody knows which is meant.
        assert_eq!(read(TOKEN, &[keys[0].clone(), keys[0].clone()], "iss"), Err(Doubt::Key));
    }

    #[test]
    fn no_damaged_token_or_set_of_keys_is_an_accident() {
        for token in ["", ".", "..", "a.b.c", "e30.e30.", &format!("{}.e30.", "A".repeat(TOKEN_BYTES_MAX))] {
            assert_eq!(read(token, &[], "sub"), Err(Doubt::Unreadable), "{token}");
        }
        for head in [r#"{"alg":"none"}"#, r#"{"alg":"HS256"}"#, r#"{"alg":"ES256","crit":["b64"]}"#, r#"{"alg":"SM2"}"#]
        {
            let token = format!("{}.e30.AAAA", super::super::to_base64url(head.as_bytes()));
            assert_eq!(read(&token, &[], "sub"), Err(Doubt::Algorithm), "{head}");
        }
        assert_eq!(keys(b"[]"), None);
        let odd = br#"{"keys":[1,{},{"kty":"EC","crv":"P-256","x":"AA","y":"AA"},{"kty":"RSA","n":"?","e":"AQAB"},{"kty":"oct","k":"AA"}]}"#;
        assert_eq!(keys(odd), Some(Vec::new()));
    }
}
