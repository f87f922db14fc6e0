-- Joint reviews: meetings over redacted sheets. Which line is whose stands in a table of its own.

create table joint_review (
    id uuid primary key not null,
    window_id uuid not null references survey_window (id),
    form text not null,
    period text not null,
    area text not null,
    topic text not null,
    level text not null,
    called_by uuid not null references person (id),
    called_by_name text not null,
    called_at timestamptz not null,
    stage text not null,
    remarks jsonb not null,
    ending jsonb,
    ended_at timestamptz,
    sheet jsonb not null,
    sheet_hash text not null,
    revision bigint not null
);
create index joint_review_stage_idx on joint_review (stage, area);

create table joint_review_member (
    joint_review_id uuid not null references joint_review (id),
    number bigint not null,
    person_id uuid not null references person (id),
    name text not null,
    unit_id uuid references unit (id),
    primary key (joint_review_id, number)
);
create index joint_review_member_person_idx on joint_review_member (person_id);

create table joint_review_line (
    joint_review_id uuid not null references joint_review (id),
    number bigint not null,
    report_id uuid not null references report (id),
    unit_id uuid not null references unit (id),
    primary key (joint_review_id, number)
);
