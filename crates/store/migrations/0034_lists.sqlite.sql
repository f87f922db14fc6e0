-- Lists of units that other departments keep: their rows without names of persons, rows that were left with the reason, runs that match
-- them with the register, the pairs that were found, and what people decided about each. Prospects are units near or above a line of the
-- register, with every act on them.

create table roster (
    id text primary key not null,
    department text not null,
    area text not null,
    coverage text not null,
    origin text not null,
    file_name text not null,
    file_hash text not null,
    brought_by text references person (id),
    brought_at text not null,
    row_count integer not null,
    left_count integer not null
) strict;
create index roster_at_idx on roster (brought_at);

create table roster_row (
    roster_id text not null references roster (id),
    number integer not null,
    line integer not null,
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
    revenue text,
    remarks text not null,
    primary key (roster_id, number)
) strict;
create unique index roster_row_hash_key on roster_row (roster_id, row_hash);
create index roster_row_code_idx on roster_row (roster_id, code);

create table roster_left (
    roster_id text not null references roster (id),
    line integer not null,
    row_hash text not null,
    fields text not null,
    reason text not null,
    mended_at text,
    primary key (roster_id, row_hash)
) strict;
create index roster_left_line_idx on roster_left (roster_id, line);

create table roster_run (
    id text primary key not null,
    roster_id text references roster (id),
    area text not null,
    state text not null,
    says text not null,
    report text not null,
    fingerprint text not null,
    asked_by text references person (id),
    asked_at text not null,
    worker text,
    lease_until text,
    ended_at text
) strict;
create index roster_run_state_idx on roster_run (state, asked_at);
create index roster_run_roster_idx on roster_run (roster_id, asked_at);

create table roster_pair (
    run_id text not null references roster_run (id),
    number integer not null,
    sort text not null,
    unit_id text references unit (id),
    other_id text references unit (id),
    row_number integer,
    area text not null,
    bits integer not null,
    band text not null,
    follows text not null,
    verdict text not null,
    differences text not null,
    evidence text not null,
    choice text,
    decided_by text references person (id),
    decided_at text,
    revision integer not null,
    primary key (run_id, number)
) strict;
create index roster_pair_verdict_idx on roster_pair (run_id, verdict, bits);
create index roster_pair_unit_idx on roster_pair (run_id, unit_id);
create index roster_pair_row_idx on roster_pair (run_id, row_number);

create table roster_decision (
    run_id text not null references roster_run (id),
    number integer not null,
    step integer not null,
    choice text not null,
    decided_by text not null references person (id),
    decided_at text not null,
    primary key (run_id, number, step)
) strict;

create table prospect (
    id text primary key not null,
    area text not null,
    unit_id text references unit (id),
    code text not null,
    name text not null,
    address text not null,
    phone text not null,
    industry text not null,
    kind text not null,
    quarter text not null,
    revenue text not null,
    threshold text not null,
    source text not null,
    state text not null,
    reason text not null,
    due_on text,
    entered_by text not null references person (id),
    entered_at text not null,
    verified_by text references person (id),
    verified_at text,
    changed_at text not null,
    revision integer not null
) strict;
create index prospect_area_idx on prospect (area, state);
create index prospect_code_idx on prospect (code);

create table prospect_step (
    prospect_id text not null references prospect (id),
    number integer not null,
    act text not null,
    state text not null,
    reason text not null,
    taken_by text not null references person (id),
    taken_at text not null,
    primary key (prospect_id, number)
) strict;
