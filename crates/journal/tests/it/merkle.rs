//! The tree against the published vectors of Certificate Transparency, and against RFC 9162's own recursive definition.

use proptest::prelude::*;
use youju_journal::{Frontier, Hash, Tree, leaf_hash, node_hash, verify_consistency, verify_inclusion};

/// The eight leaves that every implementation of Certificate Transparency tests with (RFC 6962 reference code).
fn ct_leaves() -> Vec<Vec<u8>> {
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
        .iter()
        .map(|hex| (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect())
        .collect()
}

/// Roots of the first 1, 2 … 8 of these leaves.
const CT_ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hashes(list: &[&str]) -> Vec<Hash> {
    list.iter().map(|text| Hash::parse(text).unwrap()).collect()
}

fn ct_tree() -> Tree {
    let mut tree = Tree::default();
    for leaf in ct_leaves() {
        tree.append(&leaf);
    }
    tree
}

#[test]
fn the_empty_log_has_the_hash_of_nothing() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Tree::default().root().to_string(), empty);
    assert_eq!(Frontier::default().root().to_string(), empty);
}

#[test]
fn roots_agree_with_the_published_ones_while_the_log_grows() {
    let (tree, mut frontier) = (ct_tree(), Frontier::default());
    for (i, leaf) in ct_leaves().iter().enumerate() {
        frontier.append(leaf_hash(leaf));
        assert_eq!(frontier.root().to_string(), CT_ROOTS[i]);
        assert_eq!(tree.root_at(i as u64 + 1).unwrap().to_string(), CT_ROOTS[i]);
    }
    assert_eq!(tree.root_at(9), None);
}

#[test]
fn inclusion_paths_agree_with_the_published_ones() {
    let l = |i: usize| leaf_hash(&ct_leaves()[i]);
    let h01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
    let h03 = CT_ROOTS[3];
    let tree = ct_tree();
    assert_eq!(tree.inclusion(0, 1), Some(vec![]));
    assert_eq!(
        tree.inclusion(0, 8).unwrap(),
        hashes(&[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ])
    );
    assert_eq!(
        tree.inclusion(5, 8).unwrap(),
        hashes(&[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            h03,
        ])
    );
    assert_eq!(tree.inclusion(2, 3).unwrap(), hashes(&[h01]));
    assert_eq!(tree.inclusion(1, 5).unwrap(), vec![l(0), node_hash(&l(2), &l(3)), l(4)]);
    assert_eq!(tree.inclusion(8, 8), None);
    assert_eq!(tree.inclusion(0, 9), None);
}

#[test]
fn consistency_paths_agree_with_the_published_ones() {
    let tree = ct_tree();
    assert_eq!(tree.consistency(1, 1), Some(vec![]));
    assert_eq!(tree.consistency(0, 5), Some(vec![]));
    assert_eq!(
        tree.consistency(1, 8).unwrap(),
        hashes(&[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ])
    );
    assert_eq!(
        tree.consistency(6, 8).unwrap(),
        hashes(&[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            CT_ROOTS[3],
        ])
    );
    assert_eq!(
        tree.consistency(2, 5).unwrap(),
        hashes(&[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ])
    );
    assert_eq!(tree.consistency(6, 5), None);
    assert_eq!(tree.consistency(6, 9), None);
}

/// MTH, PATH and PROOF exactly as RFC 9162 §2.1 writes them down.
mod naive {
    use super::{Hash, node_hash};

    fn split(n: usize) -> usize {
        let mut k = 1;
        while k * 2 < n {
            k *= 2;
        }
        k
    }

    pub fn root(d: &[Hash]) -> Hash {
        match d {
            [] => Hash::empty(),
            [one] => *one,
            _ => node_hash(&root(&d[..split(d.len())]), &root(&d[split(d.len())..])),
        }
    }

    pub fn path(m: usize, d: &[Hash]) -> Vec<Hash> {
        if d.len() <= 1 {
            return vec![];
        }
        let k = split(d.len());
        let (mut list, other) = if m < k { (path(m, &d[..k]), &d[k..]) } else { (path(m - k, &d[k..]), &d[..k]) };
        list.push(root(other));
        list
    }

    pub fn proof(m: usize, d: &[Hash], whole: bool) -> Vec<Hash> {
        if m == d.len() {
            return if whole { vec![] } else { vec![root(d)] };
        }
        let k = split(d.len());
        let (mut list, other) =
            if m <= k { (proof(m, &d[..k], whole), &d[k..]) } else { (proof(m - k, &d[k..], false), &d[..k]) };
        list.push(root(other));
        list
    }
}

fn leaves(n: usize) -> Vec<Hash> {
    (0..n).map(|i| leaf_hash(format!("第{i}条").as_bytes())).collect()
}

#[test]
fn every_proof_in_every_log_of_up_to_33_entries_is_the_rfcs_and_verifies() {
    let all = leaves(33);
    let tree = Tree::from_leaves(all.iter().copied());
    for n in 0..=33 {
        let root = tree.root_at(n as u64).unwrap();
        assert_eq!(root, naive::root(&all[..n]), "root of {n}");
        for m in 0..n {
            let path = tree.inclusion(m as u64, n as u64).unwrap();
            assert_eq!(path, naive::path(m, &all[..n]), "path of {m} in {n}");
            assert!(verify_inclusion(&all[m], m as u64, n as u64, &path, &root), "inclusion of {m} in {n}");
        }
        for m in 1..=n {
            let proof = tree.consistency(m as u64, n as u64).unwrap();
            assert_eq!(proof, naive::proof(m, &all[..n], true), "proof from {m} to {n}");
            let old_root = tree.root_at(m as u64).unwrap();
            assert!(verify_consistency(m as u64, n as u64, &proof, &old_root, &root), "consistency from {m} to {n}");
        }
    }
}

proptest! {
    #[test]
    fn a_frontier_always_has_the_root_of_the_naive_tree(n in 0usize..700) {
        let all = leaves(n);
        let mut frontier = Frontier::default();
        for leaf in &all {
            frontier.append(*leaf);
        }
        prop_assert_eq!(frontier.root(), naive::root(&all));
        prop_assert_eq!(Frontier::from_bytes(n as u64, &frontier.to_bytes()), Ok(frontier));
    }

    #[test]
    fn an_inclusion_proof_holds_for_nothing_else(n in 2u64..200, at in any::<prop::sample::Index>(), bit in any::<prop::sample::Index>()) {
        let all = leaves(usize::try_from(n).unwrap());
        let tree = Tree::from_leaves(all.iter().copied());
        let (m, root) = (at.index(all.len()), tree.root());
        let path = tree.inclusion(m as u64, n).unwrap();
        prop_assert!(verify_inclusion(&all[m], m as u64, n, &path, &root));
        let other = (m + 1) % all.len();
        prop_assert!(!verify_inclusion(&all[other], m as u64, n, &path, &root));
        prop_assert!(!verify_inclusion(&all[m], other as u64, n, &path, &root));
        prop_assert!(!verify_inclusion(&all[m], m as u64, n, &path[1..], &root));
        prop_assert!(!verify_inclusion(&all[m], m as u64, n, &[path.clone(), vec![root]].concat(), &root));
        prop_assert!(!verify_inclusion(&all[m], m as u64, n, &flip(&path, bit), &root));
        prop_assert!(!verify_inclusion(&all[m], n, n, &path, &root));
    }

    #[test]
    fn a_consistency_proof_fails_when_history_was_rewritten(n in 2u64..200, at in any::<prop::sample::Index>(), victim in any::<prop::sample::Index>()) {
        let all = leaves(usize::try_from(n).unwrap());
        let tree = Tree::from_leaves(all.iter().copied());
        let old = at.index(all.len() - 1) as u64 + 1;
        let (old_root, root) = (tree.root_at(old).unwrap(), tree.root());
        let proof = tree.consistency(old, n).unwrap();
        prop_assert!(verify_consistency(old, n, &proof, &old_root, &root));
        prop_assert!(!verify_consistency(old, n, &flip(&proof, victim), &old_root, &root));
        prop_assert!(!verify_consistency(old, n, &proof[1..], &old_root, &root));
        let mut rewritten = all.clone();
        rewritten[victim.index(usize::try_from(old).unwrap())] = leaf_hash("改写".as_bytes());
        let forged = Tree::from_leaves(rewritten);
        prop_assert!(!verify_consistency(old, n, &forged.consistency(old, n).unwrap(), &old_root, &forged.root()));
    }
}

/// The same list with one bit of one hash turned over.
fn flip(list: &[Hash], at: prop::sample::Index) -> Vec<Hash> {
    let mut list = list.to_vec();
    let i = at.index(list.len());
    let mut bytes = list[i].as_bytes().to_vec();
    bytes[at.index(32)] ^= 1;
    list[i] = Hash::from_bytes(&bytes).unwrap();
    list
}

#[test]
fn consistency_with_wrong_sizes_is_refused() {
    let tree = ct_tree();
    let (root3, root8) = (tree.root_at(3).unwrap(), tree.root());
    let proof = tree.consistency(3, 8).unwrap();
    assert!(verify_consistency(3, 8, &proof, &root3, &root8));
    assert!(!verify_consistency(8, 3, &proof, &root8, &root3));
    assert!(!verify_consistency(3, 8, &[], &root3, &root8));
    assert!(!verify_consistency(8, 8, &proof, &root8, &root8));
    assert!(verify_consistency(8, 8, &[], &root8, &root8));
    assert!(!verify_consistency(8, 8, &[], &root3, &root8));
    assert!(verify_consistency(0, 8, &[], &Hash::empty(), &root8));
    assert!(!verify_consistency(0, 8, &[], &root3, &root8));
}

#[test]
fn a_frontier_of_the_wrong_length_is_refused() {
    let mut frontier = Frontier::default();
    for leaf in leaves(7) {
        frontier.append(leaf);
    }
    let bytes = frontier.to_bytes();
    assert_eq!(bytes.len(), 3 * 32);
    for (size, bytes) in [(8, &bytes[..]), (7, &bytes[..64]), (7, &bytes[1..]), (0, &bytes[..])] {
        let error = Frontier::from_bytes(size, bytes).unwrap_err();
        assert_eq!((error.size, error.expected), (size, size.count_ones()));
    }
}
