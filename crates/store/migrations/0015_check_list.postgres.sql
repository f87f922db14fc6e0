-- Check lists: what a county looked at on a day or in a week while a window was open. The entries of one are a document.

create table check_list (
    id uuid primary key not null,
    window_id uuid not null references survey_window (id),
    area text not null,
    span text not null,
    first_on date not null,
    number bigint not null,
    entries jsonb not null,
    handed jsonb,
    revision bigint not null
);
-- One list per window, county and span; supplements are numbered.
create unique index check_list_window_area_span_number_key on check_list (window_id, area, span, number);
-- One at a time is written.
create unique index check_list_open_key on check_list (window_id, area, span) where handed is null;
