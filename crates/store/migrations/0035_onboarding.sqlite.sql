-- What is owed to units that have become ones that report, as it was ordered on that day; and what was done. Whether something is overdue is
-- computed. Nothing is taken away: what does not count is struck, with a reason.
create table onboarding (
    id text primary key not null,
    unit_id text not null references unit (id),
    listed_on text not null,
    items text not null,
    began_at text not null
) strict;
create unique index onboarding_unit_key on onboarding (unit_id, listed_on);
create index onboarding_listed_idx on onboarding (listed_on);

create table onboarding_act (
    id text primary key not null,
    onboarding_id text not null references onboarding (id),
    item text not null,
    done_on text not null,
    note text not null,
    link text not null,
    file_name text not null,
    file_hash text not null,
    by_id text not null references person (id),
    by_name text not null,
    is_by_unit integer not null,
    noted_at text not null,
    struck text,
    struck_by text,
    struck_at text
) strict;
create unique index onboarding_act_item_key on onboarding_act (onboarding_id, item) where struck is null;
