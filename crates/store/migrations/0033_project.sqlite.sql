-- Projects of units, as they entered by a case and left again; and what units that look alike are found by.
create table project (
    id text primary key not null,
    unit_id text not null references unit (id),
    case_id text not null references case_record (id),
    code text not null,
    name text not null,
    kind text not null,
    area text not null,
    industry text not null,
    planned text not null,
    started_on text not null,
    entered_on text not null,
    left_on text,
    left_why text,
    revision integer not null
) strict;
-- A project is entered once; one without a code by its name within its unit.
create unique index project_code_key on project (code) where code <> '' and left_on is null;
create unique index project_name_key on project (unit_id, name) where left_on is null;
create unique index project_case_key on project (case_id);

create index unit_same_name_idx on unit (name);
create index unit_same_body_idx on unit (substr(usci, 9, 9));
create index unit_same_phone_idx on unit (json_extract(details, '$.phone'));
create index unit_same_address_idx on unit (json_extract(details, '$.address'));
create index unit_change_sample_idx on unit_change (json_extract(facts, '$.sample_code'))
    where json_extract(facts, '$.sample_code') is not null;
create index case_subject_idx on case_record (subject_id, type_key) where not is_end;
