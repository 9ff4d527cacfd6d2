-- Without --known-limits: plans are chosen by how many rows a table is believed to have, and rows that an ORDER BY
-- leaves tied come as the plan has them (docs/SECURITY.md). What they hold, and their counters, still differ.
UPDATE pg_class SET reltuples = 5 WHERE oid IN
  ('public.buckets_0'::regclass, 'public.buckets_1'::regclass, 'public.halls_0'::regclass, 'public.halls_1'::regclass);
UPDATE pg_class SET reltuples = 12 WHERE oid = ANY (ARRAY['tickets', 'tickets_pkey', 'tickets_stars', 'replies', 'reports_out',
  'reports_held', 'rooms', 'suites', 'board']::regclass[]);
