-- Security keys, and the question that the key of a session has to answer.

create table security_key (
    id text primary key not null,
    person_id text not null references person (id),
    name text not null,
    credential text not null,
    public_key text not null,
    counter integer not null,
    made_at text not null,
    used_at text
) strict;
create unique index security_key_credential_key on security_key (credential);
create index security_key_person_idx on security_key (person_id);

alter table session add column challenge text;
alter table session add column challenged_at text;
