//! The files as they are written. What a person may get wrong is kept as text with its place and judged later,
//! so that all mistakes are told at once.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use youju_domain::report::Level;

pub(crate) type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Programme {
    pub id: Option<Text>,
    pub name: Option<Text>,
    pub authority: Option<Text>,
    pub document: Option<Text>,
    pub valid_from: Option<Text>,
    pub valid_to: Option<Text>,
    pub domain: Option<Text>,
    pub domain_name: Option<Text>,
    #[serde(default)]
    pub industries: Vec<Text>,
    #[serde(default)]
    pub listings: Vec<Text>,
    #[serde(default)]
    pub forms: Vec<Text>,
    #[serde(default)]
    pub ledgers: Vec<Text>,
    pub provenance: Option<Text>,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Calendar {
    #[serde(default)]
    pub window: Vec<CalendarWindow>,
    #[serde(default)]
    pub exempt: Vec<Exempt>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exempt {
    pub forms: Vec<Text>,
    pub ends_in: Vec<u8>,
    #[serde(default)]
    pub sources: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CalendarWindow {
    pub forms: Vec<Text>,
    #[serde(default)]
    pub ends_in: Vec<u8>,
    pub opens: Text,
    pub due: Text,
    pub closes: Text,
    pub accept: BTreeMap<Level, Text>,
    #[serde(default)]
    pub sources: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outside {
    #[serde(default)]
    pub item: Vec<OutsideItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutsideItem {
    pub id: Text,
    pub name: Text,
    pub department: Text,
    pub measure: Text,
    pub span: Text,
    #[serde(default)]
    pub columns: Vec<String>,
    #[serde(default)]
    pub compare: Vec<OutsideCompare>,
    pub provenance: Option<Text>,
    #[serde(default)]
    pub sources: Vec<Text>,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutsideCompare {
    pub form: Text,
    pub cell: Text,
    pub at_least: Text,
    pub at_most: Text,
    pub provenance: Option<Text>,
    #[serde(default)]
    pub sources: Vec<Text>,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Archive {
    #[serde(default)]
    pub item: Vec<ArchiveItem>,
    pub project: Option<ArchiveProject>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArchiveProject {
    pub form: Text,
    pub list: Text,
    pub name: Text,
    #[serde(default)]
    pub item: Vec<ArchiveItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArchiveItem {
    pub id: Text,
    pub name: Text,
    pub evidence: Text,
    #[serde(default)]
    pub forms: Vec<Text>,
    #[serde(default)]
    pub ledgers: Vec<Text>,
    #[serde(default)]
    pub words: Vec<String>,
    pub owed: Option<Text>,
    pub each: Option<Text>,
    pub keep: Text,
    pub provenance: Option<Text>,
    #[serde(default)]
    pub sources: Vec<Text>,
    #[serde(default)]
    pub article: String,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assessment {
    #[serde(default)]
    pub item: Vec<AssessmentItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssessmentItem {
    pub form: Text,
    pub id: Text,
    pub name: Text,
    pub compare: Text,
    pub figure: Text,
    pub other: Option<AssessmentOther>,
    pub low: Option<Text>,
    pub high: Option<Text>,
    pub provenance: Option<Text>,
    #[serde(default)]
    pub sources: Vec<Text>,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssessmentOther {
    /// The form itself where none is named.
    pub form: Option<Text>,
    pub cell: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reference {
    pub title: String,
    pub url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    pub code: Option<Text>,
    pub name: Option<Text>,
    pub period: Option<Text>,
    pub measure: Option<Text>,
    pub authority: Option<Text>,
    pub document: Option<Text>,
    pub valid_from: Option<Text>,
    pub valid_to: Option<Text>,
    pub name_provenance: Option<Text>,
    pub code_provenance: Option<Text>,
    #[serde(default)]
    pub sources: Vec<Text>,
    #[serde(default)]
    pub columns: Vec<Column>,
    #[serde(default)]
    pub headline: Vec<Text>,
    #[serde(default)]
    pub foot: Vec<String>,
    #[serde(default)]
    pub notes: Vec<Note>,
    #[serde(default)]
    pub group: Vec<Group>,
    #[serde(default)]
    pub list: Vec<List>,
    #[serde(default)]
    pub computed: Vec<Computed>,
    #[serde(default)]
    pub industries: Vec<Text>,
    #[serde(default)]
    pub listings: Vec<Text>,
    pub name_in_checks: Option<Text>,
    pub decimals: Option<Spanned<u32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    pub id: Text,
    pub heading: String,
    pub rows_max: Spanned<u32>,
    #[serde(default)]
    pub key: Vec<Text>,
    pub columns: Vec<Indicator>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    pub id: Text,
    pub label: String,
    pub last_year_of: Option<Text>,
    pub adds: Option<Text>,
    pub carry: Option<Text>,
    pub measure: Option<Text>,
    pub decimals: Option<Spanned<u32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Computed {
    pub cell: Text,
    pub formula: Text,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    pub text: String,
    #[serde(default)]
    pub sources: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    pub heading: String,
    pub indicators: Vec<Indicator>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Indicator {
    pub code: Text,
    /// Of a column of a list: what its cells are called where the code is not ASCII.
    pub id: Option<Text>,
    pub name: Text,
    pub label: Option<String>,
    #[serde(default)]
    pub level: u8,
    pub measure: Option<Text>,
    pub kind: Option<Text>,
    #[serde(default)]
    pub codes: Vec<(String, String)>,
    /// Of a row: the columns in which there is a cell; nothing means all.
    pub columns: Option<Vec<Text>>,
    pub decimals: Option<Spanned<u32>>,
    #[serde(default)]
    pub open: bool,
    /// The form from whose report of the period's end the main column is taken.
    pub from: Option<Text>,
    pub last_year_of: Option<Text>,
    pub adds: Option<Text>,
    pub carry: Option<Text>,
    /// The column of the previous period that this one goes on from.
    pub follows: Option<Text>,
    #[serde(default)]
    pub required: bool,
    pub sign: Option<Text>,
    pub name_provenance: Option<Text>,
    pub code_provenance: Option<Text>,
    #[serde(default)]
    pub sources: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Checks {
    #[serde(default)]
    pub about: Vec<About>,
    #[serde(default)]
    pub intrinsic: Vec<Intrinsic>,
    #[serde(default)]
    pub later: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    pub rules: Vec<Text>,
    pub provenance: Text,
    #[serde(default)]
    pub sources: Vec<Text>,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Intrinsic {
    pub rule: Text,
    pub cell: Text,
    pub severity: Text,
    pub message: String,
    pub provenance: Text,
    #[serde(default)]
    pub sources: Vec<Text>,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ledger {
    pub name: Option<Text>,
    pub row: Option<Text>,
    pub period: Option<Text>,
    pub rows_max: Spanned<u32>,
    #[serde(default)]
    pub key: Vec<Text>,
    #[serde(default)]
    pub originals: Vec<String>,
    pub measure: Option<Text>,
    pub decimals: Option<Spanned<u32>>,
    pub provenance: Option<Text>,
    #[serde(default)]
    pub sources: Vec<Text>,
    #[serde(default)]
    pub note: String,
    pub columns: Vec<Indicator>,
    #[serde(default)]
    pub not_added: Vec<Text>,
    /// Key of a row → unit of measure of its quantities.
    #[serde(default)]
    pub measures: BTreeMap<String, Text>,
    #[serde(default)]
    pub formula: Vec<RowFormula>,
    #[serde(default)]
    pub gather: Vec<Gather>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowFormula {
    pub column: Text,
    pub formula: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gather {
    pub records: Text,
    /// The field of the records that tells their unit of measure.
    pub measure: Option<Text>,
    pub columns: BTreeMap<String, Text>,
    #[serde(default)]
    pub last: Vec<Text>,
    #[serde(default)]
    pub proposed: Vec<Text>,
    #[serde(default)]
    pub constants: BTreeMap<String, Text>,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Derivations {
    pub form: Text,
    /// The unit of measure in which the formulas count; nothing means each cell's own.
    pub measure: Option<Text>,
    pub provenance: Text,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub derivation: Vec<Derivation>,
    /// Rows of lists, from the rows of ledgers.
    #[serde(default)]
    pub rows: Vec<Rows>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rows {
    pub list: Text,
    pub ledger: Text,
    /// Column of the list → `sum.output`: what is taken, and from which column of the ledger.
    pub columns: BTreeMap<String, Text>,
    /// Column of the ledger → the smallest number with which a row belongs to the form.
    #[serde(default)]
    pub at_least: BTreeMap<String, Spanned<i64>>,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Derivation {
    pub cell: Text,
    /// Accounting standards; nothing means all.
    #[serde(default)]
    pub acct: Vec<Text>,
    pub measure: Option<Text>,
    pub when: Option<Text>,
    pub formula: Option<Text>,
    pub missing: Option<Text>,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckLists {
    #[serde(default)]
    pub list: Vec<CheckList>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckList {
    pub forms: Vec<Text>,
    pub every: Text,
    #[serde(default)]
    pub queries: bool,
    pub rows: Option<CheckListRows>,
    pub threshold: Option<CheckListThreshold>,
    pub evidence: Option<Text>,
    pub provenance: Option<Text>,
    #[serde(default)]
    pub sources: Vec<Text>,
    #[serde(default)]
    pub article: String,
    #[serde(default)]
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckListRows {
    pub list: Text,
    pub name: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckListThreshold {
    pub cell: Text,
    pub at_least: Text,
    pub measure: Text,
}
