//! Assets 资产清单: what the security administrator keeps, beside what the program knows by itself.

use chrono::NaiveDate;
use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::AssetId;
use youju_domain::security::{Asset, AssetKind, Light};
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::{Engine, security as store};

use super::may_know;
use crate::context::Cx;
use crate::error::{Error, Fault, Result};
use crate::organisation::today;

/// Something that the program knows without being told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What it is.
    pub kind: AssetKind,
    /// What it is called.
    pub name: String,
    /// What is known about it.
    pub says: String,
    /// Its last day, if it has one.
    pub until: Option<NaiveDate>,
}

/// All of it.
pub struct Assets {
    /// Those that somebody has entered.
    pub entered: Vec<Asset>,
    /// Those that the program knows.
    pub known: Vec<Known>,
    /// Today.
    pub today: NaiveDate,
}

/// The list of assets.
pub async fn list(cx: &mut Cx<'_>) -> Result<Assets> {
    may_know(cx)?;
    Ok(Assets { entered: store::assets(cx.tx()).await?, known: known(cx).await?, today: today(cx) })
}

/// One asset, for the form that changes it.
pub async fn get(cx: &mut Cx<'_>, id: AssetId) -> Result<Asset> {
    may_know(cx)?;
    store::asset(cx.tx(), id).await?.ok_or(Error::Problem(Problem::NotFound { what: "资产" }))
}

/// What stands in the form of an asset.
#[derive(Debug, Clone)]
pub struct Typed {
    /// What it is.
    pub kind: AssetKind,
    /// What it is called.
    pub name: String,
    /// Who answers for it.
    pub owner: String,
    /// Where it is.
    pub place: String,
    /// For which level it was filed.
    pub protection: youju_domain::security::Protection,
    /// In use since.
    pub since: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
    /// What else has to be known.
    pub remarks: String,
}

impl Typed {
    fn asset(self, id: AssetId, struck: String, revision: i64) -> Asset {
        let Typed { kind, name, owner, place, protection, since, until, remarks } = self;
        Asset { id, kind, name, owner, place, protection, since, until, remarks, struck, revision }
    }
}

/// Enters an asset.
pub async fn add(cx: &mut Cx<'_>, typed: Typed) -> Result<AssetId> {
    cx.allow(Action::Secure, Object::System)?;
    let asset = typed.asset(cx.new_id(), String::new(), 0).checked()?;
    keep(cx, "security.asset_added", &asset).await?;
    Ok(asset.id)
}

/// Changes an asset, if nobody has changed it since it was shown.
pub async fn change(cx: &mut Cx<'_>, id: AssetId, revision: i64, typed: Typed) -> Result<()> {
    cx.allow(Action::Secure, Object::System)?;
    let was = get(cx, id).await?;
    let asset = typed.asset(id, was.struck, revision).checked()?;
    keep(cx, "security.asset_changed", &asset).await
}

/// Strikes an asset off the list.
pub async fn strike(cx: &mut Cx<'_>, id: AssetId, reason: &str) -> Result<()> {
    cx.allow(Action::Secure, Object::System)?;
    let asset = get(cx, id).await?.strike(reason)?;
    keep(cx, "security.asset_struck", &asset).await
}

async fn keep(cx: &mut Cx<'_>, act: &str, asset: &Asset) -> Result<()> {
    store::put_asset(cx.tx(), asset).await?;
    let said = json!({
        "kind": asset.kind.key(), "name": asset.name, "owner": asset.owner, "place": asset.place,
        "protection": asset.protection.key(), "since": asset.since, "until": asset.until, "struck": asset.struck,
    });
    cx.record(act, ("asset", asset.id.to_string()), said).await
}

/// The light of the list.
pub(super) fn light(assets: &[Asset], today: NaiveDate) -> (Light, String) {
    let listed: Vec<&Asset> = assets.iter().filter(|asset| !asset.is_struck()).collect();
    let of = |light: Light| listed.iter().filter(|asset| asset.light(today) == Some(light)).count();
    match (listed.len(), of(Light::Bad), of(Light::Due)) {
        (0, ..) => (Light::Bad, "还没有登记资产。程序自己知道的已经列出,其余的请登记。".into()),
        (all, 0, 0) => (Light::Good, format!("登记了 {all} 项资产,没有快到期的。")),
        (all, 0, soon) => (Light::Due, format!("登记了 {all} 项资产,{soon} 项快到期。")),
        (all, over, soon) => (Light::Bad, format!("登记了 {all} 项资产,{over} 项已到期,{soon} 项快到期。")),
    }
}

/// What the program knows without being told.
async fn known(cx: &mut Cx<'_>) -> Result<Vec<Known>> {
    let around = cx.app().surroundings();
    let engine = match cx.tx().engine() {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let version = store::engine_version(cx.tx()).await?;
    let now = cx.now();
    let api_keys = store::count_api_keys(cx.tx(), now).await?;
    let plain = |kind, name: &str, says: String| Known { kind, name: name.to_owned(), says, until: None };
    let mut known = vec![
        plain(AssetKind::Software, "有据", format!("版本 {}", env!("CARGO_PKG_VERSION"))),
        plain(AssetKind::Database, engine, format!("版本 {version}")),
    ];
    let secrets = cx.app().secret_keys().names().len();
    known.push(plain(AssetKind::KeyFile, "封存附件和个人信息的密钥", format!("{secrets} 代,第一代在用")));
    let signing = cx.app().signing_keys().len();
    known.push(plain(AssetKind::KeyFile, "给操作日志签名的密钥", format!("{signing} 把")));
    known.push(plain(AssetKind::KeyFile, "单位软件的接口密钥", format!("{api_keys} 把有效,只保存散列值")));
    for (name, until) in around.certificates {
        let says = until.map_or_else(|| "有效期读不出来".to_owned(), |until| format!("有效期到 {until}"));
        known.push(Known { kind: AssetKind::Certificate, name, says, until });
    }
    if around.is_behind_gateway {
        known.push(plain(AssetKind::Link, "前面的网关", "负责加密,证书不在本程序,请另行登记".into()));
    }
    known.extend(around.channels.iter().map(|(name, to)| plain(AssetKind::Link, name, format!("通知渠道,连接 {to}"))));
    Ok(known)
}

/// The list as CSV: the name of the file, and its content.
pub fn csv(assets: &Assets) -> Result<(String, Vec<u8>)> {
    let names = ["来源", "类别", "名称", "责任人", "位置", "等级保护", "启用", "到期", "备注", "划去的原因"];
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let entered = assets.entered.iter().map(|asset| {
        [
            "登记".to_owned(),
            asset.kind.label().to_owned(),
            asset.name.clone(),
            asset.owner.clone(),
            asset.place.clone(),
            asset.protection.label().to_owned(),
            day(asset.since),
            day(asset.until),
            asset.remarks.clone(),
            asset.struck.clone(),
        ]
    });
    let known = assets.known.iter().map(|one| {
        let blank = String::new;
        [
            "程序自知".to_owned(),
            one.kind.label().to_owned(),
            one.name.clone(),
            blank(),
            blank(),
            blank(),
            blank(),
            day(one.until),
            one.says.clone(),
            blank(),
        ]
    });
    let rows: Vec<Vec<CellOut>> = entered.chain(known).map(|line| line.map(CellOut::Text).to_vec()).collect();
    let columns = names.iter().map(|name| ColumnOut::new(name)).collect();
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows: rows.into_iter() })
        .map_err(|error| Fault::new("writing the list of assets", error))?;
    Ok((format!("资产清单 {}.csv", assets.today), file))
}
