-- Accounts that are opened without a password: the letter that counts, by the hash of its code, and when the account was activated.

create table activation (
    person_id uuid primary key not null references person (id),
    code_hash text,
    issued_at timestamptz,
    expires_at timestamptz,
    used_at timestamptz,
    is_reset boolean not null
);
create index activation_waiting_idx on activation (expires_at) where used_at is null;
