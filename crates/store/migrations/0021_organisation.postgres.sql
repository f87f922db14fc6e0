-- Organisations as they were and are: a span for every name, parent and code, from one day until another. Nothing is deleted. What happened
-- stands with its document, and names what was before and after with their codes: from that, an area code of one day is told on another.

create table organisation (
    id uuid primary key not null,
    unit_id uuid references unit (id),
    planned_key text,
    planned jsonb,
    revision bigint not null
);
create unique index organisation_unit_key on organisation (unit_id) where unit_id is not null;
create unique index organisation_planned_key on organisation (planned_key) where planned_key is not null;

create table organisation_span (
    organisation_id uuid not null references organisation (id),
    from_on date not null,
    until_on date,
    kind text not null,
    name text not null,
    parent_id uuid references organisation (id),
    code text,
    area text not null,
    primary key (organisation_id, from_on)
);
create index organisation_span_area_idx on organisation_span (area, from_on);
create index organisation_span_parent_idx on organisation_span (parent_id);
-- One open span each, and one bearer of a code at a time.
create unique index organisation_span_open_key on organisation_span (organisation_id) where until_on is null;
create unique index organisation_span_code_key on organisation_span (code) where until_on is null and code is not null;

create table organisation_event (
    id uuid primary key not null,
    happened text not null,
    on_date date not null,
    document text not null,
    reason text not null,
    entered_by uuid references person (id),
    entered_by_name text not null,
    entered_at timestamptz not null
);

create table organisation_event_part (
    event_id uuid not null references organisation_event (id),
    side text not null,
    position bigint not null,
    organisation_id uuid not null references organisation (id),
    name text not null,
    code text,
    primary key (event_id, side, position)
);
create index organisation_event_part_organisation_idx on organisation_event_part (organisation_id);
create index organisation_event_part_code_idx on organisation_event_part (code) where code is not null;

-- What an organisation must have, item by item: the story as a document, where it stands in columns.
create table attainment (
    organisation_id uuid not null references organisation (id),
    standard text not null,
    requirement text not null,
    turns jsonb not null,
    is_claimed boolean not null,
    is_returned boolean not null,
    is_accepted boolean not null,
    in_force_until date,
    revision bigint not null,
    primary key (organisation_id, standard, requirement)
);

create table attainment_file (
    organisation_id uuid not null,
    standard text not null,
    requirement text not null,
    sha256 text not null references blob (sha256),
    primary key (organisation_id, standard, requirement, sha256),
    foreign key (organisation_id, standard, requirement) references attainment (organisation_id, standard, requirement)
);
