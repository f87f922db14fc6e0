-- What departments handed over about units, for offices only: one import per item, period and area; a later one replaces an earlier
-- one by being later, and the earlier one stays. The file itself is not kept: it names thousands whom no office of ours asks.

create table outside_import (
    id uuid primary key not null,
    item text not null,
    period text not null,
    area text not null,
    file_name text not null,
    file_hash text not null,
    origin text not null,
    measure text not null,
    imported_by uuid not null references person (id),
    imported_at timestamptz not null,
    left_count bigint not null,
    left_rows jsonb not null
);
create index outside_import_item_idx on outside_import (item, period, imported_at);
create index outside_import_at_idx on outside_import (imported_at);

create table outside_figure (
    import_id uuid not null references outside_import (id),
    unit_id uuid not null references unit (id),
    row_number bigint not null,
    value numeric not null,
    primary key (import_id, unit_id)
);
