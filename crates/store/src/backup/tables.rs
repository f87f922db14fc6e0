//! The tables of a backup with their columns, in an order in which each refers to earlier ones only.
//!
//! A new table or column of a migration is a line here; `tests/it/backup.rs` compares the list with the schema of both engines and prints
//! what is missing. Statements are put together while the program is compiled.

use super::{Kind, Table};

/// What a backup leaves out: nobody stays signed in over a restoration, a file that was only chosen is chosen again, and the index of
/// the search box is written anew when the program starts (`unit_terms_…` are SQLite's own tables beneath it).
pub const LEFT_OUT: &[&str] = &[
    "schema_migration",
    "session",
    "upload",
    "unit_search",
    "unit_search_state",
    "unit_terms",
    "unit_terms_config",
    "unit_terms_data",
    "unit_terms_docsize",
    "unit_terms_idx",
];

/// `, $2, $3`: a place for each further column.
macro_rules! places {
    ([$($done:tt)*] [$($left:literal)*]) => { concat!($($done)*) };
    ([$($done:tt)*] [$next:literal $($left:literal)*] $column:ident $($more:ident)*) => {
        places!([$($done)* ", $", $next,] [$($left)*] $($more)*)
    };
}

/// A table: its name, the columns of its primary key (for PostgreSQL with texts in the order of their bytes), its columns.
macro_rules! table {
    ($name:literal by $key:literal $(or $bytewise:literal)? $(else $clash:literal)?; $first:ident $kind:ident $(, $column:ident $more:ident)*) => {
        Table {
            name: $name,
            columns: &[(stringify!($first), Kind::$kind) $(, (stringify!($column), Kind::$more))*],
            count: concat!("select count(*) as n from ", $name),
            select: concat!("select ", stringify!($first) $(, ", ", stringify!($column))*, " from ", $name, " order by ", $key),
            select_on_postgres: bytewise!(
                concat!("select ", stringify!($first) $(, ", ", stringify!($column))*, " from ", $name, " order by "),
                $key $(, $bytewise)?
            ),
            insert: concat!(
                "insert into ", $name, " (", stringify!($first) $(, ", ", stringify!($column))*, ") values ($1",
                places!([] [2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24] $($column)*), ")" $(, $clash)?
            ),
        }
    };
}

/// The order of PostgreSQL, if it must be said otherwise.
macro_rules! bytewise {
    (concat!($($text:tt)*), $key:literal) => { concat!($($text)*, $key) };
    (concat!($($text:tt)*), $key:literal, $bytewise:literal) => { concat!($($text)*, $bytewise) };
}

/// All tables but [`LEFT_OUT`].
#[rustfmt::skip]
pub const TABLES: &[Table] = &[
    table!("journal_leaf" by "seq";
        seq Int, at Instant, actor_id Id, actor_name Text, action Text, object_kind Text, object_id Text, payload Text,
        leaf_hash Bytes, root_hash Bytes),
    table!("journal_head" by "id" else " on conflict (id) do update set seq = excluded.seq, root_hash = excluded.root_hash, frontier = excluded.frontier";
        id Int, seq Int, root_hash Bytes, frontier Bytes),
    table!("job" by "id";
        id Id, kind Text, payload Json, dedup_key Text, state Text, run_at Instant, attempts Int, again Bool, worker Text,
        lease_until Instant, last_error Text, ended_at Instant),
    table!("unit" by "id";
        id Id, usci Text, name Text, area Text, industry Text, standard Text, may_explain Bool, listing Text, parent_id Id,
        details Json, changed_on Day, next_change_on Day, ever_listed Bool, revision Int),
    table!("person" by "id";
        id Id, login Text, name Text, role Text, area Text, unit_id Id, domains Text, password_hash Text, failures Int, failed_at Instant,
        must_change Bool, made_at Instant, used_at Instant, restored_at Instant, post_ends_on Day, notice_until Instant,
        suspended_at Instant, suspended_why Text),
    table!("unit_change" by "unit_id, number";
        unit_id Id, number Int, since Day, recorded_at Instant, recorded_by Id, recorded_by_name Text, origin Text, about Text, facts Json),
    table!("survey_window" by "id";
        id Id, area Text, programme Text, form Text, form_version Text, period Text, period_ends_on Day, opens_at Instant,
        due_at Instant, closes_at Instant, chain Json, opened_at Instant, locked_at Instant),
    table!("report" by "id";
        id Id, unit_id Id, window_id Id, form Text, period Text, period_ends_on Day, state Text, cells Json, versions Int,
        revision Int, submitted_at Instant, is_late Bool, return_reason Text, signed_by Id, authorised_by Id, awaits Text,
        extended_until Instant, mend_by Instant),
    table!("report_version" by "report_id, number";
        report_id Id, number Int, cells Json, cells_hash Text, findings Json, submitted_by Id, submitted_at Instant, changed
        Int),
    table!("finding" by "report_id, position";
        report_id Id, position Int, check_id Text, severity Text, standing Text, body Json),
    table!("explanation" by "report_id, position";
        report_id Id, position Int, body Json),
    table!("ledger_import" by "id";
        id Id, unit_id Id, period Text, file_name Text, file_hash Text, imported_by Id, imported_at Instant, lines Json,
        warnings Json, skipped Json),
    table!("blob" by "sha256" or "sha256 collate \"C\"";
        sha256 Text, kind Text, size Int, content Bytes, added_at Instant),
    table!("record_import" by "id";
        id Id, unit_id Id, period Text, kind Text, file_name Text, file_hash Text, sheet Text, count Int, imported_by Id,
        imported_at Instant, mapping Json, records Json, warnings Json, skipped Json),
    table!("record_mapping" by "unit_id, kind" or "unit_id, kind collate \"C\"";
        unit_id Id, kind Text, mapping Json, saved_by Id, saved_at Instant),
    table!("record_template" by "id";
        id Id, area Text, kind Text, name Text, mapping Json, shared_by Id, shared_at Instant),
    table!("book" by "id";
        id Id, unit_id Id, ledger Text, period Text, period_ends_on Day, cells Json, row_count Int, saved_by Id, saved_at
        Instant),
    table!("attachment" by "id";
        id Id, unit_id Id, period Text, ledger_import_id Id, record_import_id Id, report_id Id, cell Text, file_name Text,
        kind Text, size Int, sha256 Text, note Text, added_by Id, added_at Instant, removed_by Id, removed_at Instant,
        removal_reason Text),
    table!("api_key" by "id";
        id Id, unit_id Id, name Text, prefix Text, secret_hash Text, created_by Id, created_at Instant, expires_at Instant,
        revoked_by Id, revoked_at Instant, last_used_at Instant, for_ledgers Bool, for_cases Bool),
    table!("message" by "id";
        id Id, person_id Id, kind Text, title Text, body Text, about_kind Text, about_id Text, sent_at Instant, read_at
        Instant, is_task Bool),
    table!("reminder" by "id";
        id Id, report_id Id, is_formal Bool, body Text, respond_by Instant, sent_by Id, sent_at Instant),
    table!("correction" by "id";
        id Id, report_id Id, version Int, cause Text, reason Text, wanted Json, asked_by Id, asked_at Instant, stage Text,
        due_at Instant, decision Json, new_version Int),
    table!("query" by "id";
        id Id, report_id Id, unit_id Id, cells Json, source Text, level Text, asked_at Instant, stage Text, due_at Instant,
        answered_at Instant, is_late Bool, reopened Int, outcome Text, cause Text, version Int, version_after Int, turns
        Json, revision Int),
    table!("note" by "id";
        id Id, report_id Id, cell Text, version Int, body Text, is_internal Bool, written_by Id, name Text, level Text, at
        Instant),
    table!("checkpoint" by "size";
        size Int, note Text, at Instant),
    table!("contact" by "person_id, channel" or "person_id, channel collate \"C\"";
        person_id Id, channel Text, address Text, cadence Text, quiet_from Int, quiet_until Int),
    table!("delivery" by "id";
        id Id, person_id Id, channel Text, message_id Id, state Text, detail Text, at Instant),
    table!("trace" by "seq";
        seq Int, report_id Id, person_id Id, at Instant, action Text, address Text, device Text, method Text, seconds Int),
    table!("assessment" by "id";
        id Id, area Text, form Text, period Text, stage Text, overall Text, round Int, judgements Json, turns Json, revision
        Int),
    table!("check_list" by "id";
        id Id, window_id Id, area Text, span Text, first_on Day, number Int, entries Json, handed Json, revision Int),
    table!("joint_review" by "id";
        id Id, window_id Id, form Text, period Text, area Text, topic Text, level Text, called_by Id, called_by_name Text,
        called_at Instant, stage Text, remarks Json, ending Json, ended_at Instant, sheet Json, sheet_hash Text, revision
        Int),
    table!("joint_review_member" by "joint_review_id, number";
        joint_review_id Id, number Int, person_id Id, name Text, unit_id Id),
    table!("joint_review_line" by "joint_review_id, number";
        joint_review_id Id, number Int, report_id Id, unit_id Id),
    table!("outside_import" by "id";
        id Id, item Text, period Text, area Text, file_name Text, file_hash Text, origin Text, measure Text, imported_by Id,
        imported_at Instant, left_count Int, left_rows Json),
    table!("outside_figure" by "import_id, unit_id";
        import_id Id, unit_id Id, row_number Int, value Exact),
    table!("person_browser" by "person_id, browser_hash" or "person_id, browser_hash collate \"C\"";
        person_id Id, browser_hash Text, seen_at Instant),
    table!("password_history" by "id";
        id Id, person_id Id, password_hash Text, set_at Instant),
    table!("second_factor" by "person_id";
        person_id Id, sealed Text, begun_at Instant, confirmed_at Instant, last_step Int),
    table!("recovery_code" by "person_id, code_hash" or "person_id, code_hash collate \"C\"";
        person_id Id, code_hash Text, used_at Instant),
    table!("identity_tie" by "person_id";
        person_id Id, subject_hash Text, made_at Instant),
    table!("security_key" by "id";
        id Id, person_id Id, name Text, credential Text, public_key Text, counter Int, made_at Instant, used_at Instant),
    table!("activation" by "person_id";
        person_id Id, code_hash Text, issued_at Instant, expires_at Instant, used_at Instant, is_reset Bool),
    table!("grid" by "id";
        id Id, area Text, kind Text, name Text, reason Text, since Day, until Day, revision Int),
    table!("grid_unit" by "grid_id, unit_id, since";
        grid_id Id, unit_id Id, since Day, until Day),
    table!("grid_village" by "grid_id, area, since" or "grid_id, area collate \"C\", since";
        grid_id Id, area Text, since Day, until Day),
    table!("organisation" by "id";
        id Id, unit_id Id, planned_key Text, planned Json, revision Int),
    table!("organisation_span" by "organisation_id, from_on";
        organisation_id Id, from_on Day, until_on Day, kind Text, name Text, parent_id Id, code Text, area Text),
    table!("organisation_event" by "id";
        id Id, happened Text, on_date Day, document Text, reason Text, entered_by Id, entered_by_name Text, entered_at
        Instant),
    table!("organisation_event_part" by "event_id, side, position" or "event_id, side collate \"C\", position";
        event_id Id, side Text, position Int, organisation_id Id, name Text, code Text),
    table!("attainment" by "organisation_id, standard, requirement" or "organisation_id, standard collate \"C\", requirement collate \"C\"";
        organisation_id Id, standard Text, requirement Text, turns Json, is_claimed Bool, is_returned Bool, is_accepted
        Bool, in_force_until Day, revision Int),
    table!("attainment_file" by "organisation_id, standard, requirement, sha256" or "organisation_id, standard collate \"C\", requirement collate \"C\", sha256 collate \"C\"";
        organisation_id Id, standard Text, requirement Text, sha256 Text),
    table!("staff" by "id";
        id Id, person_id Id, name Text, born Int, education Text, began Int, revision Int),
    table!("tenure" by "id";
        id Id, staff_id Id, organisation_id Id, unit_id Id, duty Text, time Text, establishment Text, fields Json, work
        Text, document Text, since Day, until Day, left_by Text, revision Int),
    table!("qualification" by "id";
        id Id, staff_id Id, kind Text, number Text, issued_on Day, expires_on Day, struck Text),
    table!("training" by "id";
        id Id, staff_id Id, held_on Day, hours Int, subject Text, organiser Text, passed Bool, struck Text),
    table!("engagement" by "id";
        id Id, tenure_id Id, area Json, surveys Text, supervisor_id Id, agreement Text, secrecy_on Day, since Day, until
        Day, left_by Text, revision Int),
    table!("appraisal" by "id";
        id Id, engagement_id Id, period Text, score Int, grounds Text, appraised_by Id, appraised_at Instant),
    table!("pay_rate" by "id";
        id Id, area Text, task Text, per Text, amount Exact, document Text, since Day, until Day),
    table!("enumerator_work" by "id";
        id Id, engagement_id Id, rate_id Id, done_on Day, quantity Exact, note Text, entered_by Id, entered_at Instant,
        struck Text),
    table!("enumerator_pay" by "engagement_id, month" or "engagement_id, month collate \"C\"";
        engagement_id Id, month Text, lines Json, confirmed_by Id, confirmed_at Instant, paid_by Id, paid_at Instant,
        document Text),
    table!("sponsorship" by "id";
        id Id, staff_id Id, unit_id Id, name Text, area Text, planned Exact, tier Text, document Text, since Day, until Day,
        reason Text),
    table!("project" by "id";
        id Id, unit_id Id, case_id Id, code Text, name Text, kind Text, area Text, industry Text, planned Exact, started_on Day,
        entered_on Day, left_on Day, left_why Text, revision Int),
    table!("sponsor_visit" by "id";
        id Id, sponsorship_id Id, visited_on Day, note Text, noted_by Id, noted_at Instant),
    table!("seat" by "id";
        id Id, staff_id Id, organisation_id Id, grid_id Id, role Text, document Text, since Day, until Day),
    table!("handover" by "id";
        id Id, giver_id Id, tenure_id Id, taker_id Id, document Text, exception Text, papers Text, stage Text, signatures
        Json, begun_at Instant, done_on Day, revision Int),
    table!("case_type" by "sha256" or "sha256 collate \"C\"";
        sha256 Text, type_key Text, version Int, name Text, document Text, kept_at Instant),
    table!("case_record" by "id";
        id Id, type_sha256 Text, type_key Text, title Text, subject_kind Text, subject_id Text, subject_sort Text,
        subject_name Text, area Text, unit_id Id, opened_by Id, opener Json, opened_at Instant, changed_at Instant, state
        Text, state_label Text, is_end Bool, is_bad Bool, due_on Day, steps Json, revision Int, sending Text),
    table!("case_party" by "case_id, part, coalesce(person_id, ''), coalesce(unit_id, ''), coalesce(role, ''), coalesce(area, '')"
        or "case_id, part collate \"C\", coalesce(person_id::text, ''), coalesce(unit_id::text, ''), coalesce(role, '') collate \"C\", coalesce(area, '') collate \"C\"";
        case_id Id, part Text, person_id Id, unit_id Id, role Text, area Text),
    table!("look" by "id";
        id Id, unit_id Id, person_id Id, person_name Text, role Text, purpose Text, what Text, mark Text, at Instant),
    table!("sign_in" by "id";
        id Id, at Instant, person_id Id, outcome Text, failures Int, address Text, browser Text),
    table!("asset" by "id";
        id Id, kind Text, name Text, owner Text, place Text, protection Text, since Day, until Day, remarks Text, struck Text,
        revision Int),
    table!("emergency_plan" by "id";
        id Id, number Int, title Text, body Text, file_name Text, file_hash Text, in_force Day, change Text, drill_id Id,
        person_id Id, person_name Text, at Instant),
    table!("drill" by "id";
        id Id, held_on Day, plan_id Id, scenario Text, people Text, finding Text, file_name Text, file_hash Text, unchanged
        Text, person_id Id, person_name Text, at Instant, revision Int),
    table!("self_check" by "id";
        id Id, standard Text, program Text, fingerprint Text, met Int, read_only Int, not_met Int, not_applicable Int,
        conclusion Text, person_id Id, person_name Text, at Instant),
    table!("security_issue" by "id";
        id Id, drill_id Id, self_check_id Id, requirement Text, words Text, owner Text, due_on Day, done Text, done_by Id,
        done_by_name Text, done_at Instant, revision Int),
    table!("case_file" by "case_id, sha256" or "case_id, sha256 collate \"C\"";
        case_id Id, sha256 Text),
    table!("roster" by "id";
        id Id, department Text, area Text, coverage Text, origin Text, file_name Text, file_hash Text, brought_by Id,
        brought_at Instant, row_count Int, left_count Int),
    table!("roster_row" by "roster_id, number";
        roster_id Id, number Int, line Int, row_hash Text, area Text, code Text, name Text, address Text, town Text, phone Text,
        industry Text, opened Text, standing Text, revenue Exact, remarks Json),
    table!("roster_left" by "roster_id, row_hash" or "roster_id, row_hash collate \"C\"";
        roster_id Id, line Int, row_hash Text, fields Json, reason Text, mended_at Instant),
    table!("roster_run" by "id";
        id Id, roster_id Id, area Text, state Text, says Text, report Json, fingerprint Text, asked_by Id, asked_at Instant,
        worker Text, lease_until Instant, ended_at Instant),
    table!("roster_pair" by "run_id, number";
        run_id Id, number Int, sort Text, unit_id Id, other_id Id, row_number Int, area Text, bits Int, band Text, follows Text,
        verdict Text, differences Json, evidence Json, choice Text, decided_by Id, decided_at Instant, revision Int),
    table!("roster_decision" by "run_id, number, step";
        run_id Id, number Int, step Int, choice Text, decided_by Id, decided_at Instant),
    table!("prospect" by "id";
        id Id, area Text, unit_id Id, code Text, name Text, address Text, phone Text, industry Text, kind Text, quarter Text,
        revenue Exact, threshold Exact, source Text, state Text, reason Text, due_on Day, entered_by Id, entered_at Instant,
        verified_by Id, verified_at Instant, changed_at Instant, revision Int),
    table!("prospect_step" by "prospect_id, number";
        prospect_id Id, number Int, act Text, state Text, reason Text, taken_by Id, taken_at Instant),
    table!("onboarding" by "id";
        id Id, unit_id Id, listed_on Day, items Json, began_at Instant),
    table!("onboarding_act" by "id";
        id Id, onboarding_id Id, item Text, done_on Day, note Text, link Text, file_name Text, file_hash Text, by_id Id,
        by_name Text, is_by_unit Bool, noted_at Instant, struck Text, struck_by Text, struck_at Instant),
    table!("sampling_frame" by "id";
        id Id, area Text, definition Json, known_at Instant, row_count Int, strata Json, sha256 Text, sha256_gb Text, size
        Int, file_hash Text, frozen_by Id, frozen_by_name Text, frozen_at Instant),
    table!("sampling_frame_job" by "id";
        id Id, area Text, definition Json, state Text, says Text, asked_by Id, asked_at Instant, worker Text, lease_until
        Instant, ended_at Instant),
];
