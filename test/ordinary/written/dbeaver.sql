-- The shape of what DBeaver asks: sign-on, its navigator, the data editor, properties.

SET extra_float_digits = 3

SET application_name = 'DBeaver 25.0 - Main'

SELECT current_schema(), session_user

SHOW search_path

SELECT db.oid, db.datname, db.encoding, db.datistemplate, db.datallowconn, pg_catalog.shobj_description(db.oid, 'pg_database') AS note FROM pg_catalog.pg_database db WHERE db.datallowconn AND NOT db.datistemplate ORDER BY db.datname

SELECT s.oid, s.*, d.description FROM pg_catalog.pg_namespace s LEFT JOIN pg_catalog.pg_description d ON d.objoid = s.oid AND d.objsubid = 0 AND d.classoid = 'pg_catalog.pg_namespace'::regclass WHERE s.nspname NOT LIKE 'pg\_temp%' AND s.nspname NOT LIKE 'pg\_toast%' ORDER BY s.nspname

SELECT t.oid, t.*, c.relkind, pg_catalog.format_type(nullif(t.typbasetype, 0), t.typtypmod) AS base, d.description FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid LEFT JOIN pg_catalog.pg_description d ON d.objoid = t.oid WHERE t.typname IS NOT NULL AND (c.relkind IS NULL OR c.relkind = 'c') AND t.typnamespace = 'public'::regnamespace ORDER BY t.oid

SELECT c.oid, c.relname, c.relkind, c.relpersistence, c.relhassubclass, d.description, pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound, pg_catalog.pg_get_partkeydef(c.oid) AS key FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass WHERE c.relnamespace = 'public'::regnamespace AND c.relkind NOT IN ('i', 'I', 'c') ORDER BY c.relname

SELECT c.relname, a.attnum, a.attname, a.atttypid, a.attlen, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) AS def_value, dsc.description, dep.objid FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON a.attrelid = c.oid LEFT JOIN pg_catalog.pg_attrdef ad ON a.attrelid = ad.adrelid AND a.attnum = ad.adnum LEFT JOIN pg_catalog.pg_description dsc ON c.oid = dsc.objoid AND a.attnum = dsc.objsubid LEFT JOIN pg_catalog.pg_depend dep ON dep.refobjid = a.attrelid AND dep.deptype = 'i' AND dep.refobjsubid = a.attnum AND dep.classid = dep.refclassid WHERE NOT a.attisdropped AND c.relkind NOT IN ('i', 'I', 'c') AND c.oid = 'customers'::regclass ORDER BY a.attnum

SELECT c.oid, c.*, t.relname AS table_name, rt.relnamespace AS ref_schema, pg_catalog.pg_get_constraintdef(c.oid) AS definition FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_class t ON t.oid = c.conrelid LEFT JOIN pg_catalog.pg_class rt ON rt.oid = c.confrelid WHERE c.conrelid = 'orders'::regclass ORDER BY c.oid

SELECT i.*, i.indkey AS keys, c.relname, c.relnamespace, c.relam, c.reltablespace, tc.relname AS tabrelname, dsc.description, pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS pred_expr, pg_catalog.pg_get_expr(i.indexprs, i.indrelid, true) AS expr, pg_catalog.pg_relation_size(i.indexrelid) AS index_rel_size, pg_catalog.pg_stat_get_numscans(i.indexrelid) AS index_num_scans FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class tc ON tc.oid = i.indrelid LEFT JOIN pg_catalog.pg_description dsc ON i.indexrelid = dsc.objoid WHERE i.indrelid = 'customers'::regclass ORDER BY tabrelname, c.relname

SELECT x.oid, x.tgname, x.tgtype, x.tgenabled, p.proname AS func_name, pg_catalog.pg_get_triggerdef(x.oid, true) FROM pg_catalog.pg_trigger x LEFT JOIN pg_catalog.pg_proc p ON p.oid = x.tgfoid WHERE x.tgrelid = 'products'::regclass AND NOT x.tgisinternal

SELECT p.oid, p.proname, p.prokind, p.prorettype, p.proargnames, p.proargmodes, pg_catalog.pg_get_expr(p.proargdefaults, 0) AS arg_defaults, l.lanname FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang WHERE p.pronamespace = 'public'::regnamespace ORDER BY p.proname

SELECT pg_catalog.pg_get_functiondef('public.order_total'::regproc)

SELECT i.inhseqno, c.relname, c.relnamespace FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'payments'::regclass ORDER BY c.relname

SELECT pc.oid, pc.relname, pg_catalog.pg_total_relation_size(pc.oid) AS total, pg_catalog.pg_relation_size(pc.oid) AS own FROM pg_catalog.pg_class pc WHERE pc.relnamespace = 'public'::regnamespace AND pc.relkind IN ('r', 'm') ORDER BY pc.relname

SELECT * FROM pg_catalog.pg_sequences WHERE schemaname = 'public' ORDER BY sequencename

SELECT last_value, is_called FROM orders_id_seq

SELECT a.oid, a.rolname, a.rolsuper, a.rolcanlogin FROM pg_catalog.pg_roles a ORDER BY a.rolname

SELECT e.oid, cfg.extname, cfg.extversion, n.nspname FROM pg_catalog.pg_extension cfg JOIN pg_catalog.pg_extension e USING (oid) JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace

SELECT d.objid, d.refobjid, d.deptype, c.relname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.refobjid WHERE d.refobjid = 'customers'::regclass ORDER BY 1, 2

SELECT grantee, privilege_type FROM information_schema.table_privileges WHERE table_schema = 'public' AND table_name = 'customers' ORDER BY 1, 2

SELECT x.* FROM public.customers x ORDER BY x.id LIMIT 200

SELECT x.*, x.ctid FROM public.page_views x LIMIT 5

SELECT COUNT(*) FROM public.customers x

SELECT x.* FROM public.customers x WHERE region = 'north' ORDER BY x.name DESC, x.id LIMIT 50

SELECT region, COUNT(*) FROM public.customers GROUP BY region ORDER BY 2 DESC, 1

UPDATE public.products SET "name" = 'Edited lamp' WHERE id = 3

UPDATE public.customers SET region = 'east' WHERE id = 31

INSERT INTO public.products (id, sku, "name", category, price, in_stock, attributes) VALUES (8001, '00000000-0000-4000-8000-000000000001', 'New', 'kitchen', 1.5, 1, '{}')

DELETE FROM public.products WHERE id = 8001

SELECT pid = pg_backend_pid(), usename, application_name, state, backend_start IS NOT NULL FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid()

SELECT sd.datname, sd.numbackends > 0, sd.xact_commit >= 0, sd.blks_hit >= 0 FROM pg_catalog.pg_stat_database sd WHERE sd.datname = current_database()

EXPLAIN (FORMAT XML, COSTS OFF) SELECT * FROM public.orders WHERE id = 1

SELECT typinput = 'array_in'::regproc AS is_array, typtype, typname, pg_type.oid FROM pg_catalog.pg_type WHERE typname IN ('int4', '_text') ORDER BY 3

SELECT nspname AS table_schem, NULL AS table_catalog FROM pg_catalog.pg_namespace WHERE nspname <> 'pg_toast' AND (nspname !~ '^pg_temp_' OR nspname = (pg_catalog.current_schemas(true))[1]) ORDER BY table_schem

SELECT t.typname, t.oid FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE n.nspname <> 'pg_toast' AND (t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid)) ORDER BY t.oid LIMIT 20

SELECT result.table_cat, result.column_name, result.key_seq FROM (SELECT NULL AS table_cat, a.attname AS column_name, (information_schema._pg_expandarray(i.indkey)).n AS key_seq, information_schema._pg_expandarray(i.indkey) AS keys, a.attnum AS a_attnum FROM pg_catalog.pg_class ct JOIN pg_catalog.pg_attribute a ON ct.oid = a.attrelid JOIN pg_catalog.pg_index i ON a.attrelid = i.indrelid WHERE ct.relname = 'customers' AND i.indisprimary) result WHERE result.a_attnum = (result.keys).x ORDER BY 3

SELECT db.oid,db.* FROM pg_catalog.pg_database db WHERE datallowconn AND NOT datistemplate ORDER BY db.datname LIMIT 1

SELECT n.oid,n.*,d.description FROM pg_catalog.pg_namespace n LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=n.oid AND d.objsubid=0 AND d.classoid='pg_namespace'::regclass ORDER BY nspname LIMIT 1

SELECT c.*,d.description,pg_catalog.pg_get_expr(c.relpartbound, c.oid) as partition_expr, pg_catalog.pg_get_partkeydef(c.oid) as partition_key FROM pg_catalog.pg_class c LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=c.oid AND d.objsubid=0 AND d.classoid='pg_class'::regclass WHERE c.relnamespace=2200 AND c.relkind not in ('i','I','c') LIMIT 1

SELECT c.relname,a.*,pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) as def_value,dsc.description,dep.objid FROM pg_catalog.pg_attribute a INNER JOIN pg_catalog.pg_class c ON (a.attrelid=c.oid) LEFT OUTER JOIN pg_catalog.pg_attrdef ad ON (a.attrelid=ad.adrelid AND a.attnum = ad.adnum) LEFT OUTER JOIN pg_catalog.pg_description dsc ON (c.oid=dsc.objoid AND a.attnum = dsc.objsubid) LEFT OUTER JOIN pg_depend dep on dep.refobjid = a.attrelid AND dep.deptype = 'i' and dep.refobjsubid = a.attnum and dep.classid = dep.refclassid WHERE NOT a.attisdropped AND c.relkind not in ('i','I','c') AND c.oid='customers'::regclass ORDER BY a.attnum LIMIT 1

SELECT x.* FROM public.customers x LIMIT 2

SELECT count(*) FROM public.customers x

SELECT pg_get_viewdef('rich_orders'::regclass, true)

SELECT pg_get_functiondef('order_total'::regproc)

SELECT * FROM pg_catalog.pg_enum
