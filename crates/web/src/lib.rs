//! Pages 页面: HTTP in, one use case, markup out.
//!
//! What lives here: addresses, reading forms, markup. What never will: SQL, rules, the order of a use case's steps.
//! A page works by links and forms alone; scripts only make it quicker.
//!
//! ```no_run
//! # async fn example(app: youju_app::App) -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8600").await?;
//! axum::serve(listener, youju_web::router(app, youju_web::Settings::default())).await
//! # }
//! ```

mod access;
mod account;
mod accounts;
mod activation;
mod api;
mod api_key;
mod archive;
mod assessment;
mod asset;
mod attachment;
mod audit;
mod book;
mod case;
mod check_list;
mod compliance;
mod contact;
mod correction;
mod download;
mod enumerator;
mod fields;
mod form;
mod form_book;
mod generate;
mod grid;
mod guard;
mod handed;
mod handover;
mod hygiene;
mod impact;
mod inbox;
mod joint_review;
mod journal;
mod laboratory;
mod ledger;
mod limits;
mod message;
mod onboarding;
mod opening;
mod organisation;
mod outside;
mod pace;
mod parts;
mod project;
mod prospect;
mod query;
mod record;
mod register;
mod reminder;
mod report;
mod request;
mod roster;
mod sampling_frame;
mod seat;
mod security;
mod sponsorship;
mod staff;
mod standard;
mod survey;
mod total;
mod trace;
mod ui;
pub mod url;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};
use youju_app::App;

/// What an installation decides about its pages.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// True when the server is reached by https: cookies are then refused to plain http.
    pub is_https: bool,
    /// True when every request comes through a gateway, which notes from where: otherwise anybody could write that note.
    pub is_behind_gateway: bool,
    /// The hosts that may be named in a request; empty when any may.
    pub hosts: Vec<String>,
    /// Shown in the top bar, e.g. `兰溪市`.
    pub place: String,
    /// The channels by which people may hear of their messages.
    pub channels: Vec<Channel>,
    /// Shown on the sign-in page, e.g. the accounts of a demonstration; empty elsewhere.
    pub sign_in_notes: Vec<String>,
    /// Requests that are worked on at the same time; none for the usual number.
    pub requests_max: Option<usize>,
}

/// A channel as the pages name it.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its id in the configuration.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// True for a robot that writes to a group: there is no address.
    pub is_group: bool,
}

/// State of every handler.
#[derive(Clone)]
struct Web {
    app: App,
    settings: std::sync::Arc<Settings>,
    rate: std::sync::Arc<api::Rate>,
    pace: std::sync::Arc<pace::Pace>,
    doors: std::sync::Arc<access::Doors>,
    present: std::sync::Arc<report::Present>,
    /// Free places for requests.
    places: std::sync::Arc<tokio::sync::Semaphore>,
}

/// All pages of the program, and what programs talk to.
pub fn router(app: App, settings: Settings) -> Router {
    let places =
        std::sync::Arc::new(tokio::sync::Semaphore::new(settings.requests_max.unwrap_or(limits::REQUESTS_MAX)));
    let web = Web {
        app,
        settings: std::sync::Arc::new(settings),
        rate: std::sync::Arc::default(),
        pace: std::sync::Arc::default(),
        doors: std::sync::Arc::default(),
        present: std::sync::Arc::default(),
        places,
    };
    let pages = Router::new()
        .merge(reports())
        .merge(windows())
        .merge(check_lists())
        .merge(grids())
        .merge(archives())
        .merge(departments())
        .merge(roster::router())
        .merge(prospect::router())
        .merge(organisations())
        .merge(people())
        .merge(enumerator::routes())
        .merge(cases())
        .merge(security::router())
        .merge(onboarding::router())
        .merge(sampling_frame::router())
        .nest(url::API, api::router())
        .route(url::HOME, get(inbox::home))
        .route(url::SIGN_IN, get(access::form).post(access::sign_in))
        .route(url::SIGN_IN_CODE, get(access::code_form).post(access::give_code))
        .route(url::SIGN_IN_KEY, post(access::give_key).get(access::key_form))
        .route(url::SIGN_IN_PLATFORM, post(access::begin).get(access::begin_form))
        .route(url::SIGN_IN_PLATFORM_BACK, get(access::come))
        .route(url::SIGN_OUT, post(access::sign_out))
        .merge(accounts())
        .merge(openings())
        .route(url::INBOX, get(inbox::page))
        .route(url::CONTACT, get(contact::page).post(contact::set))
        .route(url::CHECKPOINTS, get(journal::checkpoints))
        .route(url::VERIFY, get(journal::verify))
        .route("/verify/{*code}", get(journal::verify_code))
        .route(url::MESSAGES, get(message::list))
        .route("/messages/{id}/read", post(message::read).get(message::back))
        .route("/forms/{form}", get(form::page))
        .route("/forms/{form}/blank", get(report::blank))
        .merge(vouchers())
        .route("/units/{id}/ledger", get(ledger::book).post(record::choose))
        .route("/units/{id}/books/{ledger}", get(book::page).post(book::save))
        .route("/units/{id}/books/{ledger}/gather", post(book::gather).get(book::back))
        .route("/units/{id}/generate", get(generate::page).post(generate::all))
        .route("/units/{id}/attachments", get(attachment::back).post(attachment::add))
        .route("/attachments/{id}", get(attachment::fetch))
        .route("/attachments/{id}/remove", post(attachment::remove))
        .route("/uploads/{id}", get(record::preview).post(record::import))
        .merge(talks())
        .merge(assessments())
        .merge(joint_reviews())
        .merge(register::routes())
        .merge(project::routes())
        .route("/units/{id}/api-keys", get(api_key::list).post(api_key::create))
        .route("/api-keys/{id}/revoke", get(api_key::confirm).post(api_key::revoke))
        .route(url::TOTALS, get(total::page))
        .route(url::TOTAL_PARTS, get(total::parts))
        .route(url::LABORATORY, get(laboratory::page).post(laboratory::try_rules))
        .route("/assets/{name}", get(asset::serve))
        .route(url::HEALTH, get(asset::health))
        .fallback(request::no_such_page);
    guarded(pages, web)
}

/// What stands before every page; the last line is asked first.
fn guarded(pages: Router<Web>, web: Web) -> Router {
    pages
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES_MAX))
        .layer(from_fn(guard::in_our_words))
        .layer(from_fn_with_state(web.clone(), guard::in_frame))
        .layer(from_fn(guard::same_origin))
        .layer(from_fn(guard::deadline))
        .layer(from_fn_with_state(web.clone(), guard::crowd))
        .layer(from_fn_with_state(web.clone(), pace::pace))
        .layer(from_fn_with_state(web.clone(), hygiene::addresses))
        .layer(from_fn_with_state(web.clone(), guard::headers))
        .layer(from_fn(hygiene::numbered))
        .with_state(web)
}

/// One's own account, and those of everybody for administrators.
fn accounts() -> Router<Web> {
    use account::{factor, identity, key, own};
    Router::new()
        .route(url::ACCOUNTS, get(accounts::list))
        .route(url::ACCOUNTS_NOTICE, post(accounts::notice).get(accounts::back_to_list))
        .route("/accounts/{id}", get(accounts::page))
        .route("/accounts/{id}/restore", post(accounts::restore).get(accounts::back))
        .route("/accounts/{id}/reset-factor", post(accounts::reset_factor).get(accounts::back))
        .route("/accounts/{id}/domains", post(accounts::domains::assign).get(accounts::back))
        .route("/accounts/{id}/reset-password", post(activation::reset).get(accounts::back))
        .route("/accounts/{id}/post", post(accounts::end_post).get(accounts::back))
        .route(url::ACCOUNT, get(own::page))
        .route(url::ACCOUNT_PASSWORD, get(own::password_form).post(own::change_password))
        .route("/account/sessions/{id}/end", post(own::end_session).get(own::back))
        .route(url::ACCOUNT_SESSIONS_END, post(own::end_all).get(own::back))
        .route(url::ACCOUNT_FACTOR, get(factor::page))
        .route(url::ACCOUNT_FACTOR_BEGIN, post(factor::begin).get(factor::back))
        .route(url::ACCOUNT_FACTOR_CONFIRM, post(factor::confirm).get(factor::back))
        .route(url::ACCOUNT_FACTOR_CODES, post(factor::renew).get(factor::back))
        .route(url::ACCOUNT_FACTOR_REMOVE, post(factor::remove).get(factor::back))
        .route("/accounts/{id}/tie", post(accounts::tie).get(accounts::back))
        .route("/accounts/{id}/untie", post(accounts::untie).get(accounts::back))
        .route(url::ACCOUNT_IDENTITY, get(identity::page).post(identity::tie))
        .route(url::ACCOUNT_IDENTITY_UNTIE, post(identity::untie).get(identity::back))
        .route(url::ACCOUNT_KEYS, get(key::page).post(key::add))
        .route(url::ACCOUNT_KEYS_BEGIN, post(key::begin).get(key::back))
        .route("/account/keys/{id}/rename", post(key::rename).get(key::back_from))
        .route("/account/keys/{id}/remove", post(key::remove).get(key::back_from))
}

/// Accounts before they are in use: opening them, their letters, and the door for their codes.
fn openings() -> Router<Web> {
    Router::new()
        .route(url::ACTIVATE, get(activation::form).post(activation::activate))
        .route(url::ACCOUNTS_WAITING, get(activation::waiting))
        .route(url::ACCOUNTS_LETTERS, post(activation::letters).get(activation::back))
        .route(url::ACCOUNTS_OPEN, get(opening::form).post(opening::open_one))
        .route(url::ACCOUNTS_TABLE, post(opening::look).get(opening::back))
        .route(url::ACCOUNTS_TAKE, post(opening::take).get(opening::back))
        .route(url::ACCOUNTS_UNITS, get(opening::units).post(opening::look_at_units))
        .route(url::ACCOUNTS_UNITS_CSV, get(opening::csv))
}

/// A report: its pages, and the commands of its life.
fn reports() -> Router<Web> {
    Router::new()
        .route(url::REPORTS, get(report::list))
        .route("/reports/{id}", get(report::page))
        .route("/reports/{id}/cells", post(report::save))
        .route("/reports/{id}/cells/{cell}", get(report::cell))
        .route("/reports/{id}/cells/{cell}/hands", get(report::hands))
        .route("/reports/{id}/cells/{cell}/hands/csv", get(report::hands_csv))
        .route("/reports/{id}/generate", act(report::generate))
        .route("/reports/{id}/explain", act(report::explain))
        .route("/reports/{id}/check", act(report::check))
        .route("/reports/{id}/take-up", act(report::take_up))
        .route("/reports/{id}/put-down", act(report::put_down))
        .route("/reports/{id}/sign", act(report::sign))
        .route("/reports/{id}/authorise", act(report::authorise))
        .route("/reports/{id}/submit", act(report::submit))
        .route("/reports/{id}/present", get(report::present))
        .route("/reports/{id}/recall", act(report::recall))
        .route("/reports/{id}/accept", act(report::accept))
        .route("/reports/{id}/return", act(report::return_))
        .route("/reports/{id}/proof", get(journal::proof))
        .route("/reports/{id}/traces", get(trace::of_report))
        .route("/reports/{id}/reminders", get(reminder::of_report))
        .route("/reports/{id}/history", get(report::history))
        .route("/reports/{id}/versions/{number}", get(report::version))
        .route("/reports/{id}/paper", get(report::paper))
        .route("/reports/{id}/import", get(ledger::form).post(ledger::import))
        .route("/reports/{id}/form-book", get(form_book::export))
        .route("/reports/{id}/form-book/import", get(form_book::form).post(form_book::preview))
        .route("/reports/{id}/form-book/take", act(form_book::take))
        .route("/reports/{id}/form-book/copy", act(form_book::copy))
}

/// Windows, the calendar of a year, and what an office does in a window.
fn windows() -> Router<Web> {
    Router::new()
        .route(url::WINDOWS, get(survey::list).post(survey::open))
        .route(url::CALENDAR, get(survey::calendar).post(survey::prepare_year))
        .route("/windows/{id}", get(survey::board))
        .route("/windows/{id}/open", post(survey::open_prepared).get(survey::back))
        .route("/windows/{id}/change", get(survey::change_form).post(survey::change))
        .route("/windows/{id}/lock", post(survey::lock).get(survey::back))
        .route("/windows/{id}/form-book", get(form_book::export_window))
        .route("/windows/{id}/edited", get(survey::edited))
        .route("/windows/{id}/review", get(survey::selected))
        .route("/windows/{id}/signals", get(trace::of_window))
        .route("/windows/{id}/remind", get(reminder::choose).post(reminder::send))
        .route("/windows/{id}/accept", get(survey::accept_dry_run).post(survey::accept_all))
}

/// Cells of units, and who belongs to them.
fn grids() -> Router<Web> {
    Router::new()
        .route(url::GRIDS, get(grid::board))
        .route("/grids/{area}", get(grid::township))
        .route("/grids/{area}/cut", get(grid::cut).post(grid::adopt))
        .route("/grids/{area}/recut", get(grid::hand).post(grid::recut))
}

/// What counties look at while a window is open.
fn check_lists() -> Router<Web> {
    let act = |command: MethodRouter<Web>| command.get(check_list::back);
    Router::new()
        .route("/windows/{id}/check-lists", get(check_list::overview))
        .route("/windows/{id}/check-lists/csv", get(check_list::csv))
        .route("/windows/{id}/check-lists/{area}/{span}", get(check_list::page))
        .route("/windows/{id}/check-lists/{area}/{span}/note", act(post(check_list::note)))
        .route("/windows/{id}/check-lists/{area}/{span}/add", act(post(check_list::add)))
        .route("/windows/{id}/check-lists/{area}/{span}/carry", act(post(check_list::carry)))
        .route("/windows/{id}/check-lists/{area}/{span}/hand-in", act(post(check_list::hand_in)))
        .route("/windows/{id}/check-lists/{area}/{span}/supplement", act(post(check_list::supplement)))
}

/// What has come in, and where it leads.
fn vouchers() -> Router<Web> {
    Router::new()
        .route("/imports/{id}", get(ledger::page))
        .route("/imports/{id}/file", get(attachment::import_file))
        .route("/imports/{id}/impact", get(impact::import))
        .route("/records/{id}", get(record::page))
        .route("/records/{id}/file", get(attachment::records_file))
        .route("/records/{id}/impact", get(impact::records))
        .route("/records/{id}/share", post(record::share))
        .route("/books/{id}", get(book::saved))
        .route("/books/{id}/impact", get(impact::book))
}

/// The archive boxes.
fn archives() -> Router<Web> {
    Router::new()
        .route("/units/{id}/compliance", get(compliance::unit))
        .route(url::COMPLIANCE, get(compliance::area))
        .route(url::ARCHIVE, get(archive::area))
        .route(url::ARCHIVE_EXPIRED, get(archive::expired))
        .route("/archive/{unit}/{year}", get(archive::unit))
        .route("/archive/{unit}/{year}/export", get(archive::export))
        .route("/units/{id}/archive", get(archive::of_unit))
}

/// What departments say, for offices of the county and above.
fn departments() -> Router<Web> {
    Router::new()
        .route(url::OUTSIDE, get(outside::list))
        .route(url::OUTSIDE_TABLE, get(outside::form).post(outside::look))
        .route(url::OUTSIDE_TAKE, post(outside::take).get(outside::form))
        .route("/outside/{id}", get(outside::import))
        .route("/windows/{id}/outside", get(outside::of_window))
        .route("/windows/{id}/outside/csv", get(outside::csv))
}

/// Organisations, what happens to them, and what they must have.
fn organisations() -> Router<Web> {
    Router::new()
        .route(url::ORGANISATIONS, get(organisation::tree))
        .route(url::ORGANISATIONS_SET_UP, get(organisation::dry_run).post(organisation::set_up))
        .route(url::ORGANISATIONS_RECUT, get(organisation::recut))
        .route("/organisations/{id}", get(organisation::page))
        .route("/organisations/{id}/add", get(organisation::add_form).post(organisation::add))
        .route("/organisations/{id}/rename", get(organisation::rename_form).post(organisation::rename))
        .route("/organisations/{id}/merge", get(organisation::merge_form).post(organisation::merge))
        .route("/organisations/{id}/split", get(organisation::split_form).post(organisation::split))
        .route("/organisations/{id}/end", get(organisation::end_form).post(organisation::end))
        .route("/organisations/{id}/enterprises", post(organisation::add_enterprises).get(organisation::back))
        .route("/units/{id}/organisation", get(organisation::of_unit))
        .route(url::STANDARDS, get(standard::lacking))
        .route(url::STANDARDS_CSV, get(standard::csv))
        .route("/organisations/{id}/standards/{standard}/{item}", get(standard::page).post(standard::claim))
        .route("/organisations/{id}/standards/{standard}/{item}/accept", post(standard::accept).get(standard::back))
        .route("/organisations/{id}/standards/{standard}/{item}/return", post(standard::return_).get(standard::back))
        .route("/organisations/{id}/standards/{standard}/{item}/files/{hash}", get(standard::file))
}

/// Staff, their handovers and their seats in grids; what everybody did.
fn people() -> Router<Web> {
    Router::new()
        .route(url::STAFF, get(staff::list))
        .route("/staff/{id}", get(staff::page))
        .route("/staff/{id}/{act}", post(staff::act).get(staff::back))
        .route("/organisations/{id}/staff", get(staff::of_organisation).post(staff::enrol_in_organisation))
        .route("/organisations/{id}/staff/new", get(staff::new_in_organisation))
        .route("/units/{id}/staff", get(staff::of_unit).post(staff::enrol_in_unit))
        .route("/units/{id}/staff/new", get(staff::new_in_unit))
        .route("/tenures/{id}/release", get(staff::release_form).post(staff::release))
        .route("/tenures/{id}/handover", get(handover::form).post(handover::begin))
        .route(url::AUDIT, get(audit::acts))
        .route(url::AUDIT_LOOKS, get(audit::looks))
        .route("/units/{id}/looks", get(audit::of_unit))
        .route(url::STAFFING, get(staff::staffing))
        .route(url::STAFFING_CSV, get(staff::csv))
        .route(url::STAFFING_JSON, get(staff::json))
        .route(url::HANDOVERS, get(handover::list))
        .route("/handovers/{id}", get(handover::page))
        .route("/handovers/{id}/sign", post(handover::sign).get(handover::back))
        .route("/handovers/{id}/withdraw", post(handover::withdraw).get(handover::back))
        .route(url::SEATS, get(seat::board))
        .route("/seats/{id}/relieve", post(seat::relieve).get(seat::back))
        .route("/organisations/{id}/seats", get(seat::of_organisation).post(seat::name_in_organisation))
        .route("/cells/{id}", get(seat::cell))
        .route("/cells/{id}/seats", get(seat::of_cell).post(seat::name_in_cell))
}

/// What is applied for, checked and signed.
fn cases() -> Router<Web> {
    Router::new()
        .route(url::CASES, get(case::page_list))
        .route("/cases/new/{kind}", get(case::form).post(case::open))
        .route("/cases/{id}", get(case::page))
        .route("/cases/{id}/acts/{act}", post(case::take).get(case::back))
        .route("/cases/{id}/files/{hash}", get(case::file))
        .route("/cases/{id}/sheet", get(case::sheet))
        .route(url::ONSITE, get(case::onsite::list))
        .route("/onsite/{id}/{act}", get(case::onsite::page).post(case::onsite::send))
        .route(url::ONSITE_WORKER, get(asset::onsite_worker))
}

/// What offices and units say to each other about figures.
fn talks() -> Router<Web> {
    Router::new()
        .route("/reports/{id}/note", act(report::note))
        .route("/reports/{id}/query", act(query::ask))
        .route("/reports/{id}/correction", get(correction::form).post(correction::ask))
        .route("/corrections/{id}", get(correction::page))
        .route("/corrections/{id}/decide", post(correction::decide).get(correction::back))
        .route("/corrections/{id}/withdraw", post(correction::withdraw).get(correction::back))
        .route(url::QUERIES, get(query::list))
        .route(url::QUERY_LIST, get(query::list_form).post(query::look))
        .route(url::QUERY_LIST_ASK, post(query::ask_all).get(query::list_form))
        .route(url::QUERY_QUALITY, get(query::quality))
        .route("/queries/{id}", get(query::page))
        .route("/queries/{id}/answer", post(query::answer).get(query::back))
        .route("/queries/{id}/judge", post(query::judge).get(query::back))
}

/// The assessments of the level above.
fn assessments() -> Router<Web> {
    Router::new()
        .route(url::ASSESSMENTS, get(assessment::list).post(assessment::open))
        .route("/assessments/{id}", get(assessment::page))
        .route("/assessments/{id}/judge", post(assessment::judge).get(assessment::back))
        .route("/assessments/{id}/feed-back", post(assessment::feed_back).get(assessment::back))
        .route("/assessments/{id}/answer", post(assessment::answer).get(assessment::back))
        .route("/assessments/{id}/close", post(assessment::close).get(assessment::back))
        .route("/assessments/{id}/reassess", post(assessment::reassess).get(assessment::back))
}

/// The meetings over redacted sheets.
fn joint_reviews() -> Router<Web> {
    Router::new()
        .route(url::JOINT_REVIEWS, get(joint_review::list))
        .route("/windows/{id}/joint-review", get(joint_review::choose).post(joint_review::call))
        .route("/joint-reviews/{id}", get(joint_review::page))
        .route("/joint-reviews/{id}/sheet", get(joint_review::sheet))
        .route("/joint-reviews/{id}/sheet/csv", get(joint_review::sheet_csv))
        .route("/joint-reviews/{id}/key", get(joint_review::key))
        .route("/joint-reviews/{id}/remark", post(joint_review::remark).get(joint_review::back))
        .route("/joint-reviews/{id}/ask", post(joint_review::ask).get(joint_review::back))
        .route("/joint-reviews/{id}/dismiss", post(joint_review::dismiss).get(joint_review::back))
        .route("/joint-reviews/{id}/close", post(joint_review::close).get(joint_review::back))
        .route("/joint-reviews/{id}/cancel", post(joint_review::cancel).get(joint_review::back))
}

/// A command on a report. A refused one shows the report under the command's address; reloading that shows the report itself.
fn act<H: Handler<T, Web>, T: 'static>(command: H) -> MethodRouter<Web> {
    post(command).get(report::back)
}
