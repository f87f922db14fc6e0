-- Assessments of the figures of an area by the level above it.

create table assessment (
    id uuid primary key not null,
    area text not null,
    form text not null,
    period text not null,
    stage text not null,
    overall text,
    round bigint not null,
    judgements jsonb not null,
    turns jsonb not null,
    revision bigint not null,
    constraint assessment_area_form_period_key unique (area, form, period)
);
create index assessment_stage_idx on assessment (stage, area);
