//! Stories of `youju backup` and `youju restore`.

use std::fs;

use crate::house::{House, Ran};

const WORDS: (&str, &str) = ("YOUJU_BACKUP_PASSPHRASE", "一个很长的备份口令 2026");

fn run(house: &House, arguments: &[&str], words: bool) -> Ran {
    let mut command = house.command(arguments);
    if words {
        command.env(WORDS.0, WORDS.1);
    }
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn account(house: &House) {
    let add = [
        "person",
        "add",
        "--data",
        "data",
        "--login",
        "xian01",
        "--name",
        "李四",
        "--role",
        "county_officer",
        "--area",
        "330781",
    ];
    let output = house.command(&add).env("YOUJU_PASSWORD", "Lanxi-Tongji-86").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn good(house: &House, arguments: &[&str], words: bool) -> String {
    let ran = run(house, arguments, words);
    assert!(ran.code == 0 && ran.err.is_empty(), "{arguments:?}: {} {}", ran.code, ran.err);
    ran.out
}

#[test]
fn a_backup_is_taken_verified_and_restored_with_the_same_journal() {
    let house = House::new();
    account(&house);
    let told = good(&house, &["backup", "--data", "data", "--digest", "sm3", "one.zip"], false);
    assert!(told.starts_with("已备份到 one.zip:") && told.contains("备份里没有密钥。"), "{told}");
    let root = told.split("根指纹 ").nth(1).unwrap()[..64].to_owned();
    let again = run(&house, &["backup", "--data", "data", "one.zip"], false);
    assert!(again.code == 2 && again.err.contains("one.zip 已经存在"), "{}", again.err);
    assert!(good(&house, &["backup", "verify", "one.zip"], false).contains(&root));
    let into_full = run(&house, &["restore", "--data", "data", "one.zip"], false);
    assert!(into_full.code == 2 && into_full.err.contains("不是空的"), "{}", into_full.err);
    // The keys go first; without them it is restored and told.
    let bare = good(&house, &["restore", "--data", "bare", "one.zip"], false);
    assert!(bare.contains(&root) && bare.contains("里没有密钥"), "{bare}");
    fs::create_dir(house.path("new")).unwrap();
    fs::copy(house.path("data/secret.key"), house.path("new/secret.key")).unwrap();
    let told = good(&house, &["restore", "--data", "new", "one.zip"], false);
    assert!(told.contains(&root) && !told.contains("里没有密钥"), "{told}");
    let journal = good(&house, &["journal", "verify", "--data", "new"], false);
    assert!(journal.contains(&root), "{journal}");
    // The installation that was backed up knows of it.
    assert!(!good(&house, &["journal", "verify", "--data", "data"], false).contains(&root));
    let mut damaged = fs::read(house.path("one.zip")).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    house.write("bad.zip", &damaged);
    let told = run(&house, &["backup", "verify", "bad.zip"], false);
    assert!(told.code == 2 && told.err.contains("备份已损坏"), "{}", told.err);
    let told = run(&house, &["restore", "--data", "never", "bad.zip"], false);
    assert!(told.code == 2 && !house.path("never").exists());
}

#[test]
fn a_locked_backup_with_its_keys_is_all_that_is_needed() {
    let house = House::new();
    account(&house);
    let lock = ["backup", "--data", "data", "--passphrase", "--with-keys", "--by", "sm4", "all.vault"];
    let refused = run(&house, &lock, false);
    assert!(refused.code == 2 && refused.err.contains("YOUJU_BACKUP_PASSPHRASE"), "{}", refused.err);
    let bare = run(&house, &["backup", "--data", "data", "--with-keys", "x.zip"], true);
    assert!(bare.code == 2 && bare.err.contains("--passphrase"), "{}", bare.err);
    good(&house, &lock, true);
    let shut = run(&house, &["backup", "verify", "all.vault"], false);
    assert!(shut.code == 2 && shut.err.contains("是用口令加密的"), "{}", shut.err);
    good(&house, &["backup", "verify", "all.vault"], true);
    let told = good(&house, &["restore", "--data", "new", "all.vault"], true);
    assert!(!told.contains("里没有密钥"), "{told}");
    assert_eq!(fs::read(house.path("new/secret.key")).unwrap(), fs::read(house.path("data/secret.key")).unwrap());
    let keyed = good(&house, &["backup", "--data", "data", "--with-key-file", "keyed.vault"], false);
    assert!(keyed.contains("已备份"));
    good(&house, &["backup", "verify", "--key-file", "data/secret.key", "keyed.vault"], false);
}
