-- Ties of accounts to an identity platform: of what somebody is called there only a hash.

create table identity_tie (
    person_id text primary key not null references person (id),
    subject_hash text not null,
    made_at text not null
) strict;
create unique index identity_tie_subject_hash_key on identity_tie (subject_hash);
