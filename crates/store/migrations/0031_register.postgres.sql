-- What a unit is today stands in its row; what it was, and what is known to come, in its changes: from a day on these facts hold, written
-- down at an instant. Changes are added and never written over. Units that were there before are known from the beginning.
alter table unit add column listing text not null default 'above';
alter table unit add column parent_id uuid;
alter table unit add column details jsonb not null default '{}';
alter table unit add column changed_on date not null default '1900-01-01';
alter table unit add column next_change_on date;
-- Whether it is listed, was, or will be: lists of those who report do not read through all who are only known.
alter table unit add column ever_listed boolean not null default false;
update unit set ever_listed = true;
create index unit_ever_listed_idx on unit (area) where ever_listed;
create index unit_parent_idx on unit (parent_id) where parent_id is not null;
create index unit_predecessor_idx on unit ((details->>'predecessor')) where details->>'predecessor' is not null;
create index unit_successor_idx on unit ((details->>'successor')) where details->>'successor' is not null;
create index unit_next_change_idx on unit (next_change_on) where next_change_on is not null;

create table unit_change (
    unit_id uuid not null references unit (id),
    number bigint not null,
    since date not null,
    recorded_at timestamptz not null,
    recorded_by uuid references person (id),
    recorded_by_name text not null,
    origin text not null,
    about text not null,
    facts jsonb not null,
    primary key (unit_id, number)
);

insert into unit_change (unit_id, number, since, recorded_at, recorded_by, recorded_by_name, origin, about, facts)
select id, 0, '1900-01-01', '2000-01-01T00:00:00Z', null, '', 'setup', '',
    jsonb_build_object('usci', usci, 'name', name, 'area', area, 'industry', industry, 'standard', standard, 'listing', 'above')
from unit;
