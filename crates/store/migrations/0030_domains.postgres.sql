-- The domains 专业 that an officer's work covers, with commas between; nothing is all of them.
alter table person add column domains text check (domains <> '');
