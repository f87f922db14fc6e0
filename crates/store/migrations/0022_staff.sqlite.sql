-- The register of staff: people, the posts that they hold from day to day, what they are qualified for and trained in, their seats in grids,
-- and handovers with the lists that were signed. Nothing is taken away: what is over has a last day.

create table staff (
    id text primary key not null,
    person_id text references person (id),
    name text not null,
    born integer,
    education text,
    began integer,
    revision integer not null
) strict;
create unique index staff_person_key on staff (person_id) where person_id is not null;
create index staff_name_idx on staff (name);

create table tenure (
    id text primary key not null,
    staff_id text not null references staff (id),
    organisation_id text references organisation (id),
    unit_id text references unit (id),
    duty text not null,
    time text not null,
    establishment text not null,
    fields text not null,
    work text not null,
    document text not null,
    since text not null,
    until text,
    left_by text,
    revision integer not null,
    check ((organisation_id is null) <> (unit_id is null))
) strict;
create index tenure_staff_idx on tenure (staff_id);
create index tenure_organisation_idx on tenure (organisation_id, since);
create index tenure_unit_idx on tenure (unit_id, since);

create table qualification (
    id text primary key not null,
    staff_id text not null references staff (id),
    kind text not null,
    number text not null,
    issued_on text not null,
    expires_on text,
    struck text
) strict;
create index qualification_staff_idx on qualification (staff_id);

create table training (
    id text primary key not null,
    staff_id text not null references staff (id),
    held_on text not null,
    hours integer not null,
    subject text not null,
    organiser text not null,
    passed integer,
    struck text
) strict;
create index training_staff_idx on training (staff_id, held_on);

create table seat (
    id text primary key not null,
    staff_id text not null references staff (id),
    organisation_id text references organisation (id),
    grid_id text references grid (id),
    role text not null,
    document text not null,
    since text not null,
    until text,
    check ((organisation_id is null) <> (grid_id is null))
) strict;
create index seat_staff_idx on seat (staff_id);
create unique index seat_organisation_lead_key on seat (organisation_id) where until is null and role = 'lead' and organisation_id is not null;
create unique index seat_grid_lead_key on seat (grid_id) where until is null and role = 'lead' and grid_id is not null;
create unique index seat_organisation_staff_key on seat (organisation_id, staff_id) where until is null and organisation_id is not null;
create unique index seat_grid_staff_key on seat (grid_id, staff_id) where until is null and grid_id is not null;

create table handover (
    id text primary key not null,
    giver_id text not null references staff (id),
    tenure_id text not null references tenure (id),
    taker_id text not null references staff (id),
    document text not null,
    exception text not null,
    papers text not null,
    stage text not null,
    signatures text not null,
    begun_at text not null,
    done_on text,
    revision integer not null
) strict;
-- One open handover for a post.
create unique index handover_tenure_key on handover (tenure_id) where stage in ('awaits_giver', 'awaits_taker', 'awaits_witness');
create index handover_giver_idx on handover (giver_id);
create index handover_taker_idx on handover (taker_id);
