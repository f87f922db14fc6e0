-- Ledgers of the disciplines as units keep them: one row for every time somebody saved one, the latest counts.

create table book (
    id text primary key not null,
    unit_id text not null references unit (id),
    ledger text not null,
    period text not null,
    period_ends_on text not null,
    cells text not null,
    row_count integer not null,
    saved_by text not null references person (id),
    saved_at text not null
) strict;
create index book_unit_ledger_idx on book (unit_id, ledger, period_ends_on, saved_at);
