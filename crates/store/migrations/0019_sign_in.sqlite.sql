-- Accounts: whose password somebody else has set, since when they are used and from where, when an unused one
-- is suspended, earlier passwords, the second factor.

alter table person add column must_change integer not null default 0;
alter table person add column made_at text;
alter table person add column used_at text;
alter table person add column restored_at text;
alter table person add column post_ends_on text;
alter table person add column notice_until text;
alter table person add column suspended_at text;
alter table person add column suspended_why text;
update person set
    made_at = (select min(at) from journal_leaf
               where object_kind = 'person' and object_id = person.id and action = 'person.added'),
    used_at = (select max(at) from journal_leaf
               where object_kind = 'person' and object_id = person.id and action = 'access.signed_in');

create index person_notice_idx on person (notice_until) where notice_until is not null;

alter table session add column stage text not null default 'full';
alter table session add column address text not null default '';
alter table session add column agent text not null default '';
create index session_person_idx on session (person_id);

-- Browsers from which a person has signed in: only the hash of the key that a browser holds.
create table person_browser (
    person_id text not null references person (id),
    browser_hash text not null,
    seen_at text not null,
    primary key (person_id, browser_hash)
) strict;

-- A new password is none of the last ones.
create table password_history (
    id text primary key not null,
    person_id text not null references person (id),
    password_hash text not null,
    set_at text not null
) strict;
create index password_history_person_idx on password_history (person_id, set_at);

create table second_factor (
    person_id text primary key not null references person (id),
    sealed text not null,
    begun_at text not null,
    confirmed_at text,
    last_step integer not null
) strict;

create table recovery_code (
    person_id text not null references person (id),
    code_hash text not null,
    used_at text,
    primary key (person_id, code_hash)
) strict;
