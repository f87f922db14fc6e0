-- Ties of accounts to an identity platform: of what somebody is called there only a hash.

create table identity_tie (
    person_id uuid primary key not null references person (id),
    subject_hash text not null,
    made_at timestamptz not null
);
create unique index identity_tie_subject_hash_key on identity_tie (subject_hash);
