-- Evidence of a unit and period: a kept file at a place that it proves something for. Taking it away is a mark; the file
-- stays as long as anything names it, which the data base holds itself.

create table attachment (
    id text primary key not null,
    unit_id text not null references unit (id),
    period text not null,
    ledger_import_id text references ledger_import (id),
    record_import_id text references record_import (id),
    report_id text references report (id),
    cell text,
    file_name text not null,
    kind text not null,
    size integer not null,
    sha256 text not null references blob (sha256),
    note text not null,
    added_by text not null references person (id),
    added_at text not null,
    removed_by text references person (id),
    removed_at text,
    removal_reason text
) strict;
create index attachment_unit_period_idx on attachment (unit_id, period, added_at);
create index attachment_report_idx on attachment (report_id);
create index attachment_sha256_idx on attachment (sha256);
