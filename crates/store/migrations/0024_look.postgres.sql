-- Who looked at a unit's data, and who took files out of the program. Nothing is changed or taken away.

create table look (
    id uuid primary key not null,
    unit_id uuid references unit (id),
    person_id uuid not null references person (id),
    person_name text not null,
    role text not null,
    purpose text not null,
    what text not null,
    mark text not null,
    at timestamptz not null
);
create index look_unit_idx on look (unit_id, at);
create index look_person_idx on look (person_id, at);
create index look_at_idx on look (at);
create unique index look_mark_key on look (mark) where mark <> '';

-- The journal by time and by who acted, for those who audit it.
create index journal_leaf_actor_idx on journal_leaf (actor_id, seq);
