//! Every address of the program, here and in the files below.

mod activation;
mod archive;
mod audit;
mod case;
mod enumerator;
mod identity;
mod organisation;
mod project;
mod register;
mod roster;
mod security;
mod security_key;
mod sponsorship;
mod staff;

use std::fmt::Display;

use youju_codes::{AreaCode, Period};
use youju_domain::account::Due;
use youju_domain::attachment::Proves;
use youju_domain::check_list::Span;
use youju_domain::id::{
    ApiKeyId, AssessmentId, AttachmentId, BookId, CorrectionId, ImportId, JointReviewId, MessageId, OutsideImportId,
    PersonId, QueryId, RecordImportId, ReportId, SessionId, UnitId, UploadId, WindowId,
};
use youju_domain::report::Level;
use youju_domain::total::Grouping;

pub use activation::*;
pub use archive::*;
pub use audit::*;
pub use case::*;
pub use enumerator::*;
pub use identity::*;
pub use organisation::*;
pub use project::*;
pub use register::*;
pub use roster::*;
pub use security::*;
pub use security_key::*;
pub use sponsorship::*;
pub use staff::*;

/// Where a bare visit lands.
pub const HOME: &str = "/";
/// Signing in.
pub const SIGN_IN: &str = "/sign-in";
/// The second step of signing in.
pub const SIGN_IN_CODE: &str = "/sign-in/code";
/// 我的账号.
pub const ACCOUNT: &str = "/account";
/// Changing one's own password.
pub const ACCOUNT_PASSWORD: &str = "/account/password";
/// 动态码: setting up, looking at, taking away.
pub const ACCOUNT_FACTOR: &str = "/account/second-factor";
/// Begins to set it up.
pub const ACCOUNT_FACTOR_BEGIN: &str = "/account/second-factor/begin";
/// Confirms it by a first code.
pub const ACCOUNT_FACTOR_CONFIRM: &str = "/account/second-factor/confirm";
/// Fresh recovery codes.
pub const ACCOUNT_FACTOR_CODES: &str = "/account/second-factor/codes";
/// Takes it away.
pub const ACCOUNT_FACTOR_REMOVE: &str = "/account/second-factor/remove";
/// 账号 of everybody, for administrators.
pub const ACCOUNTS: &str = "/accounts";
/// Gives notice to those that were chosen.
pub const ACCOUNTS_NOTICE: &str = "/accounts/notice";
/// Ends all of one's sessions.
pub const ACCOUNT_SESSIONS_END: &str = "/account/sessions/end";
/// Signing out.
pub const SIGN_OUT: &str = "/sign-out";
/// For the watchdog of an installation.
pub const HEALTH: &str = "/health";
/// 待办.
pub const INBOX: &str = "/inbox";
/// 消息.
pub const MESSAGES: &str = "/messages";
/// 数据查询.
pub const QUERIES: &str = "/queries";
/// Taking a list of queries from above.
pub const QUERY_LIST: &str = "/queries/list";
/// Asking what was looked at.
pub const QUERY_LIST_ASK: &str = "/queries/list/ask";
/// How well units answer.
pub const QUERY_QUALITY: &str = "/queries/quality";
/// 通知方式.
pub const CONTACT: &str = "/contact";
/// Checkpoints of the journal, for everybody.
pub const CHECKPOINTS: &str = "/journal";
/// Looking up a printed form, for everybody.
pub const VERIFY: &str = "/verify";
/// 报表.
pub const REPORTS: &str = "/reports";
/// 报送进度.
pub const WINDOWS: &str = "/windows";
/// 报送日历 of a year.
pub const CALENDAR: &str = "/calendar";
/// 台账达标.
pub const COMPLIANCE: &str = "/compliance";
/// 部门数据.
pub const OUTSIDE: &str = "/outside";
/// Choosing a table of a department, and looking at it.
pub const OUTSIDE_TABLE: &str = "/outside/table";
/// Taking what was looked at.
pub const OUTSIDE_TAKE: &str = "/outside/table/take";
/// 网格.
pub const GRIDS: &str = "/grids";
/// 规则实验室.
pub const LABORATORY: &str = "/laboratory";
/// 汇总.
pub const TOTALS: &str = "/totals";
/// 数据质量评估.
pub const ASSESSMENTS: &str = "/assessments";
/// 联审联评.
pub const JOINT_REVIEWS: &str = "/joint-reviews";
/// What a figure of a total is made of.
pub const TOTAL_PARTS: &str = "/totals/parts";

/// What programs talk to, below this address.
pub const API: &str = "/api/v1";
/// The description of the API.
pub const API_DOCUMENT: &str = "/api/v1/openapi.json";

/// Reading a message, or signing for it.
pub fn message_read(id: MessageId) -> String {
    format!("/messages/{id}/read")
}

/// Where something is done that is due before anything else.
pub fn of_due(due: Due) -> &'static str {
    match due {
        Due::Password => ACCOUNT_PASSWORD,
        Due::SecondFactor => ACCOUNT_FACTOR,
    }
}

/// An account, for administrators.
pub fn account_of(id: PersonId) -> String {
    format!("/accounts/{id}")
}

/// A command on an account: `restore`, `reset-factor`, `post`.
pub fn account_act(id: PersonId, act: &str) -> String {
    format!("/accounts/{id}/{act}")
}

/// Ending one of one's own sessions.
pub fn session_end(id: SessionId) -> String {
    format!("/account/sessions/{id}/end")
}

/// A query.
pub fn query(id: QueryId) -> String {
    format!("/queries/{id}")
}

/// A command on a query.
pub fn query_act(id: QueryId, act: &str) -> String {
    format!("/queries/{id}/{act}")
}

/// A correction.
pub fn correction(id: CorrectionId) -> String {
    format!("/corrections/{id}")
}

/// A command on a correction.
pub fn correction_act(id: CorrectionId, act: &str) -> String {
    format!("/corrections/{id}/{act}")
}

/// An assessment.
pub fn assessment(id: AssessmentId) -> String {
    format!("/assessments/{id}")
}

/// A command on an assessment.
pub fn assessment_act(id: AssessmentId, act: &str) -> String {
    format!("/assessments/{id}/{act}")
}

/// The assessments of a form and period.
pub fn assessments_of(form: &str, period: Period) -> String {
    with_query(ASSESSMENTS, &[("form", form), ("period", &period.to_string())])
}

/// A meeting.
pub fn joint_review(id: JointReviewId) -> String {
    format!("/joint-reviews/{id}")
}

/// A command on a meeting, or a page below it: `remark`, `sheet`, `key` …
pub fn joint_review_act(id: JointReviewId, act: &str) -> String {
    format!("/joint-reviews/{id}/{act}")
}

/// A report.
pub fn report(id: ReportId) -> String {
    format!("/reports/{id}")
}

/// A command on a report, or a page below it: `sign`, `history`, `form-book/import` …
pub fn report_act(id: ReportId, act: &str) -> String {
    format!("/reports/{id}/{act}")
}

/// A form: what it asks, by what right, with which checks.
pub fn form(code: &str) -> String {
    format!("/forms/{}", encode(code))
}

/// A form without figures, to be printed.
pub fn blank(form: &str) -> String {
    format!("/forms/{}/blank", encode(form))
}

/// Where a cell's value came from.
pub fn cell(id: ReportId, cell: impl Display) -> String {
    format!("/reports/{id}/cells/{cell}")
}

/// Everybody who touched a cell.
pub fn hands(id: ReportId, cell: impl Display) -> String {
    format!("/reports/{id}/cells/{cell}/hands")
}

/// The same as a file.
pub fn hands_csv(id: ReportId, cell: impl Display) -> String {
    format!("/reports/{id}/cells/{cell}/hands/csv")
}

/// A version of a report.
pub fn version(id: ReportId, number: u32) -> String {
    format!("/reports/{id}/versions/{number}")
}

/// An import, with a row to look at.
pub fn import(id: ImportId, row: Option<u32>) -> String {
    row.map_or_else(|| format!("/imports/{id}"), |row| format!("/imports/{id}#row-{row}"))
}

/// Where a trial balance leads, or the line of one account of it.
pub fn import_impact(id: ImportId, account: Option<&str>) -> String {
    with_query(&format!("/imports/{id}/impact"), &[("account", account.unwrap_or_default())])
}

/// Where source records lead.
pub fn records_impact(id: RecordImportId) -> String {
    format!("/records/{id}/impact")
}

/// Where a saved ledger leads.
pub fn book_impact(id: BookId) -> String {
    format!("/books/{id}/impact")
}

/// The totals of a form and period, as far as a level has accepted.
pub fn totals(form: &str, period: Period, by: Grouping, level: Level) -> String {
    let of = format!("{form}/{period}");
    with_query(TOTALS, &[("of", &of), ("by", by.key()), ("level", level.key())])
}

/// The same of one area within the person's own.
pub fn totals_of(area: &AreaCode, form: &str, period: Period, by: Grouping, level: Level) -> String {
    let of = format!("{form}/{period}");
    with_query(TOTALS, &[("of", &of), ("by", by.key()), ("level", level.key()), ("area", area.prefix())])
}

/// The reports that the figure of a group is made of.
pub fn total_parts(form: &str, period: Period, area: &str, level: Level, cell: impl Display) -> String {
    let (of, cell) = (format!("{form}/{period}"), cell.to_string());
    with_query(TOTAL_PARTS, &[("of", &of), ("area", area), ("level", level.key()), ("cell", &cell)])
}

/// The ledger of a unit and period; without one, that of the unit's latest report.
pub fn ledger(unit: UnitId, period: Option<Period>) -> String {
    let period = period.map(|period| period.to_string()).unwrap_or_default();
    with_query(&format!("/units/{unit}/ledger"), &[("period", &period)])
}

/// A ledger of a discipline, as a unit keeps it for a period.
pub fn book(unit: UnitId, ledger: &str, period: Period) -> String {
    with_query(&format!("/units/{unit}/books/{ledger}"), &[("period", &period.to_string())])
}

/// Gathering a ledger from source records.
pub fn book_gather(unit: UnitId, ledger: &str, period: Period) -> String {
    with_query(&format!("/units/{unit}/books/{ledger}/gather"), &[("period", &period.to_string())])
}

/// A ledger as it was saved at one time.
pub fn saved_book(id: BookId) -> String {
    format!("/books/{id}")
}

/// All reports of a unit that end with a period: what was generated, and what is missing.
pub fn generate(unit: UnitId, period: Period) -> String {
    with_query(&format!("/units/{unit}/generate"), &[("period", &period.to_string())])
}

/// The attachments of a unit and period, on the page of its ledger; with something to prove, the form has it chosen.
pub fn ledger_attachments(unit: UnitId, period: Option<Period>, proves: Option<&Proves>) -> String {
    let period = period.map(|period| period.to_string()).unwrap_or_default();
    let proves = proves.map(Proves::to_string).unwrap_or_default();
    let address = with_query(&format!("/units/{unit}/ledger"), &[("period", &period), ("proves", &proves)]);
    format!("{address}#attachments")
}

/// Adding attachments to a unit and period.
pub fn unit_attachments(unit: UnitId, period: Period) -> String {
    with_query(&format!("/units/{unit}/attachments"), &[("period", &period.to_string())])
}

/// An attachment, to be saved.
pub fn attachment(id: AttachmentId) -> String {
    format!("/attachments/{id}")
}

/// A picture, to be shown.
pub fn attachment_shown(id: AttachmentId) -> String {
    format!("/attachments/{id}?inline=1")
}

/// Taking an attachment away.
pub fn attachment_remove(id: AttachmentId) -> String {
    format!("/attachments/{id}/remove")
}

/// The file that a trial balance came in.
pub fn import_file(id: ImportId) -> String {
    format!("/imports/{id}/file")
}

/// The file that source records came in.
pub fn records_file(id: RecordImportId) -> String {
    format!("/records/{id}/file")
}

/// A file that waits to be imported.
pub fn upload(id: UploadId) -> String {
    format!("/uploads/{id}")
}

/// An import of source records.
pub fn records(id: RecordImportId) -> String {
    format!("/records/{id}")
}

/// Sharing the mapping of an import.
pub fn records_share(id: RecordImportId) -> String {
    format!("/records/{id}/share")
}

/// A window's board.
pub fn window(id: WindowId) -> String {
    format!("/windows/{id}")
}

/// Bulk acceptance in a window.
pub fn window_accept(id: WindowId) -> String {
    format!("/windows/{id}/accept")
}

/// A command on a window, or a page below it.
pub fn window_act(id: WindowId, act: &str) -> String {
    format!("/windows/{id}/{act}")
}

/// The cells of a township.
pub fn grid_township(area: &AreaCode) -> String {
    format!("{GRIDS}/{area}")
}

/// Cutting a county, or one township of it, anew.
pub fn grid_cut(area: &AreaCode) -> String {
    format!("{GRIDS}/{area}/cut")
}

/// Mending the cells of a township by hand.
pub fn grid_recut(area: &AreaCode) -> String {
    format!("{GRIDS}/{area}/recut")
}

/// The check lists of a window: days by counties.
pub fn check_lists(window: WindowId) -> String {
    window_act(window, "check-lists")
}

/// The same with every entry, as CSV.
pub fn check_lists_csv(window: WindowId) -> String {
    window_act(window, "check-lists/csv")
}

/// The check list of a county and day or week.
pub fn check_list(window: WindowId, area: &AreaCode, span: Span) -> String {
    format!("/windows/{window}/check-lists/{}/{}", area.prefix(), span.key())
}

/// A command on a check list.
pub fn check_list_act(window: WindowId, area: &AreaCode, span: Span, act: &str) -> String {
    format!("{}/{act}", check_list(window, area, span))
}

/// An import of what a department handed over.
pub fn outside_import(id: OutsideImportId) -> String {
    format!("/outside/{id}")
}

/// The units of a window beside what a department says.
pub fn window_outside(id: WindowId, of: &str) -> String {
    with_query(&format!("/windows/{id}/outside"), &[("of", of)])
}

/// The same as a file.
pub fn window_outside_csv(id: WindowId, of: &str) -> String {
    with_query(&format!("/windows/{id}/outside/csv"), &[("of", of)])
}

/// A window's units and what they have reported, as a workbook.
pub fn window_form_book(id: WindowId) -> String {
    format!("/windows/{id}/form-book")
}

/// The ledgers of a unit over the last three years.
pub fn unit_compliance(id: UnitId) -> String {
    format!("/units/{id}/compliance")
}

/// The keys of a unit's programs.
pub fn api_keys(unit: UnitId) -> String {
    format!("/units/{unit}/api-keys")
}

/// Ending a key.
pub fn api_key_revoke(id: ApiKeyId) -> String {
    format!("/api-keys/{id}/revoke")
}

/// The ledger of a unit and period, for programs.
pub fn api_ledger(usci: &str, period: Period) -> String {
    format!("{API}/ledgers/{usci}/{period}")
}

/// Where a program hands in the trial balance.
pub fn api_trial_balance(usci: &str, period: Period) -> String {
    format!("{}/trial-balance", api_ledger(usci, period))
}

/// Where a program hands in records of a kind.
pub fn api_records(usci: &str, period: Period, kind: &str) -> String {
    format!("{}/records/{kind}", api_ledger(usci, period))
}

/// An address with a query; empty values are left out.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let mut mark = '?';
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(mark);
        address.push_str(name);
        address.push('=');
        address.push_str(&encode(value));
        mark = '&';
    }
    address
}

/// Percent-encoding of a query value (RFC 3986: unreserved characters stay).
pub(crate) fn encode(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_leave_out_what_is_empty_and_encode_the_rest() {
        let address = with_query(REPORTS, &[("search", "兰江 食品"), ("state", ""), ("page", "2")]);
        assert_eq!(address, "/reports?search=%E5%85%B0%E6%B1%9F%20%E9%A3%9F%E5%93%81&page=2");
    }
}
