import { family } from '../attack.ts';

export const catalogueTables = family('catalogue tables', [
  'SELECT rolpassword FROM pg_authid',
  'SELECT passwd FROM pg_shadow',
  "SELECT pg_read_file('postgresql.conf')",
  "SELECT pg_ls_dir('.')",
  'SELECT * FROM pg_hba_file_rules',
  'SELECT statement FROM pg_prepared_statements',
  'SELECT statement FROM pg_cursors',
  // How many processes the server has at a moment is no masked value.
  { steps: ['SELECT query FROM pg_stat_activity'], unsteady: true },
  { steps: ['SELECT * FROM pg_stat_activity'], unsteady: true },
  'SELECT pg_stat_get_activity(NULL)',
  'SELECT current_query()',
  'SELECT * FROM pg_user_mappings',
  "SELECT pg_get_function_sqlbody('peek'::regproc), peek(1)",
  'SELECT pg_stat_get_backend_activity(1)',
  'SELECT statement FROM pg_prepared_statements',
  {
    steps: [
      'PREPARE seen AS SELECT ssn FROM customers',
      'EXECUTE seen',
      'SELECT name, statement, parameter_types FROM pg_prepared_statements',
      'SELECT p FROM pg_prepared_statements p',
    ],
    unsteady: true,
  },
  {
    steps: [
      'BEGIN',
      'DECLARE seen CURSOR FOR SELECT ssn FROM customers',
      'FETCH 1 FROM seen',
      'SELECT * FROM pg_cursors',
      'COMMIT',
    ],
    unsteady: true,
  },
  'SELECT attname, attmissingval FROM pg_attribute WHERE attmissingval IS NOT NULL',
  [
    'ALTER TABLE plain ADD COLUMN young text DEFAULT lower((SELECT current_user))',
    "SELECT attmissingval FROM pg_attribute WHERE attname = 'young'",
  ],
  {
    steps: [
      {
        owner:
          "DO $$BEGIN EXECUTE format('ALTER TABLE plain ADD COLUMN young text DEFAULT %L', (SELECT ssn FROM customers WHERE id = 1)); END$$",
      },
      "SELECT attmissingval FROM pg_attribute WHERE attname = 'young'",
      "SELECT a FROM pg_attribute a WHERE attname = 'young'",
      "SELECT to_jsonb(a) ->> 'attmissingval' FROM pg_attribute a WHERE attname = 'young'",
      "SELECT * FROM (TABLE pg_attribute) x WHERE attname = 'young'",
    ],
  },
  'SELECT umoptions FROM pg_user_mappings',
  'SELECT u FROM pg_user_mappings u',
  'SELECT * FROM information_schema.user_mapping_options',
  'SELECT umoptions FROM pg_user_mapping',
  'SELECT to_jsonb(u) FROM pg_catalog.pg_user_mappings u',
  'SELECT array_agg(umoptions) FROM pg_user_mappings',
  'COPY pg_user_mappings TO STDOUT',
  'SELECT * FROM pg_shadow, customers',
  'SELECT rolpassword, count(*) FROM pg_authid GROUP BY 1',
  'SELECT query FROM pg_stat_statements',
  ['SELECT ssn FROM customers', 'SELECT s FROM pg_stat_statements s'],
  'SELECT * FROM pg_stat_statements(true)',
  'SELECT * FROM pg_file_settings',
  'SELECT * FROM pg_settings, (SELECT ssn FROM customers LIMIT 1) s LIMIT 1',
  { steps: ['SELECT a FROM pg_stat_activity a'], unsteady: true },
  { steps: ["SELECT to_jsonb(a) ->> 'query' FROM pg_stat_activity a"], unsteady: true },
  {
    steps: [
      {
        owner:
          "DO $$BEGIN EXECUTE format('COMMENT ON TABLE plain IS %L', (SELECT name FROM customers WHERE id = 1)); END$$",
      },
      'SELECT conbin FROM pg_constraint',
      'SELECT ssn, oid FROM customers, pg_class LIMIT 3',
    ],
  },
  'SELECT (SELECT ssn FROM customers WHERE id = 1) AS s, relname FROM pg_class LIMIT 1',
  'SELECT relname, (SELECT string_agg(ssn, $$,$$) FROM public.customers) FROM pg_catalog.pg_class ORDER BY 1 LIMIT 2',
  'SELECT * FROM pg_seclabel, customers',
  'SELECT c.* FROM pg_namespace n JOIN customers c ON true LIMIT 1',
  'SELECT ssn FROM corpus_0.public.customers',
  'SELECT * FROM pg_subscription, customers LIMIT 1',
  'SELECT line FROM client_log UNION SELECT secret FROM clients',
  "SELECT pg_get_userbyid(relowner), (SELECT ssn FROM customers LIMIT 1) FROM pg_class WHERE relname = 'plain'",
  "SELECT * FROM information_schema.columns i JOIN customers c ON i.table_name = 'customers' AND i.ordinal_position = c.id",
  'SELECT * FROM pg_get_publication_tables(VARIADIC ARRAY[$$all_of_it$$]), customers LIMIT 1',
]);
