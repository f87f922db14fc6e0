-- Enumerators: what people of the register of staff are engaged for, how they are appraised, rates, work, and pay as it was confirmed.

create table engagement (
    id text primary key not null,
    tenure_id text not null references tenure (id),
    area text not null,
    surveys text not null,
    supervisor_id text references staff (id),
    agreement text not null,
    secrecy_on text,
    since text not null,
    until text,
    left_by text,
    revision integer not null
) strict;
-- One engagement at a time for a post.
create unique index engagement_tenure_key on engagement (tenure_id) where until is null;
create index engagement_supervisor_idx on engagement (supervisor_id);

create table appraisal (
    id text primary key not null,
    engagement_id text not null references engagement (id),
    period text not null,
    score integer not null,
    grounds text not null,
    appraised_by text not null references person (id),
    appraised_at text not null
) strict;
create index appraisal_engagement_idx on appraisal (engagement_id, appraised_at);

create table pay_rate (
    id text primary key not null,
    area text not null,
    task text not null,
    per text not null,
    amount text not null,
    document text not null,
    since text not null,
    until text
) strict;
create index pay_rate_area_idx on pay_rate (area);

create table enumerator_work (
    id text primary key not null,
    engagement_id text not null references engagement (id),
    rate_id text not null references pay_rate (id),
    done_on text not null,
    quantity text not null,
    note text not null,
    entered_by text not null references person (id),
    entered_at text not null,
    struck text
) strict;
create index enumerator_work_engagement_idx on enumerator_work (engagement_id, done_on);

create table enumerator_pay (
    engagement_id text not null references engagement (id),
    month text not null,
    lines text not null,
    confirmed_by text not null references person (id),
    confirmed_at text not null,
    paid_by text references person (id),
    paid_at text,
    document text,
    primary key (engagement_id, month)
) strict;

-- Sponsorship: who answers by name for a unit, a project or a sample on which tier, and visits. Nothing is taken away.

create table sponsorship (
    id text primary key not null,
    staff_id text not null references staff (id),
    unit_id text references unit (id),
    name text not null,
    area text not null,
    planned text,
    tier text not null,
    document text not null,
    since text not null,
    until text,
    reason text
) strict;
-- One sponsor of a tier for a thing.
create unique index sponsorship_subject_key on sponsorship (tier, area, name) where until is null;
create index sponsorship_staff_idx on sponsorship (staff_id);
create index sponsorship_unit_idx on sponsorship (unit_id);

create table sponsor_visit (
    id text primary key not null,
    sponsorship_id text not null references sponsorship (id),
    visited_on text not null,
    note text not null,
    noted_by text not null references person (id),
    noted_at text not null
) strict;
create index sponsor_visit_idx on sponsor_visit (sponsorship_id, visited_on);
