-- The index of the search box: what is found under which terms (domain::register::terms). It follows from the rows of unit and can be
-- written anew at any time; a backup leaves it out.
create table unit_search (
    number integer primary key not null,
    unit_id text not null references unit (id),
    words text not null
) strict;
create unique index unit_search_unit_id_key on unit_search (unit_id);

-- Which units have which term, and nothing else: no copy of the terms, no places in a text.
create virtual table unit_terms using fts5 (terms, content = '', contentless_delete = 1, detail = none, tokenize = "ascii tokenchars ':'");

-- Which edition of the rules wrote the index, and up to which unit it has been written anew.
create table unit_search_state (
    id integer primary key not null check (id = 1),
    edition integer not null,
    through text
) strict;
insert into unit_search_state (id, edition, through) values (1, 0, null);

-- The list of a large place in the order in which it is shown.
drop index unit_area_idx;
create index unit_area_idx on unit (area, usci);
