-- A frame that is too large to be frozen while somebody waits: asked for, read by the server beside the pages, done or broken. Its id is that
-- of the frame which it becomes.
create table sampling_frame_job (
    id uuid primary key not null,
    area text not null,
    definition jsonb not null,
    state text not null,
    says text not null,
    asked_by uuid not null references person (id),
    asked_at timestamptz not null,
    worker text,
    lease_until timestamptz,
    ended_at timestamptz
);
create index sampling_frame_job_state_idx on sampling_frame_job (state, asked_at);
