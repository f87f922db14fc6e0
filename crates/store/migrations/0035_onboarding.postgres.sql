-- What is owed to units that have become ones that report, as it was ordered on that day; and what was done. Whether something is overdue is
-- computed. Nothing is taken away: what does not count is struck, with a reason.
create table onboarding (
    id uuid primary key not null,
    unit_id uuid not null references unit (id),
    listed_on date not null,
    items jsonb not null,
    began_at timestamptz not null
);
create unique index onboarding_unit_key on onboarding (unit_id, listed_on);
create index onboarding_listed_idx on onboarding (listed_on);

create table onboarding_act (
    id uuid primary key not null,
    onboarding_id uuid not null references onboarding (id),
    item text not null,
    done_on date not null,
    note text not null,
    link text not null,
    file_name text not null,
    file_hash text not null,
    by_id uuid not null references person (id),
    by_name text not null,
    is_by_unit boolean not null,
    noted_at timestamptz not null,
    struck text,
    struck_by text,
    struck_at timestamptz
);
create unique index onboarding_act_item_key on onboarding_act (onboarding_id, item) where struck is null;
