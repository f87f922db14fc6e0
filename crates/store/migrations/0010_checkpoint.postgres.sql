-- Signed checkpoints of the journal, as they were published.

create table checkpoint (
    size bigint primary key not null,
    note text not null,
    at timestamptz not null
);
