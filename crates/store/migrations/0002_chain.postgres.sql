-- The chain from the register to the accepted report. The cells of a report are one document; these tables hold
-- who, what, when and which state.

create table unit (
    id uuid primary key not null,
    usci text not null,
    name text not null,
    area text not null,
    industry text not null,
    standard text not null,
    may_explain boolean not null,
    revision bigint not null
);
create unique index unit_usci_key on unit (usci);
create index unit_area_idx on unit (area);

create table person (
    id uuid primary key not null,
    login text not null,
    name text not null,
    role text not null,
    area text not null,
    unit_id uuid references unit (id),
    password_hash text not null,
    failures bigint not null,
    failed_at timestamptz
);
create unique index person_login_key on person (login);

create table session (
    id uuid primary key not null,
    person_id uuid not null references person (id),
    token_hash text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null
);
create unique index session_token_hash_key on session (token_hash);

create table survey_window (
    id uuid primary key not null,
    area text not null,
    programme text not null,
    form text not null,
    form_version text not null,
    period text not null,
    period_ends_on date not null,
    opens_at timestamptz not null,
    due_at timestamptz not null,
    closes_at timestamptz not null
);
create unique index survey_window_area_form_period_key on survey_window (area, form, period);

create table report (
    id uuid primary key not null,
    unit_id uuid not null references unit (id),
    window_id uuid not null references survey_window (id),
    form text not null,
    period text not null,
    period_ends_on date not null,
    state text not null,
    cells jsonb not null,
    versions bigint not null,
    revision bigint not null,
    submitted_at timestamptz,
    is_late boolean not null,
    return_reason text,
    signed_by uuid references person (id),
    authorised_by uuid references person (id)
);
create unique index report_unit_form_period_key on report (unit_id, form, period);
create index report_window_idx on report (window_id, state);

create table report_version (
    report_id uuid not null references report (id),
    number bigint not null,
    cells jsonb not null,
    cells_hash text not null,
    findings jsonb not null,
    submitted_by uuid not null references person (id),
    submitted_at timestamptz not null,
    primary key (report_id, number)
);

create table finding (
    report_id uuid not null references report (id),
    position bigint not null,
    check_id text not null,
    severity text not null,
    standing text not null,
    body jsonb not null,
    primary key (report_id, position)
);

create table explanation (
    report_id uuid not null references report (id),
    position bigint not null,
    body jsonb not null,
    primary key (report_id, position)
);

create table ledger_import (
    id uuid primary key not null,
    unit_id uuid not null references unit (id),
    period text not null,
    file_name text not null,
    file_hash text not null,
    imported_by uuid not null references person (id),
    imported_at timestamptz not null,
    lines jsonb not null,
    warnings jsonb not null,
    skipped jsonb not null
);
create index ledger_import_unit_period_idx on ledger_import (unit_id, period, imported_at);
