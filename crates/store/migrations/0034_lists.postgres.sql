-- Lists of units that other departments keep: their rows without names of persons, rows that were left with the reason, runs that match
-- them with the register, the pairs that were found, and what people decided about each. Prospects are units near or above a line of the
-- register, with every act on them.

create table roster (
    id uuid primary key not null,
    department text not null,
    area text not null,
    coverage text not null,
    origin text not null,
    file_name text not null,
    file_hash text not null,
    brought_by uuid references person (id),
    brought_at timestamptz not null,
    row_count bigint not null,
    left_count bigint not null
);
create index roster_at_idx on roster (brought_at);

create table roster_row (
    roster_id uuid not null references roster (id),
    number bigint not null,
    line bigint not null,
    row_hash text not null,
    area text not null,
    code text not null,
    name text not null,
    address text not null,
    town text not null,
    phone text not null,
    industry text not null,
    opened text not null,
    standing text not null,
    revenue numeric,
    remarks jsonb not null,
    primary key (roster_id, number)
);
create unique index roster_row_hash_key on roster_row (roster_id, row_hash);
create index roster_row_code_idx on roster_row (roster_id, code);

create table roster_left (
    roster_id uuid not null references roster (id),
    line bigint not null,
    row_hash text not null,
    fields jsonb not null,
    reason text not null,
    mended_at timestamptz,
    primary key (roster_id, row_hash)
);
create index roster_left_line_idx on roster_left (roster_id, line);

create table roster_run (
    id uuid primary key not null,
    roster_id uuid references roster (id),
    area text not null,
    state text not null,
    says text not null,
    report jsonb not null,
    fingerprint text not null,
    asked_by uuid references person (id),
    asked_at timestamptz not null,
    worker text,
    lease_until timestamptz,
    ended_at timestamptz
);
create index roster_run_state_idx on roster_run (state, asked_at);
create index roster_run_roster_idx on roster_run (roster_id, asked_at);

create table roster_pair (
    run_id uuid not null references roster_run (id),
    number bigint not null,
    sort text not null,
    unit_id uuid references unit (id),
    other_id uuid references unit (id),
    row_number bigint,
    area text not null,
    bits bigint not null,
    band text not null,
    follows text not null,
    verdict text not null,
    differences jsonb not null,
    evidence jsonb not null,
    choice text,
    decided_by uuid references person (id),
    decided_at timestamptz,
    revision bigint not null,
    primary key (run_id, number)
);
create index roster_pair_verdict_idx on roster_pair (run_id, verdict, bits);
create index roster_pair_unit_idx on roster_pair (run_id, unit_id);
create index roster_pair_row_idx on roster_pair (run_id, row_number);

create table roster_decision (
    run_id uuid not null references roster_run (id),
    number bigint not null,
    step bigint not null,
    choice text not null,
    decided_by uuid not null references person (id),
    decided_at timestamptz not null,
    primary key (run_id, number, step)
);

create table prospect (
    id uuid primary key not null,
    area text not null,
    unit_id uuid references unit (id),
    code text not null,
    name text not null,
    address text not null,
    phone text not null,
    industry text not null,
    kind text not null,
    quarter text not null,
    revenue numeric not null,
    threshold numeric not null,
    source text not null,
    state text not null,
    reason text not null,
    due_on date,
    entered_by uuid not null references person (id),
    entered_at timestamptz not null,
    verified_by uuid references person (id),
    verified_at timestamptz,
    changed_at timestamptz not null,
    revision bigint not null
);
create index prospect_area_idx on prospect (area, state);
create index prospect_code_idx on prospect (code);

create table prospect_step (
    prospect_id uuid not null references prospect (id),
    number bigint not null,
    act text not null,
    state text not null,
    reason text not null,
    taken_by uuid not null references person (id),
    taken_at timestamptz not null,
    primary key (prospect_id, number)
);
