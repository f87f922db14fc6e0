-- What a key may be used for: those that are there hand in ledgers and nothing else. And the key that a program gives its sending of a new
-- case: what comes twice, because the answer got lost on the way, is one case.

alter table api_key add column for_ledgers integer not null default 1;
alter table api_key add column for_cases integer not null default 0;

alter table case_record add column sending text;
create unique index case_record_sending_key on case_record (opened_by, sending) where sending is not null;
