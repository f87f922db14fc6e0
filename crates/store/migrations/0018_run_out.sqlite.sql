-- Formal reminders that have run out are looked for on every page of an office.

create index report_extended_idx on report (extended_until) where extended_until is not null;
