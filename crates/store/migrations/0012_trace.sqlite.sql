-- From where and how a unit's people acted on their reports: evidence that a unit reports by itself. Apart from the journal,
-- because proof bundles and histories must not carry it.

create table trace (
    seq integer primary key not null,
    report_id text not null references report (id),
    person_id text not null references person (id),
    at text not null,
    action text not null,
    address text not null,
    device text not null,
    method text not null,
    seconds integer not null
) strict;
create index trace_report_idx on trace (report_id, seq);
