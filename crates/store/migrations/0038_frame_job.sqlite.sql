-- A frame that is too large to be frozen while somebody waits: asked for, read by the server beside the pages, done or broken. Its id is that
-- of the frame which it becomes.
create table sampling_frame_job (
    id text primary key not null,
    area text not null,
    definition text not null,
    state text not null,
    says text not null,
    asked_by text not null references person (id),
    asked_at text not null,
    worker text,
    lease_until text,
    ended_at text
) strict;
create index sampling_frame_job_state_idx on sampling_frame_job (state, asked_at);
