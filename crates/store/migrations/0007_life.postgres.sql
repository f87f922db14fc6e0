-- The life of a report: prepared windows, levels that accept, whose turn it is, formal reminders.

alter table survey_window add column chain jsonb not null default '[{"level":"county"},{"level":"city"}]';
alter table survey_window add column opened_at timestamptz;
alter table survey_window add column locked_at timestamptz;
update survey_window set opened_at = opens_at;

-- The level whose turn it is, while an office holds the report.
alter table report add column awaits text;
alter table report add column extended_until timestamptz;
update report set awaits = 'county' where state = 'submitted';
update report set awaits = 'city' where state = 'accepted_by_county';
create index report_awaits_idx on report (awaits, window_id);

-- Cells that this version changed against the one before.
alter table report_version add column changed bigint not null default 0;
