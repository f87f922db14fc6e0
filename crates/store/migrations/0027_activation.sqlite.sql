-- Accounts that are opened without a password: the letter that counts, by the hash of its code, and when the account was activated.

create table activation (
    person_id text primary key not null references person (id),
    code_hash text,
    issued_at text,
    expires_at text,
    used_at text,
    is_reset integer not null
) strict;
create index activation_waiting_idx on activation (expires_at) where used_at is null;
