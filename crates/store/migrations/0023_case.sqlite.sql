-- Cases: whatever is applied for, checked and signed. The story is a document of steps; the columns beside it follow from the story and the
-- type, for lists. A type is kept as the text that its fingerprint is of: a running case keeps the version that it was opened with.

create table case_type (
    sha256 text primary key not null,
    type_key text not null,
    version integer not null,
    name text not null,
    document text not null,
    kept_at text not null
) strict;

create table case_record (
    id text primary key not null,
    type_sha256 text not null references case_type (sha256),
    type_key text not null,
    title text not null,
    subject_kind text not null,
    subject_id text not null,
    subject_sort text not null,
    subject_name text not null,
    area text not null,
    unit_id text references unit (id),
    opened_by text not null references person (id),
    opener text not null,
    opened_at text not null,
    changed_at text not null,
    state text not null,
    state_label text not null,
    is_end integer not null,
    is_bad integer not null,
    due_on text,
    steps text not null,
    revision integer not null
) strict;
create index case_record_open_idx on case_record (due_on) where not is_end;
create index case_record_type_idx on case_record (type_key, changed_at);
create index case_record_area_idx on case_record (area);

-- Who may look at a case (`reads`), whose turn it is (`turn`), and whose turn it would be if they had not done something else in it
-- (`barred`): computed anew at every step. A party is a person, the people of a unit, an office, or the officers of a level.
create table case_party (
    case_id text not null references case_record (id),
    part text not null,
    person_id text,
    unit_id text,
    role text,
    area text
) strict;
create index case_party_case_idx on case_party (case_id, part);
create index case_party_person_idx on case_party (person_id, part, case_id) where person_id is not null;
create index case_party_unit_idx on case_party (unit_id, part, case_id) where unit_id is not null;

create table case_file (
    case_id text not null references case_record (id),
    sha256 text not null references blob (sha256),
    primary key (case_id, sha256)
) strict;
create index case_file_sha256_idx on case_file (sha256);
