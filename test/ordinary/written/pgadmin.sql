-- The shape of what pgAdmin asks: sign-on, the browser tree, properties and statistics tabs, the query tool, the dashboard.

SET DateStyle=ISO; SET client_min_messages=notice; SELECT set_config('bytea_output','hex',false) FROM pg_show_all_settings() WHERE name = 'bytea_output'; SET client_encoding='UTF8'

SELECT set_config('bytea_output', 'hex', false) FROM pg_settings WHERE name = 'bytea_output'

SELECT version()

SELECT db.oid AS did, db.datname, db.datallowconn, pg_encoding_to_char(db.encoding) AS serverencoding, has_database_privilege(db.oid, 'CREATE') AS cancreate, db.datistemplate FROM pg_catalog.pg_database db WHERE db.datname = current_database()

SELECT roles.oid AS id, roles.rolname AS name, roles.rolsuper AS is_superuser, CASE WHEN roles.rolsuper THEN true ELSE roles.rolcreaterole END AS can_create_role, CASE WHEN roles.rolsuper THEN true ELSE roles.rolcreatedb END AS can_create_db FROM pg_catalog.pg_roles AS roles WHERE rolname = current_user

SELECT gss_authenticated, encrypted FROM pg_catalog.pg_stat_gssapi WHERE pid = pg_backend_pid()

SELECT nsp.oid, nsp.nspname AS name, has_schema_privilege(nsp.oid, 'CREATE') AS can_create, has_schema_privilege(nsp.oid, 'USAGE') AS has_usage, des.description FROM pg_catalog.pg_namespace nsp LEFT JOIN pg_catalog.pg_description des ON des.objoid = nsp.oid AND des.classoid = 'pg_namespace'::regclass WHERE nspname NOT LIKE E'pg\\_%' AND nspname <> 'information_schema' ORDER BY nspname

SELECT rel.oid, rel.relname AS name, (SELECT count(*) FROM pg_catalog.pg_trigger WHERE tgrelid = rel.oid AND NOT tgisinternal) AS triggercount, (SELECT count(*) FROM pg_catalog.pg_trigger WHERE tgrelid = rel.oid AND NOT tgisinternal AND tgenabled = 'O') AS has_enable_triggers, (CASE WHEN rel.relkind = 'p' THEN true ELSE false END) AS is_partitioned FROM pg_catalog.pg_class rel WHERE rel.relkind IN ('r', 's', 't', 'p') AND rel.relnamespace = 'public'::regnamespace AND NOT rel.relispartition ORDER BY rel.relname

SELECT att.attname AS name, att.attnum AS oid, format_type(ty.oid, NULL) AS datatype, att.attnotnull AS not_null, CASE WHEN att.atthasdef OR att.attidentity <> '' OR ty.typdefault IS NOT NULL THEN true ELSE false END AS has_default_val, des.description, seq.seqtypid FROM pg_catalog.pg_attribute att JOIN pg_catalog.pg_type ty ON ty.oid = atttypid LEFT JOIN pg_catalog.pg_description des ON des.objoid = att.attrelid AND des.objsubid = att.attnum LEFT JOIN (pg_catalog.pg_depend dep JOIN pg_catalog.pg_class cs ON dep.objid = cs.oid AND cs.relkind = 'S') ON dep.refobjid = att.attrelid AND dep.refobjsubid = att.attnum LEFT JOIN pg_catalog.pg_sequence seq ON cs.oid = seq.seqrelid WHERE att.attrelid = 'customers'::regclass AND att.attnum > 0 AND att.attisdropped IS FALSE ORDER BY att.attnum

SELECT DISTINCT ON (cls.relname) cls.oid, cls.relname AS name, indrelid, indkey, indisclustered, indisvalid, indisunique, indisprimary, n.nspname, indnatts, con.conname FROM pg_catalog.pg_index idx JOIN pg_catalog.pg_class cls ON cls.oid = indexrelid JOIN pg_catalog.pg_class tab ON tab.oid = indrelid JOIN pg_catalog.pg_namespace n ON n.oid = tab.relnamespace LEFT JOIN pg_catalog.pg_constraint con ON con.conindid = cls.oid WHERE indrelid = 'customers'::regclass ORDER BY cls.relname

SELECT conname AS name, contype, condeferrable, convalidated, confupdtype, confdeltype, pg_get_constraintdef(oid, true) FROM pg_catalog.pg_constraint WHERE conrelid = 'order_items'::regclass ORDER BY 1

SELECT rel.oid, rel.relname AS name, rel.reltablespace AS spcoid, spc.spcname, rel.relacl, pg_get_userbyid(rel.relowner) AS relowner, rel.relkind, rel.reltuples, des.description, substring(array_to_string(rel.reloptions, ',') FROM 'fillfactor=([0-9]*)') AS fillfactor FROM pg_catalog.pg_class rel LEFT JOIN pg_catalog.pg_tablespace spc ON spc.oid = rel.reltablespace LEFT JOIN pg_catalog.pg_description des ON des.objoid = rel.oid AND des.objsubid = 0 AND des.classoid = 'pg_class'::regclass WHERE rel.relname = 'customers'

SELECT 'relacl' AS deftype, COALESCE(gt.rolname, 'PUBLIC') AS grantee, g.rolname AS grantor, array_agg(privilege_type ORDER BY privilege_type) AS privileges FROM (SELECT d.grantee, d.grantor, d.is_grantable, d.privilege_type FROM (SELECT (aclexplode(rel.relacl)).grantee AS grantee, (aclexplode(rel.relacl)).grantor AS grantor, (aclexplode(rel.relacl)).is_grantable AS is_grantable, (aclexplode(rel.relacl)).privilege_type AS privilege_type FROM pg_catalog.pg_class rel WHERE rel.relname = 'customers') d) d LEFT JOIN pg_catalog.pg_roles g ON d.grantor = g.oid LEFT JOIN pg_catalog.pg_roles gt ON d.grantee = gt.oid GROUP BY g.rolname, gt.rolname ORDER BY 2

SELECT seq_scan >= 0 AS "Sequential scans", n_tup_ins >= 0 AS "Tuples inserted", n_live_tup >= 0 AS "Live tuples", pg_size_pretty(pg_relation_size(stat.relid)) AS "Table size", pg_size_pretty(pg_indexes_size(stat.relid)) AS "Indexes size" FROM pg_catalog.pg_stat_all_tables stat JOIN pg_catalog.pg_statio_all_tables statio ON stat.relid = statio.relid WHERE stat.relid = 'products'::regclass

SELECT null_frac AS "Null fraction", avg_width AS "Average width", n_distinct AS "Distinct values", correlation AS "Correlation" FROM pg_catalog.pg_stats WHERE schemaname = 'public' AND tablename = 'products' AND attname = 'category'

SELECT c.oid, c.relname AS name, pg_get_viewdef(c.oid, true) AS definition, c.relkind FROM pg_catalog.pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname

SELECT pr.oid, pr.proname || '(' || COALESCE(pg_catalog.pg_get_function_identity_arguments(pr.oid), '') || ')' AS name, lanname, pg_get_userbyid(proowner) AS funcowner, pr.prosrc, provolatile, pg_get_function_result(pr.oid) FROM pg_catalog.pg_proc pr JOIN pg_catalog.pg_language lng ON lng.oid = pr.prolang WHERE pr.prokind IN ('f', 'w') AND pr.pronamespace = 'public'::regnamespace ORDER BY pr.proname

SELECT cl.oid, relname AS name FROM pg_catalog.pg_class cl WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY relname

SELECT t.oid, t.tgname AS name, t.tgenabled AS is_enable_trigger, pg_get_triggerdef(t.oid) FROM pg_catalog.pg_trigger t WHERE NOT tgisinternal AND tgrelid = 'products'::regclass ORDER BY tgname

SELECT r.oid, r.rolname, r.rolcanlogin, r.rolsuper FROM pg_catalog.pg_roles r ORDER BY r.rolcanlogin, r.rolname

SELECT ts.oid AS oid, spcname AS name, spcowner AS owner FROM pg_catalog.pg_tablespace ts ORDER BY name

SELECT x.oid, x.extname AS name, r.rolname AS owner, n.nspname AS schema, x.extversion AS version FROM pg_catalog.pg_extension x LEFT JOIN pg_catalog.pg_namespace n ON x.extnamespace = n.oid JOIN pg_catalog.pg_roles r ON x.extowner = r.oid

SELECT pid = pg_backend_pid(), datname, usename, application_name, client_addr IS NOT NULL, state, wait_event_type || ': ' || wait_event AS wait_event, pg_blocking_pids(pid) AS blocking_pids FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid()

SELECT locktype, datname, relation::regclass, page, virtualxid IS NOT NULL, mode, granted FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_database d ON l.database = d.oid WHERE pid = pg_backend_pid() ORDER BY locktype, mode, relation::regclass::text

SELECT name, setting, category, short_desc FROM pg_catalog.pg_settings WHERE category LIKE 'Client%' AND name NOT IN ('application_name', 'DateStyle', 'statement_timeout') ORDER BY name

SELECT 'session_stats' AS chart_name, (SELECT count(*) >= 0 FROM pg_catalog.pg_stat_activity) AS t UNION ALL SELECT 'tps_stats', (SELECT sum(xact_commit) >= 0 FROM pg_catalog.pg_stat_database)

SELECT * FROM public.customers ORDER BY id ASC LIMIT 100

SELECT * FROM public.customers WHERE id BETWEEN 5 AND 9 ORDER BY id ASC

SELECT count(*) FROM public.orders

SELECT at.attname, at.attnum, ty.typname FROM pg_catalog.pg_attribute at LEFT JOIN pg_catalog.pg_type ty ON ty.oid = at.atttypid WHERE attrelid = 'customers'::regclass AND attnum = ANY ((SELECT con.conkey FROM pg_catalog.pg_class rel LEFT JOIN pg_catalog.pg_constraint con ON con.conrelid = rel.oid AND con.contype = 'p' WHERE rel.relkind IN ('r', 's', 't', 'p') AND rel.oid = 'customers'::regclass)::int2[])

UPDATE public.products SET price = '12.50'::numeric WHERE id = '4'

UPDATE public.customers SET region = 'south' WHERE id = '33'

BEGIN; SELECT 1; COMMIT;

EXPLAIN (FORMAT JSON, ANALYZE FALSE, VERBOSE FALSE, COSTS TRUE, BUFFERS FALSE, TIMING FALSE, SUMMARY FALSE) SELECT * FROM public.products

SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('server_version_num')

SELECT oid, pg_catalog.format_type(oid, NULL) AS typname FROM pg_catalog.pg_type WHERE oid = ANY (ARRAY[23, 25, 1043]) ORDER BY oid

SELECT SUM(pg_catalog.pg_table_size(c.oid)) > 0 FROM pg_catalog.pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace

/*pga4dash*/ SELECT name, category, setting, unit, short_desc FROM pg_catalog.pg_settings ORDER BY category LIMIT 1

/*pga4dash*/ SELECT gid, database, owner, transaction, prepared FROM pg_catalog.pg_prepared_xacts

/*pga4dash*/ SELECT count(*) > 0 FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database()

/*pga4dash*/ SELECT pid > 0, array_to_string(pg_catalog.pg_blocking_pids(pid), ', ') AS blocking_pids, pg_catalog.to_char(backend_start, 'YYYY') > '2000', state, wait_event_type || ': ' || wait_event IS NULL FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()

/*pga4dash*/ SELECT locktype, datname, relation::regclass, page, tuple, classid::regclass, mode, granted FROM pg_catalog.pg_locks l LEFT OUTER JOIN pg_catalog.pg_database d ON (l.database = d.oid) WHERE pid = pg_catalog.pg_backend_pid() AND relation = 'pg_catalog.pg_locks'::regclass
