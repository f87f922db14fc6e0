-- By which channels people want to hear of their messages, and what became of each.

create table contact (
    person_id text not null references person (id),
    channel text not null,
    address text not null,
    cadence text not null,
    quiet_from integer,
    quiet_until integer,
    primary key (person_id, channel)
) strict;

create table delivery (
    id text primary key not null,
    person_id text not null references person (id),
    channel text not null,
    message_id text references message (id),
    state text not null,
    detail text not null,
    at text not null
) strict;
create index delivery_person_idx on delivery (person_id, at);
create index delivery_message_idx on delivery (message_id);
