-- Source records, the files that they came from, and how columns are read. A file is kept once, by its fingerprint, in the
-- data base: so it is there exactly when the import that names it is, and one backup holds both.

create table blob (
    sha256 text primary key not null,
    kind text not null,
    size bigint not null,
    content bytea not null,
    added_at timestamptz not null
);

-- A file between its choice and its import; gone after a day.
create table upload (
    id uuid primary key not null,
    unit_id uuid not null references unit (id),
    period text not null,
    file_name text not null,
    content bytea not null,
    uploaded_by uuid not null references person (id),
    uploaded_at timestamptz not null
);
create index upload_uploaded_by_idx on upload (uploaded_by);

create table record_import (
    id uuid primary key not null,
    unit_id uuid not null references unit (id),
    period text not null,
    kind text not null,
    file_name text not null,
    file_hash text not null,
    sheet text not null,
    count bigint not null,
    imported_by uuid not null references person (id),
    imported_at timestamptz not null,
    mapping jsonb not null,
    records jsonb not null,
    warnings jsonb not null,
    skipped jsonb not null
);
create index record_import_unit_period_idx on record_import (unit_id, period, kind, imported_at);

-- How a unit's own files of a kind are read, as somebody last agreed.
create table record_mapping (
    unit_id uuid not null references unit (id),
    kind text not null,
    mapping jsonb not null,
    saved_by uuid not null references person (id),
    saved_at timestamptz not null,
    primary key (unit_id, kind)
);

create table record_template (
    id uuid primary key not null,
    area text not null,
    kind text not null,
    name text not null,
    mapping jsonb not null,
    shared_by uuid not null references person (id),
    shared_at timestamptz not null
);
create unique index record_template_area_kind_name_key on record_template (area, kind, name);
