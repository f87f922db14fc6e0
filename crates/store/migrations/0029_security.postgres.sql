-- Network security: from where people signed in and what was tried in vain, the list of assets, the emergency plan in its versions, drills,
-- yearly self-checks, and what is to be done about what they found. Nothing is deleted.

create table sign_in (
    id uuid primary key not null,
    at timestamptz not null,
    person_id uuid references person (id),
    outcome text not null,
    failures bigint not null,
    address text not null,
    browser text not null
);
create index sign_in_at_idx on sign_in (at);

create table asset (
    id uuid primary key not null,
    kind text not null,
    name text not null,
    owner text not null,
    place text not null,
    protection text not null,
    since date,
    until date,
    remarks text not null,
    struck text not null,
    revision bigint not null
);

create table emergency_plan (
    id uuid primary key not null,
    number bigint not null,
    title text not null,
    body text not null,
    file_name text not null,
    file_hash text references blob (sha256),
    in_force date not null,
    change text not null,
    drill_id uuid,
    person_id uuid not null references person (id),
    person_name text not null,
    at timestamptz not null
);
create unique index emergency_plan_number_key on emergency_plan (number);

create table drill (
    id uuid primary key not null,
    held_on date not null,
    plan_id uuid not null references emergency_plan (id),
    scenario text not null,
    people text not null,
    finding text not null,
    file_name text not null,
    file_hash text references blob (sha256),
    unchanged text not null,
    person_id uuid not null references person (id),
    person_name text not null,
    at timestamptz not null,
    revision bigint not null
);

create table self_check (
    id uuid primary key not null,
    standard text not null,
    program text not null,
    fingerprint text not null,
    met bigint not null,
    read_only bigint not null,
    not_met bigint not null,
    not_applicable bigint not null,
    conclusion text not null,
    person_id uuid not null references person (id),
    person_name text not null,
    at timestamptz not null
);

create table security_issue (
    id uuid primary key not null,
    drill_id uuid references drill (id),
    self_check_id uuid references self_check (id),
    requirement text not null,
    words text not null,
    owner text not null,
    due_on date,
    done text not null,
    done_by uuid references person (id),
    done_by_name text not null,
    done_at timestamptz,
    revision bigint not null
);
create index security_issue_drill_idx on security_issue (drill_id);
