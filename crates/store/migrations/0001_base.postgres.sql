-- The journal, its head, and the jobs that leave with a change.

create table journal_leaf (
    seq bigint primary key not null,
    at timestamptz not null,
    actor_id uuid,
    actor_name text not null,
    action text not null,
    object_kind text not null,
    object_id text not null,
    payload text not null,
    leaf_hash bytea not null,
    root_hash bytea not null
);
create index journal_leaf_object_idx on journal_leaf (object_kind, object_id, seq);

-- One row: how far the journal goes, and the right edge of its tree. Locked by whoever appends.
create table journal_head (
    id bigint primary key not null constraint journal_head_id_check check (id = 1),
    seq bigint not null,
    root_hash bytea not null,
    frontier bytea not null
);
-- SHA-256 of nothing: the root of the empty tree.
insert into journal_head (id, seq, root_hash, frontier)
values (1, 0, '\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '');

create table job (
    id uuid primary key not null,
    kind text not null,
    payload jsonb not null,
    dedup_key text,
    state text not null constraint job_state_check check (state in ('ready', 'running', 'done', 'dead')),
    run_at timestamptz not null,
    attempts bigint not null,
    again boolean not null,
    worker text,
    lease_until timestamptz,
    last_error text,
    ended_at timestamptz
);
create index job_state_idx on job (state, run_at);
create unique index job_dedup_key on job (dedup_key) where ended_at is null;

-- SQLite has json_each built in. With this namesake a list is bound as one JSON array in the same words on both engines:
-- where area in (select value from json_each($1))
create function json_each(list jsonb) returns table (value text) language sql immutable
    as 'select jsonb_array_elements_text(list)';
