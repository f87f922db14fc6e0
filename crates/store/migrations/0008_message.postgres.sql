-- What the program tells a person, and the formal reminders of reports that are overdue.

create table message (
    id uuid primary key not null,
    person_id uuid not null references person (id),
    kind text not null,
    title text not null,
    body text not null,
    about_kind text not null,
    about_id text not null,
    sent_at timestamptz not null,
    read_at timestamptz
);
create index message_person_idx on message (person_id, read_at, sent_at);
create index message_about_idx on message (about_kind, about_id);

create table reminder (
    id uuid primary key not null,
    report_id uuid not null references report (id),
    is_formal boolean not null,
    body text not null,
    respond_by timestamptz,
    sent_by uuid not null references person (id),
    sent_at timestamptz not null,
    constraint reminder_respond_by_check check (not is_formal or respond_by is not null)
);
create index reminder_report_idx on reminder (report_id, sent_at);
