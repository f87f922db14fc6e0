-- The journal, its head, and the jobs that leave with a change.

create table journal_leaf (
    seq integer primary key not null,
    at text not null,
    actor_id text,
    actor_name text not null,
    action text not null,
    object_kind text not null,
    object_id text not null,
    payload text not null,
    leaf_hash blob not null,
    root_hash blob not null
) strict;
create index journal_leaf_object_idx on journal_leaf (object_kind, object_id, seq);

-- One row: how far the journal goes, and the right edge of its tree.
create table journal_head (
    id integer primary key not null constraint journal_head_id_check check (id = 1),
    seq integer not null,
    root_hash blob not null,
    frontier blob not null
) strict;
-- SHA-256 of nothing: the root of the empty tree.
insert into journal_head (id, seq, root_hash, frontier)
values (1, 0, x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', x'');

create table job (
    id text primary key not null,
    kind text not null,
    payload text not null,
    dedup_key text,
    state text not null constraint job_state_check check (state in ('ready', 'running', 'done', 'dead')),
    run_at text not null,
    attempts integer not null,
    again integer not null,
    worker text,
    lease_until text,
    last_error text,
    ended_at text
) strict;
create index job_state_idx on job (state, run_at);
create unique index job_dedup_key on job (dedup_key) where ended_at is null;
