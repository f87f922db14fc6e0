-- Enumerators: what people of the register of staff are engaged for, how they are appraised, rates, work, and pay as it was confirmed.

create table engagement (
    id uuid primary key not null,
    tenure_id uuid not null references tenure (id),
    area jsonb not null,
    surveys text not null,
    supervisor_id uuid references staff (id),
    agreement text not null,
    secrecy_on date,
    since date not null,
    until date,
    left_by text,
    revision bigint not null
);
-- One engagement at a time for a post.
create unique index engagement_tenure_key on engagement (tenure_id) where until is null;
create index engagement_supervisor_idx on engagement (supervisor_id);

create table appraisal (
    id uuid primary key not null,
    engagement_id uuid not null references engagement (id),
    period text not null,
    score bigint not null,
    grounds text not null,
    appraised_by uuid not null references person (id),
    appraised_at timestamptz not null
);
create index appraisal_engagement_idx on appraisal (engagement_id, appraised_at);

create table pay_rate (
    id uuid primary key not null,
    area text not null,
    task text not null,
    per text not null,
    amount numeric not null,
    document text not null,
    since date not null,
    until date
);
create index pay_rate_area_idx on pay_rate (area);

create table enumerator_work (
    id uuid primary key not null,
    engagement_id uuid not null references engagement (id),
    rate_id uuid not null references pay_rate (id),
    done_on date not null,
    quantity numeric not null,
    note text not null,
    entered_by uuid not null references person (id),
    entered_at timestamptz not null,
    struck text
);
create index enumerator_work_engagement_idx on enumerator_work (engagement_id, done_on);

create table enumerator_pay (
    engagement_id uuid not null references engagement (id),
    month text not null,
    lines jsonb not null,
    confirmed_by uuid not null references person (id),
    confirmed_at timestamptz not null,
    paid_by uuid references person (id),
    paid_at timestamptz,
    document text,
    primary key (engagement_id, month)
);

-- Sponsorship: who answers by name for a unit, a project or a sample on which tier, and visits. Nothing is taken away.

create table sponsorship (
    id uuid primary key not null,
    staff_id uuid not null references staff (id),
    unit_id uuid references unit (id),
    name text not null,
    area text not null,
    planned numeric,
    tier text not null,
    document text not null,
    since date not null,
    until date,
    reason text
);
-- One sponsor of a tier for a thing.
create unique index sponsorship_subject_key on sponsorship (tier, area, name) where until is null;
create index sponsorship_staff_idx on sponsorship (staff_id);
create index sponsorship_unit_idx on sponsorship (unit_id);

create table sponsor_visit (
    id uuid primary key not null,
    sponsorship_id uuid not null references sponsorship (id),
    visited_on date not null,
    note text not null,
    noted_by uuid not null references person (id),
    noted_at timestamptz not null
);
create index sponsor_visit_idx on sponsor_visit (sponsorship_id, visited_on);
