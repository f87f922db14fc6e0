-- Keys by which a program of a unit hands in ledgers. Of the secret only its hash is here; the prefix is for people's eyes.

create table api_key (
    id text primary key not null,
    unit_id text not null references unit (id),
    name text not null,
    prefix text not null,
    secret_hash text not null,
    created_by text not null references person (id),
    created_at text not null,
    expires_at text not null,
    revoked_by text references person (id),
    revoked_at text,
    last_used_at text,
    constraint api_key_revoked_check check ((revoked_by is null) = (revoked_at is null))
) strict;
create unique index api_key_secret_hash_key on api_key (secret_hash);
create index api_key_unit_idx on api_key (unit_id, created_at);
