-- Network security: from where people signed in and what was tried in vain, the list of assets, the emergency plan in its versions, drills,
-- yearly self-checks, and what is to be done about what they found. Nothing is deleted.

create table sign_in (
    id text primary key not null,
    at text not null,
    person_id text references person (id),
    outcome text not null,
    failures integer not null,
    address text not null,
    browser text not null
) strict;
create index sign_in_at_idx on sign_in (at);

create table asset (
    id text primary key not null,
    kind text not null,
    name text not null,
    owner text not null,
    place text not null,
    protection text not null,
    since text,
    until text,
    remarks text not null,
    struck text not null,
    revision integer not null
) strict;

create table emergency_plan (
    id text primary key not null,
    number integer not null,
    title text not null,
    body text not null,
    file_name text not null,
    file_hash text references blob (sha256),
    in_force text not null,
    change text not null,
    drill_id text,
    person_id text not null references person (id),
    person_name text not null,
    at text not null
) strict;
create unique index emergency_plan_number_key on emergency_plan (number);

create table drill (
    id text primary key not null,
    held_on text not null,
    plan_id text not null references emergency_plan (id),
    scenario text not null,
    people text not null,
    finding text not null,
    file_name text not null,
    file_hash text references blob (sha256),
    unchanged text not null,
    person_id text not null references person (id),
    person_name text not null,
    at text not null,
    revision integer not null
) strict;

create table self_check (
    id text primary key not null,
    standard text not null,
    program text not null,
    fingerprint text not null,
    met integer not null,
    read_only integer not null,
    not_met integer not null,
    not_applicable integer not null,
    conclusion text not null,
    person_id text not null references person (id),
    person_name text not null,
    at text not null
) strict;

create table security_issue (
    id text primary key not null,
    drill_id text references drill (id),
    self_check_id text references self_check (id),
    requirement text not null,
    words text not null,
    owner text not null,
    due_on text,
    done text not null,
    done_by text references person (id),
    done_by_name text not null,
    done_at text,
    revision integer not null
) strict;
create index security_issue_drill_idx on security_issue (drill_id);
