-- Without --known-limits: plans are chosen by how many values a column is believed to have, and where no ORDER BY
-- settles it rows and groups come in the order of the plan (docs/SECURITY.md). All else that ANALYZE finds stays.
DO $$
DECLARE c record;
BEGIN
  FOR c IN SELECT attrelid::regclass AS relation, attname FROM pg_attribute JOIN pg_class r ON r.oid = attrelid
    WHERE r.relnamespace = 'public'::regnamespace AND r.relkind IN ('r', 'p', 'm') AND attnum > 0
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET (n_distinct = -0.5, n_distinct_inherited = -0.5)', c.relation, c.attname);
  END LOOP;
END $$;
-- The same of tables with hidden rows, which differ in number as well: what is believed of them is equal, but for a column
-- of which little is asked.
DO $$
DECLARE c record;
BEGIN
  FOR c IN SELECT attrelid::regclass AS relation, attname FROM pg_attribute JOIN pg_class r ON r.oid = attrelid
    WHERE r.oid = ANY (ARRAY['tickets', 'replies', 'reports', 'reports_out', 'reports_held', 'rooms', 'suites', 'board']::regclass[])
      AND attnum > 0 AND attname <> 'weight'
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 0', c.relation, c.attname);
  END LOOP;
END $$;
