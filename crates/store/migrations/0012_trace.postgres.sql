-- From where and how a unit's people acted on their reports: evidence that a unit reports by itself. Apart from the journal,
-- because proof bundles and histories must not carry it.

create table trace (
    seq bigint primary key not null,
    report_id uuid not null references report (id),
    person_id uuid not null references person (id),
    at timestamptz not null,
    action text not null,
    address text not null,
    device text not null,
    method text not null,
    seconds bigint not null
);
create index trace_report_idx on trace (report_id, seq);
