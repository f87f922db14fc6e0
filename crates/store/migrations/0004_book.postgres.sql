-- Ledgers of the disciplines as units keep them: one row for every time somebody saved one, the latest counts.

create table book (
    id uuid primary key not null,
    unit_id uuid not null references unit (id),
    ledger text not null,
    period text not null,
    period_ends_on date not null,
    cells jsonb not null,
    row_count bigint not null,
    saved_by uuid not null references person (id),
    saved_at timestamptz not null
);
create index book_unit_ledger_idx on book (unit_id, ledger, period_ends_on, saved_at);
