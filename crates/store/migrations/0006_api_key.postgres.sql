-- Keys by which a program of a unit hands in ledgers. Of the secret only its hash is here; the prefix is for people's eyes.

create table api_key (
    id uuid primary key not null,
    unit_id uuid not null references unit (id),
    name text not null,
    prefix text not null,
    secret_hash text not null,
    created_by uuid not null references person (id),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_by uuid references person (id),
    revoked_at timestamptz,
    last_used_at timestamptz,
    constraint api_key_revoked_check check ((revoked_by is null) = (revoked_at is null))
);
create unique index api_key_secret_hash_key on api_key (secret_hash);
create index api_key_unit_idx on api_key (unit_id, created_at);
