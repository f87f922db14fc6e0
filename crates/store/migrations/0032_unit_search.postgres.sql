-- The index of the search box: what is found under which terms (domain::register::terms). It follows from the rows of unit and can be
-- written anew at any time; a backup leaves it out.
create table unit_search (
    number bigint generated always as identity primary key not null,
    unit_id uuid not null references unit (id),
    words text not null,
    terms tsvector not null
);
create unique index unit_search_unit_id_key on unit_search (unit_id);
create index unit_search_terms_idx on unit_search using gin (terms);

-- Which edition of the rules wrote the index, and up to which unit it has been written anew.
create table unit_search_state (
    id bigint primary key not null check (id = 1),
    edition bigint not null,
    through uuid
);
insert into unit_search_state (id, edition, through) values (1, 0, null);

-- The list of a large place in the order in which it is shown.
drop index unit_area_idx;
create index unit_area_idx on unit (area, usci);
