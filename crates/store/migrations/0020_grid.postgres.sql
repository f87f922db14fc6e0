-- Cells of the third tier and of the flat line, with who belongs to them from day to day. Nothing is taken away: what is over has a last day.

create table grid (
    id uuid primary key not null,
    area text not null,
    kind text not null,
    name text not null,
    reason text,
    since date not null,
    until date,
    revision bigint not null
);
create unique index grid_area_name_key on grid (area, name) where until is null;

create table grid_unit (
    grid_id uuid not null references grid (id),
    unit_id uuid not null references unit (id),
    since date not null,
    until date,
    primary key (grid_id, unit_id, since)
);
create unique index grid_unit_unit_key on grid_unit (unit_id) where until is null;

create table grid_village (
    grid_id uuid not null references grid (id),
    area text not null,
    since date not null,
    until date,
    primary key (grid_id, area, since)
);
create unique index grid_village_area_key on grid_village (area) where until is null;
