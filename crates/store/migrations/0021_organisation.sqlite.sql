-- Organisations as they were and are: a span for every name, parent and code, from one day until another. Nothing is deleted. What happened
-- stands with its document, and names what was before and after with their codes: from that, an area code of one day is told on another.

create table organisation (
    id text primary key not null,
    unit_id text references unit (id),
    planned_key text,
    planned text,
    revision integer not null
) strict;
create unique index organisation_unit_key on organisation (unit_id) where unit_id is not null;
create unique index organisation_planned_key on organisation (planned_key) where planned_key is not null;

create table organisation_span (
    organisation_id text not null references organisation (id),
    from_on text not null,
    until_on text,
    kind text not null,
    name text not null,
    parent_id text references organisation (id),
    code text,
    area text not null,
    primary key (organisation_id, from_on)
) strict;
create index organisation_span_area_idx on organisation_span (area, from_on);
create index organisation_span_parent_idx on organisation_span (parent_id);
-- One open span each, and one bearer of a code at a time.
create unique index organisation_span_open_key on organisation_span (organisation_id) where until_on is null;
create unique index organisation_span_code_key on organisation_span (code) where until_on is null and code is not null;

create table organisation_event (
    id text primary key not null,
    happened text not null,
    on_date text not null,
    document text not null,
    reason text not null,
    entered_by text references person (id),
    entered_by_name text not null,
    entered_at text not null
) strict;

create table organisation_event_part (
    event_id text not null references organisation_event (id),
    side text not null,
    position integer not null,
    organisation_id text not null references organisation (id),
    name text not null,
    code text,
    primary key (event_id, side, position)
) strict;
create index organisation_event_part_organisation_idx on organisation_event_part (organisation_id);
create index organisation_event_part_code_idx on organisation_event_part (code) where code is not null;

-- What an organisation must have, item by item: the story as a document, where it stands in columns.
create table attainment (
    organisation_id text not null references organisation (id),
    standard text not null,
    requirement text not null,
    turns text not null,
    is_claimed integer not null,
    is_returned integer not null,
    is_accepted integer not null,
    in_force_until text,
    revision integer not null,
    primary key (organisation_id, standard, requirement)
) strict;

create table attainment_file (
    organisation_id text not null,
    standard text not null,
    requirement text not null,
    sha256 text not null references blob (sha256),
    primary key (organisation_id, standard, requirement, sha256),
    foreign key (organisation_id, standard, requirement) references attainment (organisation_id, standard, requirement)
) strict;
