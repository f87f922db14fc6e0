//! Software 软件版本: the program with everything that it is made of, as a page and as a list that other tools read (CycloneDX). The list of
//! components is made by a test (`crates/tidy/tests/it/components.rs`) from what Cargo and npm have locked, and held equal to it.

use std::sync::LazyLock;

use serde_json::{Value, json};
use youju_store::{Engine, migrate, security as store};

use super::may_know;
use crate::context::Cx;
use crate::error::Result;

/// The list as it stands in the tree.
const TEXT: &str = include_str!("../../../../security/components.tsv");

/// Component 组件 of others in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Component {
    /// `cargo` or `npm`.
    pub source: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its licence, as its makers write it.
    pub licence: &'static str,
    /// The checksum of its package: `SHA-256` or `SHA-512`, a colon, and the digest in hexadecimal; empty where there is none.
    pub checksum: &'static str,
}

impl Component {
    fn read(line: &'static str) -> Option<Component> {
        let mut parts = line.split('\t');
        let mut next = || parts.next();
        Some(Component { source: next()?, name: next()?, version: next()?, licence: next()?, checksum: next()? })
    }

    /// Its address among packages everywhere.
    fn purl(&self) -> String {
        format!("pkg:{}/{}@{}", self.source, self.name.replace('@', "%40"), self.version)
    }
}

/// All components.
pub fn components() -> &'static [Component] {
    static ALL: LazyLock<Vec<Component>> =
        LazyLock::new(|| TEXT.lines().filter(|line| !line.starts_with('#')).filter_map(Component::read).collect());
    &ALL
}

/// What runs here, by name and version.
pub struct Software {
    /// The program, the data base, the schema, programmes, profiles and types of cases.
    pub parts: Vec<(String, String)>,
    /// Components of others.
    pub components: &'static [Component],
}

/// What runs here.
pub async fn software(cx: &mut Cx<'_>) -> Result<Software> {
    may_know(cx)?;
    let engine = match cx.tx().engine() {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let version = store::engine_version(cx.tx()).await?;
    let schema = migrate::MIGRATIONS.last().map(|step| step.version).unwrap_or_default();
    let mut parts = vec![
        ("有据".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        (engine.to_owned(), version),
        ("数据库结构".to_owned(), format!("第 {schema} 版")),
    ];
    let app = cx.app();
    for programme in app.programmes().values() {
        let name = format!("报表制度:{}", programme.name);
        parts.push((name, format!("{},有效期至 {}", programme.document, programme.valid_to)));
    }
    for profile in app.profiles() {
        parts.push((format!("地方配置:{}", profile.name), format!("自 {} 起", profile.since)));
    }
    Ok(Software { parts, components: components() })
}

/// The list of components for other tools, in CycloneDX 1.5. The same program gives the same bytes.
pub fn sbom() -> (String, Vec<u8>) {
    let version = env!("CARGO_PKG_VERSION");
    let components: Vec<Value> = components().iter().map(component).collect();
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": format!("youju@{version}"), "name": "youju", "version": version,
                "licenses": [{ "license": { "id": "Apache-2.0" } }],
            },
            "properties": [{ "name": "target", "value": "x86_64-unknown-linux-gnu" }],
        },
        "components": components,
    });
    (format!("youju-{version}.cdx.json"), format!("{document:#}\n").into_bytes())
}

fn component(one: &Component) -> Value {
    let purl = one.purl();
    let mut told = json!({
        "type": "library", "bom-ref": purl, "name": one.name, "version": one.version, "purl": purl,
        "licenses": [{ "expression": one.licence.replace('/', " OR ") }],
    });
    if let Some((kind, digest)) = one.checksum.split_once(':')
        && let Some(object) = told.as_object_mut()
    {
        object.insert("hashes".into(), json!([{ "alg": kind, "content": digest }]));
    }
    told
}
