-- Signed checkpoints of the journal, as they were published.

create table checkpoint (
    size integer primary key not null,
    note text not null,
    at text not null
) strict;
