-- What departments handed over about units, for offices only: one import per item, period and area; a later one replaces an earlier
-- one by being later, and the earlier one stays. The file itself is not kept: it names thousands whom no office of ours asks.

create table outside_import (
    id text primary key not null,
    item text not null,
    period text not null,
    area text not null,
    file_name text not null,
    file_hash text not null,
    origin text not null,
    measure text not null,
    imported_by text not null references person (id),
    imported_at text not null,
    left_count integer not null,
    left_rows text not null
) strict;
create index outside_import_item_idx on outside_import (item, period, imported_at);
create index outside_import_at_idx on outside_import (imported_at);

create table outside_figure (
    import_id text not null references outside_import (id),
    unit_id text not null references unit (id),
    row_number integer not null,
    value text not null,
    primary key (import_id, unit_id)
) strict;
