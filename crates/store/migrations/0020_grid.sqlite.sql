-- Cells of the third tier and of the flat line, with who belongs to them from day to day. Nothing is taken away: what is over has a last day.

create table grid (
    id text primary key not null,
    area text not null,
    kind text not null,
    name text not null,
    reason text,
    since text not null,
    until text,
    revision integer not null
) strict;
create unique index grid_area_name_key on grid (area, name) where until is null;

create table grid_unit (
    grid_id text not null references grid (id),
    unit_id text not null references unit (id),
    since text not null,
    until text,
    primary key (grid_id, unit_id, since)
) strict;
create unique index grid_unit_unit_key on grid_unit (unit_id) where until is null;

create table grid_village (
    grid_id text not null references grid (id),
    area text not null,
    since text not null,
    until text,
    primary key (grid_id, area, since)
) strict;
create unique index grid_village_area_key on grid_village (area) where until is null;
