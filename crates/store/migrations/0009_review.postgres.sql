-- What offices and units say to each other about figures: corrections, queries, notes.

-- Until when a returned report should be handed in again.
alter table report add column mend_by timestamptz;

create table correction (
    id uuid primary key not null,
    report_id uuid not null references report (id),
    version bigint not null,
    cause text not null,
    reason text not null,
    wanted jsonb not null,
    asked_by uuid not null references person (id),
    asked_at timestamptz not null,
    stage text not null,
    due_at timestamptz not null,
    decision jsonb,
    new_version bigint
);
create index correction_report_idx on correction (report_id, asked_at);
-- One open correction per report.
create unique index correction_open_key on correction (report_id) where stage in ('asked', 'approved');
create index correction_stage_idx on correction (stage, due_at);

create table query (
    id uuid primary key not null,
    report_id uuid not null references report (id),
    unit_id uuid not null references unit (id),
    cells jsonb not null,
    source text not null,
    level text not null,
    asked_at timestamptz not null,
    stage text not null,
    due_at timestamptz not null,
    answered_at timestamptz,
    is_late boolean not null,
    reopened bigint not null,
    outcome text,
    cause text,
    version bigint not null,
    version_after bigint,
    turns jsonb not null,
    revision bigint not null
);
create index query_report_idx on query (report_id, asked_at);
create index query_unit_idx on query (unit_id, stage);
create index query_stage_idx on query (stage, due_at);

create table note (
    id uuid primary key not null,
    report_id uuid not null references report (id),
    cell text,
    version bigint not null,
    body text not null,
    is_internal boolean not null,
    written_by uuid not null references person (id),
    name text not null,
    level text,
    at timestamptz not null
);
create index note_report_idx on note (report_id, at);
