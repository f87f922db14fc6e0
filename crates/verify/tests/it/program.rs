//! The program as people run it: a file, a key, a result, an exit code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use youju_journal::{
    Algorithm, Bundle, Checkpoint, Document, EntryBuf, ExportWriter, Head, Parts, SignedCheckpoint, SigningKey, Tree,
    sha256,
};

const ORIGIN: &str = "tjj.example.gov.cn/youju";
const CELLS: &[u8] = br#"{"B1.1":"1250.00"}"#;

fn key(algorithm: Algorithm, secret: u8) -> SigningKey {
    SigningKey::new(ORIGIN, algorithm, &[secret; 32]).unwrap()
}

fn public(key: &SigningKey) -> String {
    key.verifying_key().to_string()
}

fn entries(actor: &str) -> Vec<EntryBuf> {
    let entry = |seq: u64| EntryBuf {
        seq,
        at: format!("2026-03-05T1{seq}:30:00.000000Z"),
        actor_id: "0195b2c1".into(),
        actor_name: actor.into(),
        action: "report.submit".into(),
        object_kind: "report".into(),
        object_id: format!("206-1/2026-0{seq}"),
        payload: format!(r#"{{"cells_hash":"{}"}}"#, sha256(CELLS)),
    };
    (1..=5).map(entry).collect()
}

fn signed(tree: &Tree, size: u64, key: &SigningKey) -> SignedCheckpoint {
    let head = Head { size, root: tree.root_at(size).unwrap() };
    let checkpoint = Checkpoint::new(ORIGIN, head, &format!("2026-03-0{}T16:00:00.000000Z", size + 1)).unwrap();
    SignedCheckpoint::sign(checkpoint, &[key]).unwrap()
}

fn tree(entries: &[EntryBuf]) -> Tree {
    Tree::from_leaves(entries.iter().map(|entry| entry.entry().leaf_hash()))
}

fn bundle(key: &SigningKey, actor: &str, name: &str) -> String {
    let (all, keys) = (entries(actor), vec![key.verifying_key().clone()]);
    let tree = tree(&all);
    let document = Document {
        name: name.into(),
        media_type: "application/json".into(),
        bytes: CELLS.to_vec(),
        entry: 3,
        key: "cells_hash".into(),
    };
    let (checkpoint, older) = (signed(&tree, 5, key), Some(signed(&tree, 2, key)));
    let parts = Parts { checkpoint, keys, older, entries: vec![all[2].clone()], documents: vec![document] };
    Bundle::build(parts, &tree).unwrap().to_text()
}

fn export(key: &SigningKey) -> Vec<u8> {
    let (all, mut out) = (entries("王敏"), Vec::new());
    let mut writer = ExportWriter::start(&mut out).unwrap();
    for entry in &all {
        writer.entry(&entry.entry()).unwrap();
    }
    writer.finish(&signed(&tree(&all), 5, key), &[key.verifying_key().clone()]).unwrap();
    out
}

/// A folder with one file.
struct Desk(TempDir);

impl Desk {
    fn with(bytes: &[u8]) -> Desk {
        let desk = Desk(TempDir::new().unwrap());
        fs::write(desk.file(), bytes).unwrap();
        desk
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("文件.json")
    }

    fn note(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_youju-verify")).args(arguments).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_bundle_is_proved_with_the_key_on_the_command_line_or_in_a_file() {
    for algorithm in [Algorithm::Ed25519, Algorithm::Sm2] {
        let key = key(algorithm, 7);
        let desk = Desk::with(bundle(&key, "王敏", "填报数据.json").as_bytes());
        let list = desk.note("公钥.txt", &format!("# 统计局公钥,2026 年公报第 3 期\n\n{}\r\n", public(&key)));
        for given in [public(&key), path(&list).to_owned()] {
            let (code, out, err) = run(&[path(&desk.file()), "--key", &given]);
            assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
            let lines: Vec<&str> = out.lines().collect();
            assert_eq!(lines[0], "已证明:证明包由可信公钥签发,内容没有改动。");
            assert_eq!(lines[1], "日志:tjj.example.gov.cn/youju");
            assert!(lines[2].starts_with("检查点:2026-03-07 00:00:00(北京时间) 签发,共 5 条,根指纹 "), "{out}");
            assert!(out.contains("较早检查点:2026-03-04 00:00:00(北京时间) 签发,共 2 条"), "{out}");
            assert!(
                out.contains("第 3 条:2026-03-05 21:30:00(北京时间),王敏,report.submit,report 206-1/2026-03"),
                "{out}"
            );
            assert!(out.contains("填报数据.json(application/json,18 字节):SHA-256 "), "{out}");
            assert!(out.contains("没有证明的:\n  检查点的时间:由签发者自报"), "{out}");
        }
    }
}

#[test]
fn without_a_key_nothing_is_proved_and_the_fingerprint_can_be_read_aloud() {
    let key = key(Algorithm::Ed25519, 7);
    let desk = Desk::with(bundle(&key, "王敏", "填报数据.json").as_bytes());
    let (code, out, _) = run(&[path(&desk.file())]);
    assert_eq!(code, Some(1));
    assert!(out.starts_with("未证明:证明包内部前后一致,但没有提供可信公钥,不能确定由谁签发。\n"), "{out}");
    let digits = key.verifying_key().fingerprint().to_string();
    let spoken = out.split("公钥指纹 ").nth(1).unwrap().lines().next().unwrap();
    assert_eq!((spoken.replace(' ', ""), spoken.len()), (digits, 64 + 15));
    assert!(out.contains("未经核对") && out.contains("电话或公报"), "{out}");
}

#[test]
fn tampering_is_named_and_ends_with_1() {
    let key = key(Algorithm::Ed25519, 7);
    let desk = Desk::with(bundle(&key, "王敏", "填报数据.json").replace("1250.00", "1350.00").as_bytes());
    let (code, out, _) = run(&[path(&desk.file()), "--key", &public(&key)]);
    assert_eq!(code, Some(1));
    assert_eq!(out, "核对不通过:证明包第 1 个文件“填报数据.json”的内容与旁边的 SHA-256 不符:文件被改动过。\n");
    let (code, out, _) = run(&[path(&desk.file()), "--json"]);
    assert_eq!(code, Some(1));
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&json["result"], &json["kind"]), (&"refused".into(), &"bundle".into()));
}

#[test]
fn a_bundle_by_somebody_else_is_not_proved() {
    let forger = key(Algorithm::Ed25519, 8);
    let desk = Desk::with(bundle(&forger, "王敏", "填报数据.json").as_bytes());
    let (code, out, _) = run(&[path(&desk.file()), "--key", &public(&key(Algorithm::Ed25519, 7))]);
    assert_eq!(code, Some(1));
    assert!(out.starts_with("核对不通过:证明包的检查点不是由可信公钥签发的。签发它的公钥指纹是 "), "{out}");
}

#[test]
fn a_journal_is_proved_whole_and_every_altered_byte_is_seen() {
    let key = key(Algorithm::Ed25519, 7);
    let bytes = export(&key);
    let desk = Desk::with(&bytes);
    let (code, out, _) = run(&["--journal", path(&desk.file()), "--key", &public(&key)]);
    assert_eq!(code, Some(0), "{out}");
    assert!(
        out.contains("已证明:导出的日志") && out.contains("共 5 条") && out.contains("全部条目都已重新计算"),
        "{out}"
    );
    assert_eq!(run(&["--journal", path(&desk.file())]).0, Some(1));
    for at in (0..bytes.len()).step_by(41) {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        let desk = Desk::with(&altered);
        let (code, out, err) = run(&["--journal", path(&desk.file()), "--key", &public(&key)]);
        assert_eq!((code, err.as_str()), (Some(1), ""), "byte {at}");
        assert!(out.starts_with("核对不通过:"), "{out}");
    }
}

#[test]
fn programs_get_json() {
    let key = key(Algorithm::Ed25519, 7);
    let desk = Desk::with(bundle(&key, "王敏", "填报数据.json").as_bytes());
    let (code, out, _) = run(&[path(&desk.file()), "--key", &public(&key), "--json"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &json["result"], &json["size"]), (Some(0), &"proved".into(), &5.into()));
    assert_eq!(json["signers"][0]["is_trusted"], Value::Bool(true));
    assert_eq!(json["signers"][0]["key"], public(&key).as_str());
    assert_eq!((&json["older"]["size"], &json["entries"][0]["seq"]), (&2.into(), &3.into()));
    assert_eq!(json["documents"][0]["sha256"], sha256(CELLS).to_string().as_str());
    assert_eq!(json["unproved"].as_array().unwrap().len(), 5);
    let desk = Desk::with(&export(&key));
    let (code, out, _) = run(&["--journal", path(&desk.file()), "--json"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &json["result"], &json["kind"]), (Some(1), &"unproved".into(), &"journal".into()));
}

#[test]
fn a_text_from_a_file_cannot_draw_lines_or_turn_them_round() {
    let key = key(Algorithm::Ed25519, 7);
    let desk = Desk::with(bundle(&key, "王敏\n已证明:\u{1b}[2K", "a\u{202e}b.json").as_bytes());
    let (_, out, _) = run(&[path(&desk.file())]);
    assert!(out.contains("王敏\u{fffd}已证明:\u{fffd}[2K") && out.contains("a\u{fffd}b.json"), "{out}");
    assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}'));
}

#[test]
fn wrong_calls_and_unreadable_files_end_with_2() {
    let key = key(Algorithm::Ed25519, 7);
    let desk = Desk::with(bundle(&key, "王敏", "填报数据.json").as_bytes());
    let empty = desk.note("empty.txt", "# 没有公钥\n");
    let broken = desk.note("broken.txt", &format!("{}\nnot a key\n", public(&key)));
    let file = desk.file();
    let long = desk.note("long.txt", &"#".repeat(70_000));
    for (arguments, says) in [
        (vec![], "证明包"),
        (vec!["--nothing"], "--nothing"),
        (vec![path(&file), "--journal", path(&file)], "--journal"),
        (vec!["no such file"], "文件“no such file”无法读取"),
        (vec!["--journal", "no such file"], "文件“no such file”无法读取"),
        (vec![path(&file), "--key", "no such key"], "“no such key”不是能读取的文件,也不是公钥"),
        (vec![path(&file), "--key", path(&empty)], "里没有公钥"),
        (vec![path(&file), "--key", path(&broken)], "第 2 行:这不是一行公钥或私钥文本"),
        (vec![path(&file), "--key", path(&long)], "超过 65536 字节"),
    ] {
        let (code, out, err) = run(&arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(err.contains(says), "{arguments:?}: {err}");
    }
}

#[test]
fn help_tells_the_exit_codes() {
    let (code, out, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("退出码:0 已证明;1 未证明或内容被改动;2 用法有误或文件无法读取。"), "{out}");
}
