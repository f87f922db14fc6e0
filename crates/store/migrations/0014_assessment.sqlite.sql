-- Assessments of the figures of an area by the level above it.

create table assessment (
    id text primary key not null,
    area text not null,
    form text not null,
    period text not null,
    stage text not null,
    overall text,
    round integer not null,
    judgements text not null,
    turns text not null,
    revision integer not null,
    unique (area, form, period)
) strict;
create index assessment_stage_idx on assessment (stage, area);
