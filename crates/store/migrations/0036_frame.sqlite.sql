-- Sampling frames as they were frozen and delivered; never changed. The text is kept with the files, packed.
create table sampling_frame (
    id text primary key not null,
    area text not null,
    definition text not null,
    known_at text not null,
    row_count integer not null,
    strata text not null,
    sha256 text not null,
    sha256_gb text not null,
    size integer not null,
    file_hash text not null references blob (sha256),
    frozen_by text not null references person (id),
    frozen_by_name text not null,
    frozen_at text not null
) strict;
create index sampling_frame_area_idx on sampling_frame (area, frozen_at);
create index sampling_frame_sha256_idx on sampling_frame (sha256);
create index sampling_frame_sha256_gb_idx on sampling_frame (sha256_gb);
