-- By which channels people want to hear of their messages, and what became of each.

create table contact (
    person_id uuid not null references person (id),
    channel text not null,
    address text not null,
    cadence text not null,
    quiet_from bigint,
    quiet_until bigint,
    primary key (person_id, channel)
);

create table delivery (
    id uuid primary key not null,
    person_id uuid not null references person (id),
    channel text not null,
    message_id uuid references message (id),
    state text not null,
    detail text not null,
    at timestamptz not null
);
create index delivery_person_idx on delivery (person_id, at);
create index delivery_message_idx on delivery (message_id);
