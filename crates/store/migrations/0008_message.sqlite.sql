-- What the program tells a person, and the formal reminders of reports that are overdue.

create table message (
    id text primary key not null,
    person_id text not null references person (id),
    kind text not null,
    title text not null,
    body text not null,
    about_kind text not null,
    about_id text not null,
    sent_at text not null,
    read_at text
) strict;
create index message_person_idx on message (person_id, read_at, sent_at);
create index message_about_idx on message (about_kind, about_id);

create table reminder (
    id text primary key not null,
    report_id text not null references report (id),
    is_formal integer not null,
    body text not null,
    respond_by text,
    sent_by text not null references person (id),
    sent_at text not null,
    constraint reminder_respond_by_check check (not is_formal or respond_by is not null)
) strict;
create index reminder_report_idx on reminder (report_id, sent_at);
