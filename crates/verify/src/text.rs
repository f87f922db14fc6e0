//! Results as Chinese lines. Everything that comes out of a file passes through [`plain`]: a name must not draw a line of its own.

use youju_journal::{Checkpoint, Document, EntryBuf, ExportReport, Report, Signer, Unproved, VerifyingKey, in_beijing};

/// A bundle in which everything fits.
pub(crate) fn bundle(report: &Report) -> String {
    let mut lines = vec![verdict(report.is_proved(), "证明包")];
    lines.extend(log(&report.checkpoint, &report.signers));
    if let Some(older) = &report.older {
        let head = older.checkpoint.head();
        lines.push(format!(
            "较早检查点:{} 签发,共 {} 条,根指纹 {}。检查点的日志是它的延续。",
            when(older.checkpoint.at()),
            head.size,
            head.root
        ));
        lines.extend(older.signers.iter().map(signer));
    }
    lines.push(format!("日志条目:{} 条,都与检查点的根指纹一致。", report.entries.len()));
    lines.extend(report.entries.iter().map(entry));
    lines.push(format!("文件:{} 个,都与日志条目所记的 SHA-256 一致。", report.documents.len()));
    lines.extend(report.documents.iter().map(document));
    lines.extend(open(&report.unproved()));
    lines.join("\n")
}

/// An exported journal in which everything fits.
pub(crate) fn journal(report: &ExportReport) -> String {
    let mut lines = vec![verdict(report.is_proved(), "导出的日志")];
    lines.extend(log(&report.checkpoint, &report.signers));
    lines.push("全部条目都已重新计算,与检查点的条数和根指纹一致。".to_owned());
    lines.extend(open(&report.unproved()));
    lines.join("\n")
}

/// Something does not fit.
pub(crate) fn refused(error: &str) -> String {
    format!("核对不通过:{}", plain(error))
}

/// A text from a file as it may be shown: characters that steer a terminal or turn the direction of writing are replaced.
pub(crate) fn plain(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

fn verdict(is_proved: bool, what: &str) -> String {
    if is_proved {
        return format!("已证明:{what}由可信公钥签发,内容没有改动。");
    }
    format!("未证明:{what}内部前后一致,但没有提供可信公钥,不能确定由谁签发。")
}

fn log(checkpoint: &Checkpoint, signers: &[Signer]) -> Vec<String> {
    let head = checkpoint.head();
    let mut lines = vec![
        format!("日志:{}", plain(checkpoint.origin())),
        format!("检查点:{} 签发,共 {} 条,根指纹 {}", when(checkpoint.at()), head.size, head.root),
    ];
    lines.extend(signers.iter().map(signer));
    lines
}

fn signer(signer: &Signer) -> String {
    let is_trusted = if signer.is_trusted { "可信" } else { "未经核对" };
    let key = &signer.key;
    format!("  签名:{},{},编号 {},{is_trusted};公钥指纹 {}", plain(key.name()), key.algorithm(), key.id(), spoken(key))
}

/// The fingerprint in groups, to be read aloud.
fn spoken(key: &VerifyingKey) -> String {
    let digits: Vec<char> = key.fingerprint().to_string().chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn when(at: &str) -> String {
    in_beijing(at).map_or_else(|| plain(at), |time| format!("{time}(北京时间)"))
}

fn entry(entry: &EntryBuf) -> String {
    let EntryBuf { seq, at, actor_name, action, object_kind, object_id, payload, .. } = entry;
    plain(&format!("  第 {seq} 条:{},{actor_name},{action},{object_kind} {object_id},{payload}", when(at)))
}

fn document(document: &Document) -> String {
    let Document { name, media_type, bytes, entry, key } = document;
    plain(&format!(
        "  {name}({media_type},{} 字节):SHA-256 {},见日志第 {entry} 条“{key}”",
        bytes.len(),
        document.sha256()
    ))
}

fn open(unproved: &[Unproved]) -> Vec<String> {
    let mut lines = vec!["没有证明的:".to_owned()];
    lines.extend(unproved.iter().map(|what| format!("  {what}")));
    lines
}
