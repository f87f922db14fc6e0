-- What a unit is today stands in its row; what it was, and what is known to come, in its changes: from a day on these facts hold, written
-- down at an instant. Changes are added and never written over. Units that were there before are known from the beginning.
alter table unit add column listing text not null default 'above';
alter table unit add column parent_id text;
alter table unit add column details text not null default '{}';
alter table unit add column changed_on text not null default '1900-01-01';
alter table unit add column next_change_on text;
-- Whether it is listed, was, or will be: lists of those who report do not read through all who are only known.
alter table unit add column ever_listed integer not null default 0;
update unit set ever_listed = 1;
create index unit_ever_listed_idx on unit (area) where ever_listed;
create index unit_parent_idx on unit (parent_id) where parent_id is not null;
create index unit_predecessor_idx on unit (json_extract(details, '$.predecessor')) where json_extract(details, '$.predecessor') is not null;
create index unit_successor_idx on unit (json_extract(details, '$.successor')) where json_extract(details, '$.successor') is not null;
create index unit_next_change_idx on unit (next_change_on) where next_change_on is not null;

create table unit_change (
    unit_id text not null references unit (id),
    number integer not null,
    since text not null,
    recorded_at text not null,
    recorded_by text references person (id),
    recorded_by_name text not null,
    origin text not null,
    about text not null,
    facts text not null,
    primary key (unit_id, number)
) strict, without rowid;

insert into unit_change (unit_id, number, since, recorded_at, recorded_by, recorded_by_name, origin, about, facts)
select id, 0, '1900-01-01', '2000-01-01T00:00:00.000000Z', null, '', 'setup', '',
    json_object('usci', usci, 'name', name, 'area', area, 'industry', industry, 'standard', standard, 'listing', 'above')
from unit;
