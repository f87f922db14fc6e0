-- A message about something that the addressee's inbox shows anyway as a task: it is not news, and nobody has read it either.

alter table message add column is_task integer not null default 0;
