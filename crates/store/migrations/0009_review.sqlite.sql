-- What offices and units say to each other about figures: corrections, queries, notes.

-- Until when a returned report should be handed in again.
alter table report add column mend_by text;

create table correction (
    id text primary key not null,
    report_id text not null references report (id),
    version integer not null,
    cause text not null,
    reason text not null,
    wanted text not null,
    asked_by text not null references person (id),
    asked_at text not null,
    stage text not null,
    due_at text not null,
    decision text,
    new_version integer
) strict;
create index correction_report_idx on correction (report_id, asked_at);
-- One open correction per report.
create unique index correction_open_key on correction (report_id) where stage in ('asked', 'approved');
create index correction_stage_idx on correction (stage, due_at);

create table query (
    id text primary key not null,
    report_id text not null references report (id),
    unit_id text not null references unit (id),
    cells text not null,
    source text not null,
    level text not null,
    asked_at text not null,
    stage text not null,
    due_at text not null,
    answered_at text,
    is_late integer not null,
    reopened integer not null,
    outcome text,
    cause text,
    version integer not null,
    version_after integer,
    turns text not null,
    revision integer not null
) strict;
create index query_report_idx on query (report_id, asked_at);
create index query_unit_idx on query (unit_id, stage);
create index query_stage_idx on query (stage, due_at);

create table note (
    id text primary key not null,
    report_id text not null references report (id),
    cell text,
    version integer not null,
    body text not null,
    is_internal integer not null,
    written_by text not null references person (id),
    name text not null,
    level text,
    at text not null
) strict;
create index note_report_idx on note (report_id, at);
