//! What goes over the wire. The comments of the fields are what the readers of the OpenAPI document see, therefore in their
//! language.

use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};
use youju_app::intake;
use youju_app::record::{ListedRecords, MappedColumn, Mapping, RecordKind, Take};
use youju_codes::Period;
use youju_domain::Instant;
use youju_domain::record::RecordImport;
use youju_domain::register::Unit;

use crate::ledger::kind_label;
use crate::url;

/// The kind of a trial balance, beside those of source records.
const TRIAL_BALANCE: &str = "trial_balance";

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "一次导入。")]
pub(super) struct Import {
    /// 编号。
    id: String,
    /// 种类:trial_balance 或原始记录的种类。
    #[schema(example = "trial_balance")]
    kind: String,
    /// 种类的名称。
    #[schema(example = "科目余额表")]
    kind_name: &'static str,
    /// 报告期。
    #[schema(example = "2026-03")]
    period: String,
    /// 文件名。
    file_name: String,
    /// 报送内容的 SHA-256(十六进制),可与发送方核对。
    file_hash: String,
    /// 科目数或记录数。
    count: u64,
    /// 导入时间(RFC 3339)。
    imported_at: String,
    /// 没有妨碍导入、但应当看一看的情况。
    warnings: Vec<String>,
    /// 不是科目或记录、没有导入的行,写明原因。
    skipped: Vec<String>,
    /// 给人看的页面的地址,登录后可以打开。
    page: String,
    /// 原始记录的各列是怎样读取的;只在报送时给出。
    #[serde(skip_serializing_if = "Vec::is_empty")]
    columns: Vec<Column>,
    /// 本期这一种类以前还有几次导入;只在查看时给出。
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "一列是怎样读取的。")]
pub(super) struct Column {
    /// 列名。
    name: String,
    /// 对应的栏目;没有对应栏目的为空。
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// 是否导入。个人信息和没有用到的列不导入。
    is_taken: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "一个单位一个报告期正在采用的台账。")]
pub(super) struct Standing {
    /// 统一社会信用代码。
    usci: String,
    /// 单位详细名称。
    unit_name: String,
    /// 报告期。
    #[schema(example = "2026-03")]
    period: String,
    /// 科目余额表;没有导入的为空。
    trial_balance: Option<Import>,
    /// 各种原始记录,每种一项。
    records: Vec<Import>,
}

/// An instant as programs read it.
pub(super) fn printed(at: Instant) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

impl Import {
    pub(super) fn of_trial_balance(import: &youju_domain::ledger::Import) -> Import {
        Import {
            id: import.id.to_string(),
            kind: TRIAL_BALANCE.to_owned(),
            kind_name: "科目余额表",
            period: import.period.to_string(),
            file_name: import.file_name.clone(),
            file_hash: import.file_hash.clone(),
            count: u64::try_from(import.lines.len()).unwrap_or(u64::MAX),
            imported_at: printed(import.at),
            warnings: import.warnings.clone(),
            skipped: import.skipped.clone(),
            page: url::import(import.id, None),
            columns: Vec::new(),
            earlier: None,
        }
    }

    pub(super) fn of_records(import: &RecordImport) -> Import {
        let mapping: Option<Mapping> = serde_json::from_value(import.mapping.clone()).ok();
        let kind = RecordKind::from_key(&import.kind);
        let field = |column: &MappedColumn| kind?.field(column.field.as_deref()?).map(|field| field.name().to_owned());
        let column = |column: &MappedColumn| Column {
            name: column.name.clone(),
            field: field(column),
            is_taken: column.take == Take::Keep,
        };
        Import {
            id: import.id.to_string(),
            kind: import.kind.clone(),
            kind_name: kind_label(&import.kind),
            period: import.period.to_string(),
            file_name: import.file_name.clone(),
            file_hash: import.file_hash.clone(),
            count: import.count,
            imported_at: printed(import.at),
            warnings: import.warnings.clone(),
            skipped: import.skipped.clone(),
            page: url::records(import.id),
            columns: mapping.iter().flat_map(|mapping| &mapping.columns).map(column).collect(),
            earlier: None,
        }
    }

    fn of_listed(listed: &ListedRecords, period: Period, earlier: u64) -> Import {
        Import {
            id: listed.id.to_string(),
            kind: listed.kind.clone(),
            kind_name: kind_label(&listed.kind),
            period: period.to_string(),
            file_name: listed.file_name.clone(),
            file_hash: listed.file_hash.clone(),
            count: listed.count,
            imported_at: printed(listed.at),
            warnings: listed.warnings.clone(),
            skipped: listed.skipped.clone(),
            page: url::records(listed.id),
            columns: Vec::new(),
            earlier: Some(earlier),
        }
    }
}

impl Standing {
    pub(super) fn of(standing: &intake::Standing, unit: &Unit, period: Period) -> Standing {
        let trial_balance = standing.trial_balance.as_ref();
        let trial_balance = trial_balance
            .map(|(import, earlier)| Import { earlier: Some(*earlier), ..Import::of_trial_balance(import) });
        Standing {
            usci: unit.usci.to_string(),
            unit_name: unit.name.clone(),
            period: period.to_string(),
            trial_balance,
            records: standing.records.iter().map(|(one, earlier)| Import::of_listed(one, period, *earlier)).collect(),
        }
    }
}

/// A value as a program may write it: never read through binary, so a number is as exact as a text.
pub(super) struct Value;

impl PartialSchema for Value {
    fn schema() -> RefOr<Schema> {
        let kinds = [Type::String, Type::Number, Type::Boolean, Type::Null];
        let says = "文字、数字或空值。数字逐位按十进制读取,不经过二进制浮点数,例如 0.1、12345678901234.56;也可以写成字符串。空着(null)不是 0。";
        ObjectBuilder::new().schema_type(SchemaType::from_iter(kinds)).description(Some(says)).into()
    }
}

impl ToSchema for Value {}

#[derive(ToSchema)]
#[expect(dead_code, reason = "the table is read by the reader of files, this only describes it")]
#[schema(
    description = "科目余额表。错误信息中的行号按这样的表计算:第 1 行是表头上方的说明,第 2 行是列名,rows 的第一项是第 3 行。"
)]
pub(super) struct TrialBalanceTable {
    /// 单位名称;与名录不一致时会提醒。
    unit_name: Option<String>,
    /// 会计期间,如 2026-03 或 2026年3月;应与地址中的报告期一致。不写时会提醒。
    period: Option<String>,
    /// 金额单位,如 元、万元。不写时按元读取并提醒。
    measure: Option<String>,
    /// 各科目,含上级科目。期初、本期、累计、期末各有借方和贷方,没有的一方可以不写。
    rows: Vec<Account>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "the table is read by the reader of files, this only describes it")]
#[schema(description = "一个科目。")]
pub(super) struct Account {
    /// 科目编码,如 "1002" 或 "1002.01"。
    code: Value,
    /// 科目名称。
    name: Option<String>,
    /// 级次。
    level: Option<Value>,
    /// 期初借方余额。
    opening_debit: Option<Value>,
    /// 期初贷方余额。
    opening_credit: Option<Value>,
    /// 本期借方发生额。
    period_debit: Option<Value>,
    /// 本期贷方发生额。
    period_credit: Option<Value>,
    /// 本年累计借方发生额。
    ytd_debit: Option<Value>,
    /// 本年累计贷方发生额。
    ytd_credit: Option<Value>,
    /// 期末借方余额。
    closing_debit: Option<Value>,
    /// 期末贷方余额。
    closing_credit: Option<Value>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "the table is read by the reader of files, this only describes it")]
#[schema(
    description = "一张表。列名与财务软件中的表头一致。错误信息中的行号按这样的表计算:第 1 行是表头上方的说明,第 2 行是列名,rows 的第一项是第 3 行。"
)]
pub(super) struct ValueTable {
    /// 单位名称;与名录不一致时会提醒。
    unit_name: Option<String>,
    /// 期间。
    period: Option<String>,
    /// 金额单位,如 元、万元。
    measure: Option<String>,
    /// 列名。
    columns: Vec<String>,
    /// 各行,每列一个值。日期写成 "2026-03-05"。
    rows: Vec<Vec<Value>>,
}
