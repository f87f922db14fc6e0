-- Security keys, and the question that the key of a session has to answer.

create table security_key (
    id uuid primary key not null,
    person_id uuid not null references person (id),
    name text not null,
    credential text not null,
    public_key text not null,
    counter bigint not null,
    made_at timestamptz not null,
    used_at timestamptz
);
create unique index security_key_credential_key on security_key (credential);
create index security_key_person_idx on security_key (person_id);

alter table session add column challenge text;
alter table session add column challenged_at timestamptz;
