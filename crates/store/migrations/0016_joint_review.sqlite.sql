-- Joint reviews: meetings over redacted sheets. Which line is whose stands in a table of its own.

create table joint_review (
    id text primary key not null,
    window_id text not null references survey_window (id),
    form text not null,
    period text not null,
    area text not null,
    topic text not null,
    level text not null,
    called_by text not null references person (id),
    called_by_name text not null,
    called_at text not null,
    stage text not null,
    remarks text not null,
    ending text,
    ended_at text,
    sheet text not null,
    sheet_hash text not null,
    revision integer not null
) strict;
create index joint_review_stage_idx on joint_review (stage, area);

create table joint_review_member (
    joint_review_id text not null references joint_review (id),
    number integer not null,
    person_id text not null references person (id),
    name text not null,
    unit_id text references unit (id),
    primary key (joint_review_id, number)
) strict;
create index joint_review_member_person_idx on joint_review_member (person_id);

create table joint_review_line (
    joint_review_id text not null references joint_review (id),
    number integer not null,
    report_id text not null references report (id),
    unit_id text not null references unit (id),
    primary key (joint_review_id, number)
) strict;
