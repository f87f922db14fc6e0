//! An identity platform in memory, as honest or dishonest as a story wants it: it publishes keys, hands out codes and signs tokens.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use serde_json::{Value, json};
use youju_app::App;
use youju_app::crypto::{digest_of, to_base64url};
use youju_app::identity::{Answering, Platform, Reach, Sent, Settings};

use crate::security_key::rsa_pair;

/// Where it says that it is.
pub const ISSUER: &str = "https://sso.example.gov.cn";
/// Who the installation is there.
pub const CLIENT: &str = "youju-lanxi";
/// Where the installation is.
pub const ADDRESS: &str = "https://tj.example.gov.cn";

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// By the key of RSA that is published.
    Rsa,
    /// By the key of P-256 that is published.
    P256,
    /// By a key of P-256 that nobody publishes, under the name of the published one.
    Foreign,
    /// Not at all.
    None,
    /// By a shared secret that everybody knows: the published key.
    PublicAsSecret,
}

/// Changes what a token says.
pub type Bend = fn(&mut Value);

struct Inside {
    issuer: String,
    is_down: bool,
    signing: Signing,
    bend: Option<Bend>,
    /// What a code stands for: subject, means, nonce and the challenge of the verifier.
    codes: BTreeMap<String, (String, Vec<String>, String, String)>,
    key: EcdsaKeyPair,
    key_name: String,
    fetched_keys: usize,
    now: i64,
}

/// A platform in memory.
#[derive(Clone)]
pub struct SoftPlatform(Arc<Mutex<Inside>>);

fn new_key() -> EcdsaKeyPair {
    let (how, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let made = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(how, made.as_ref(), &random).unwrap()
}

impl SoftPlatform {
    /// The same app with this platform.
    pub fn open(app: &App) -> (App, SoftPlatform) {
        let inside = Inside {
            issuer: ISSUER.into(),
            is_down: false,
            signing: Signing::P256,
            bend: None,
            codes: BTreeMap::new(),
            key: new_key(),
            key_name: "2026-1".into(),
            fetched_keys: 0,
            now: 0,
        };
        let platform = SoftPlatform(Arc::new(Mutex::new(inside)));
        let settings = Settings {
            label: "浙里办统一身份认证".into(),
            issuer: ISSUER.into(),
            client: CLIENT.into(),
            claim: "sub".into(),
            scopes: vec!["openid".into()],
            second_factor: vec!["mfa".into()],
        };
        let app = app.clone().with_address(ADDRESS).with_identity(Platform::new(settings, Box::new(platform.clone())));
        (app, platform)
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap()
    }

    /// Names itself otherwise from now on.
    pub fn name(&self, issuer: &str) {
        self.inside().issuer = issuer.into();
    }

    /// Answers no more, or again.
    pub fn is_down(&self, is_down: bool) {
        self.inside().is_down = is_down;
    }

    /// Signs so from now on.
    pub fn signs(&self, signing: Signing) {
        self.inside().signing = signing;
    }

    /// Says something else in its tokens from now on.
    pub fn bends(&self, bend: Option<Bend>) {
        self.inside().bend = bend;
    }

    /// Signs with a fresh key from now on; gives its name.
    pub fn changes_key(&self, name: &str) {
        let mut inside = self.inside();
        (inside.key, inside.key_name) = (new_key(), name.into());
    }

    /// How often its keys were asked for.
    pub fn fetched_keys(&self) -> usize {
        self.inside().fetched_keys
    }

    /// Somebody signs in there after being sent; gives the state and the code that they come back with.
    pub fn visit(&self, app: &App, sent: &Sent, subject: &str, means: &[&str]) -> (String, String) {
        let query: BTreeMap<&str, &str> = sent.query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.visited(app, &query, subject, means)
    }

    /// The same with the query of an address.
    pub fn visited(&self, app: &App, query: &BTreeMap<&str, &str>, subject: &str, means: &[&str]) -> (String, String) {
        assert_eq!((query["response_type"], query["client_id"]), ("code", CLIENT));
        assert_eq!(query["redirect_uri"], format!("{ADDRESS}/sign-in/platform/back"));
        assert_eq!(query["code_challenge_method"], "S256");
        assert!(query["scope"].split(' ').any(|scope| scope == "openid"));
        let mut inside = self.inside();
        inside.now = app.world().now().timestamp();
        let code = format!("code-{}", inside.codes.len());
        let means = means.iter().map(|one| (*one).to_owned()).collect();
        let of_code = (subject.to_owned(), means, query["nonce"].to_owned(), query["code_challenge"].to_owned());
        inside.codes.insert(code.clone(), of_code);
        (query["state"].to_owned(), code)
    }

    fn document(&self, url: &str) -> Result<Vec<u8>, String> {
        let mut inside = self.inside();
        if inside.is_down {
            return Err("连不上。".into());
        }
        let answer = match url.strip_prefix(ISSUER) {
            Some("/.well-known/openid-configuration") => json!({
                "issuer": inside.issuer,
                "authorization_endpoint": format!("{ISSUER}/authorize?realm=gov"),
                "token_endpoint": format!("{ISSUER}/token"),
                "jwks_uri": format!("{ISSUER}/keys"),
            }),
            Some("/keys") => {
                inside.fetched_keys += 1;
                keys(&inside)
            }
            _ => return Err(format!("没有 {url}")),
        };
        Ok(answer.to_string().into_bytes())
    }

    fn token(&self, url: &str, form: &[(&str, String)]) -> Result<Vec<u8>, String> {
        let mut inside = self.inside();
        if inside.is_down || url != format!("{ISSUER}/token") {
            return Err("连不上。".into());
        }
        let field = |name: &str| form.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        assert_eq!(field("grant_type"), Some("authorization_code"));
        // A code counts once, and only for whoever has begun it.
        let Some((subject, means, nonce, challenge)) = inside.codes.remove(field("code").unwrap()) else {
            return Err("答复状态 400。".into());
        };
        if to_base64url(&digest_of(field("code_verifier").unwrap().as_bytes())) != challenge {
            return Err("答复状态 400。".into());
        }
        let now = inside.now;
        let mut said = json!({ "iss": inside.issuer, "aud": CLIENT, "sub": subject, "nonce": nonce, "iat": now, "exp": now + 300, "amr": means });
        if let Some(bend) = inside.bend {
            bend(&mut said);
        }
        Ok(json!({ "access_token": "x", "token_type": "Bearer", "id_token": signed(&inside, &said) })
            .to_string()
            .into())
    }
}

fn keys(inside: &Inside) -> Value {
    let point = inside.key.public_key().as_ref();
    let rsa = RsaPublicKeyComponents::<Vec<u8>>::from(rsa_pair().public());
    json!({ "keys": [
        { "kty": "EC", "crv": "P-256", "use": "sig", "kid": inside.key_name, "x": to_base64url(&point[1..33]), "y": to_base64url(&point[33..]) },
        { "kty": "RSA", "alg": "RS256", "kid": "rsa", "n": to_base64url(&rsa.n), "e": to_base64url(&rsa.e) },
        { "kty": "RSA", "use": "enc", "kid": "for-letters", "n": to_base64url(&rsa.n), "e": to_base64url(&rsa.e) },
        { "kty": "EC", "crv": "SM2", "kid": "sm2", "x": "AA", "y": "AA" },
    ] })
}

fn signed(inside: &Inside, said: &Value) -> String {
    let (algorithm, name) = match inside.signing {
        Signing::Rsa => ("RS256", "rsa"),
        Signing::P256 | Signing::Foreign => ("ES256", inside.key_name.as_str()),
        Signing::None => ("none", inside.key_name.as_str()),
        Signing::PublicAsSecret => ("HS256", "rsa"),
    };
    let head = json!({ "alg": algorithm, "kid": name, "typ": "JWT" });
    let text = format!("{}.{}", to_base64url(head.to_string().as_bytes()), to_base64url(said.to_string().as_bytes()));
    let random = SystemRandom::new();
    let by = |key: &EcdsaKeyPair| key.sign(&random, text.as_bytes()).unwrap().as_ref().to_vec();
    let signature = match inside.signing {
        Signing::P256 => by(&inside.key),
        Signing::Foreign => by(&new_key()),
        Signing::None => Vec::new(),
        Signing::Rsa => {
            let pair: RsaKeyPair = rsa_pair();
            let mut signature = vec![0; pair.public().modulus_len()];
            pair.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).unwrap();
            signature
        }
        Signing::PublicAsSecret => {
            let public = RsaPublicKeyComponents::<Vec<u8>>::from(rsa_pair().public());
            let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &public.n);
            ring::hmac::sign(&secret, text.as_bytes()).as_ref().to_vec()
        }
    };
    format!("{text}.{}", to_base64url(&signature))
}

impl Reach for SoftPlatform {
    fn get<'a>(&'a self, url: &'a str) -> Answering<'a> {
        Box::pin(async move { self.document(url) })
    }

    fn redeem<'a>(&'a self, url: &'a str, form: Vec<(&'static str, String)>) -> Answering<'a> {
        Box::pin(async move { self.token(url, &form) })
    }
}
