/** What once told twins apart, and is mended: each run begins with it. */
export const FOUND: readonly string[] = [
  // Rows came partition by partition, and the key is masked.
  'SELECT id, label FROM buckets',
  'SELECT label FROM buckets LIMIT 3',
  'SELECT array_agg(id) FROM public.buckets AS b',
  'SELECT b FROM buckets b LEFT JOIN events e ON e.id = b.id',
  'COPY buckets TO STDOUT',
  'COPY public.buckets (label) TO STDOUT (FORMAT binary)',
  'SELECT id, row_number() OVER () FROM buckets ORDER BY 1',
  'DELETE FROM buckets RETURNING label',
  'UPDATE buckets SET label = label RETURNING id',
  "WITH d AS (UPDATE buckets SET label = 'x' RETURNING id) SELECT id FROM d",
  // How many rows a partition of a masked key has, or an index whose condition is about a masked column.
  "SELECT relname, reltuples FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname",
  "SELECT c.relname, c FROM pg_class c WHERE relname LIKE 'customers%' AND relkind = 'i' AND c::text LIKE '%,10,%'",
  "SELECT sum(reltuples) FROM pg_class WHERE relname IN ('customers_rich', 'buckets_0')",
  // The row that is there keeps what only the INSERT gives: its check compares with a masked value of before.
  'INSERT INTO ratio (id, salary) VALUES (5, 1) ON CONFLICT (id) DO UPDATE SET part = 2001',
  // How wide a masked column is that the view takes along and nobody uses.
  'EXPLAIN UPDATE pay SET id = id WHERE id >= ALL (SELECT id FROM unioned)',
  'EXPLAIN SELECT id FROM unioned_ids',
  // Whether it is NULL told of a value that is not.
  'SELECT id, grade FROM graded ORDER BY id',
  // A view over hidden rows had its groups in the order of a masked column that it does not even show.
  'SELECT id FROM talk',
];
