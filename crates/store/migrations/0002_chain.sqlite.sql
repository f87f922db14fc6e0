-- The chain from the register to the accepted report. The cells of a report are one document; these tables hold
-- who, what, when and which state.

create table unit (
    id text primary key not null,
    usci text not null,
    name text not null,
    area text not null,
    industry text not null,
    standard text not null,
    may_explain integer not null,
    revision integer not null
) strict;
create unique index unit_usci_key on unit (usci);
create index unit_area_idx on unit (area);

create table person (
    id text primary key not null,
    login text not null,
    name text not null,
    role text not null,
    area text not null,
    unit_id text references unit (id),
    password_hash text not null,
    failures integer not null,
    failed_at text
) strict;
create unique index person_login_key on person (login);

create table session (
    id text primary key not null,
    person_id text not null references person (id),
    token_hash text not null,
    created_at text not null,
    seen_at text not null
) strict;
create unique index session_token_hash_key on session (token_hash);

create table survey_window (
    id text primary key not null,
    area text not null,
    programme text not null,
    form text not null,
    form_version text not null,
    period text not null,
    period_ends_on text not null,
    opens_at text not null,
    due_at text not null,
    closes_at text not null
) strict;
create unique index survey_window_area_form_period_key on survey_window (area, form, period);

create table report (
    id text primary key not null,
    unit_id text not null references unit (id),
    window_id text not null references survey_window (id),
    form text not null,
    period text not null,
    period_ends_on text not null,
    state text not null,
    cells text not null,
    versions integer not null,
    revision integer not null,
    submitted_at text,
    is_late integer not null,
    return_reason text,
    signed_by text references person (id),
    authorised_by text references person (id)
) strict;
create unique index report_unit_form_period_key on report (unit_id, form, period);
create index report_window_idx on report (window_id, state);

create table report_version (
    report_id text not null references report (id),
    number integer not null,
    cells text not null,
    cells_hash text not null,
    findings text not null,
    submitted_by text not null references person (id),
    submitted_at text not null,
    primary key (report_id, number)
) strict;

create table finding (
    report_id text not null references report (id),
    position integer not null,
    check_id text not null,
    severity text not null,
    standing text not null,
    body text not null,
    primary key (report_id, position)
) strict;

create table explanation (
    report_id text not null references report (id),
    position integer not null,
    body text not null,
    primary key (report_id, position)
) strict;

create table ledger_import (
    id text primary key not null,
    unit_id text not null references unit (id),
    period text not null,
    file_name text not null,
    file_hash text not null,
    imported_by text not null references person (id),
    imported_at text not null,
    lines text not null,
    warnings text not null,
    skipped text not null
) strict;
create index ledger_import_unit_period_idx on ledger_import (unit_id, period, imported_at);
