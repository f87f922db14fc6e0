//! Keys against the published vectors of their algorithms, and the one text of each.

use proptest::prelude::*;
use sm3::{Digest, Sm3};
use youju_journal::{Algorithm, BadKey, SigningKey, VerifyingKey};

use crate::kit::{ORIGIN, key};

fn bytes(hex: &str) -> Vec<u8> {
    let hex: String = hex.split_whitespace().collect();
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// RFC 8032 §7.1, tests 1 to 3: secret, public, message, signature.
const RFC_8032: [[&str; 4]; 3] = [
    [
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
];

#[test]
fn ed25519_agrees_with_the_vectors_of_rfc_8032() {
    for [secret, public, message, signature] in RFC_8032.map(|row| row.map(bytes)) {
        let key = SigningKey::new(ORIGIN, Algorithm::Ed25519, secret.as_slice().try_into().unwrap()).unwrap();
        assert_eq!(*key.verifying_key(), VerifyingKey::new(ORIGIN, Algorithm::Ed25519, &public).unwrap());
        assert_eq!(hex(&key.sign(&message).unwrap()), hex(&signature));
        assert!(key.verifying_key().verify(&message, &signature));
    }
}

/// GB/T 32918.5—2017, Annex A (the same as GM/T 0003.5): user id 1234567812345678, message "message digest".
#[test]
fn sm2_agrees_with_the_vector_of_the_national_standard() {
    let secret = bytes("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
    let public = bytes(
        "04 09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020
            CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13",
    );
    let signature = bytes(
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
         B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
    );
    let key = SigningKey::new(ORIGIN, Algorithm::Sm2, secret.as_slice().try_into().unwrap()).unwrap();
    assert_eq!(*key.verifying_key(), VerifyingKey::new(ORIGIN, Algorithm::Sm2, &public).unwrap());
    assert!(key.verifying_key().verify(b"message digest", &signature));
    assert!(!key.verifying_key().verify(b"message digesT", &signature));
    for at in 0..signature.len() {
        let mut other = signature.clone();
        other[at] ^= 1;
        assert!(!key.verifying_key().verify(b"message digest", &other));
    }
    // Ours takes its random number from RFC 6979, so it differs from the standard's example, and is checked by the same equation.
    let own = key.sign(b"message digest").unwrap();
    assert!(own.as_slice() != signature && key.verifying_key().verify(b"message digest", &own));
}

/// GB/T 32905—2016, Annex A.
#[test]
fn sm3_agrees_with_the_vectors_of_the_national_standard() {
    let of = |text: &str| hex(&Sm3::digest(text));
    assert_eq!(of("abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    assert_eq!(of(&"abcd".repeat(16)), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

#[test]
fn the_one_line_texts_are_those_of_signed_note() {
    // golang.org/x/mod/sumdb/note, note_test.go.
    let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let key = SigningKey::parse(secret).unwrap();
    assert_eq!(key.to_secret_text(), secret);
    assert_eq!(key.verifying_key().to_string(), public);
    assert_eq!(VerifyingKey::parse(public).unwrap(), *key.verifying_key());
    assert!(!format!("{key:?}").contains("AYEK"), "the secret is not printed by accident");
}

#[test]
fn a_key_of_sm2_says_so_in_its_text() {
    let key = key(ORIGIN, Algorithm::Sm2, 7);
    let text = key.verifying_key().to_string();
    let read = VerifyingKey::parse(&text).unwrap();
    assert_eq!((read.algorithm(), read.name(), read.id()), (Algorithm::Sm2, ORIGIN, key.verifying_key().id()));
    assert_eq!(SigningKey::parse(&key.to_secret_text()).unwrap().verifying_key(), &read);
    assert_eq!(key.sign("统计".as_bytes()).unwrap(), key.sign("统计".as_bytes()).unwrap());
    // The same secret under the other algorithm or name is another key.
    let other = crate::kit::key(ORIGIN, Algorithm::Ed25519, 7);
    assert_ne!(other.verifying_key(), &read);
    assert_ne!(other.verifying_key().fingerprint(), read.fingerprint());
    assert!(!read.verify("统计".as_bytes(), &other.sign("统计".as_bytes()).unwrap()));
}

#[test]
fn a_secret_out_of_range_is_refused_and_the_caller_draws_again() {
    let order = bytes("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123");
    let mut last = order.clone();
    last[31] -= 2;
    assert!(SigningKey::new(ORIGIN, Algorithm::Sm2, last.as_slice().try_into().unwrap()).is_ok());
    last[31] += 1;
    for secret in [vec![0; 32], vec![255; 32], order, last] {
        let made = SigningKey::new(ORIGIN, Algorithm::Sm2, secret.as_slice().try_into().unwrap());
        assert_eq!(made.unwrap_err(), BadKey::Secret);
    }
}

#[test]
fn what_is_not_exactly_a_key_is_refused() {
    let good = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    for (text, bad) in [
        ("", BadKey::Form),
        ("PeterNeumann+c74f20a3", BadKey::Form),
        (&good[..good.len() - 1], BadKey::Form),
        (&format!("{good}\n"), BadKey::Form),
        (&format!(" {good}"), BadKey::Name),
        (&good.replace("PeterNeumann", ""), BadKey::Name),
        (&good.replace("PeterNeumann", "Peter Neumann"), BadKey::Name),
        (&good.replace("PeterNeumann", "Peterneumann"), BadKey::Id),
        (&good.replace("c74f20a3", "C74F20A3"), BadKey::Id),
        (&good.replace("c74f20a3", "074f20a3"), BadKey::Id),
        (&good.replace("ARpc", "AhpC"), BadKey::Public),
        (&good.replace("10TW", "10TX"), BadKey::Id),
    ] {
        let found = VerifyingKey::parse(text).unwrap_err();
        assert!(found == bad || found == BadKey::Public, "{text}: {found:?}");
    }
    // The neutral point and other weak ones, under which anything is signed; and a point that is not on the curve.
    for weak in [[0; 32], std::array::from_fn(|at| u8::from(at == 0)), [255; 32]] {
        assert_eq!(VerifyingKey::new(ORIGIN, Algorithm::Ed25519, &weak).unwrap_err(), BadKey::Public);
    }
    assert_eq!(VerifyingKey::new(ORIGIN, Algorithm::Sm2, &[4; 65]).unwrap_err(), BadKey::Public);
}

#[test]
fn the_short_form_of_an_sm2_point_is_refused_so_that_a_key_has_one_text() {
    let public = bytes("02 09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020");
    assert_eq!(VerifyingKey::new(ORIGIN, Algorithm::Sm2, &public).unwrap_err(), BadKey::Public);
    let public = bytes("03 09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020");
    assert_eq!(VerifyingKey::new(ORIGIN, Algorithm::Sm2, &public).unwrap_err(), BadKey::Public);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_key_reads_back_and_checks_its_own_signatures_only(
        name in "[a-z0-9./区县-]{1,20}", secret in any::<[u8; 32]>(), is_sm2: bool, message in ".{0,40}", at in any::<prop::sample::Index>(),
    ) {
        let algorithm = if is_sm2 { Algorithm::Sm2 } else { Algorithm::Ed25519 };
        let key = SigningKey::new(&name, algorithm, &secret).unwrap();
        let public = VerifyingKey::parse(&key.verifying_key().to_string()).unwrap();
        prop_assert_eq!(&public, key.verifying_key());
        prop_assert_eq!(SigningKey::parse(&key.to_secret_text()).unwrap().to_secret_text(), key.to_secret_text());
        let mut signature = key.sign(message.as_bytes()).unwrap();
        prop_assert!(public.verify(message.as_bytes(), &signature));
        prop_assert!(!public.verify((message.clone() + "。").as_bytes(), &signature));
        prop_assert!(!public.verify(message.as_bytes(), &signature[1..]));
        signature[at.index(64)] ^= 1;
        prop_assert!(!public.verify(message.as_bytes(), &signature));
    }
}
