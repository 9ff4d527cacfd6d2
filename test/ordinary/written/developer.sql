-- What developers type by hand. A statement is what stands between empty lines.

SELECT * FROM customers LIMIT 10

SELECT * FROM customers WHERE id = 42

SELECT id, name, email FROM customers ORDER BY created_at DESC, id LIMIT 5

SELECT count(*) FROM orders WHERE placed_at >= date '2025-01-01'

SELECT c.region, count(*) AS n, round(avg(t.total), 2) AS average
FROM customers c JOIN (SELECT o.customer_id, sum(i.quantity * i.unit_price) AS total FROM orders o JOIN order_items i ON i.order_id = o.id GROUP BY 1) t ON t.customer_id = c.id
GROUP BY 1 ORDER BY 2 DESC, 1

WITH monthly AS (SELECT date_trunc('month', placed_at) AS m, count(*) AS n FROM orders GROUP BY 1)
SELECT m, n, n - lag(n) OVER (ORDER BY m) AS change, sum(n) OVER (ORDER BY m) AS running FROM monthly ORDER BY m

WITH RECURSIVE chain AS (
  SELECT id, name, manager_id, 1 AS depth FROM employees WHERE manager_id IS NULL
  UNION ALL SELECT e.id, e.name, e.manager_id, c.depth + 1 FROM employees e JOIN chain c ON e.manager_id = c.id)
SELECT id, name, depth FROM chain ORDER BY depth, id LIMIT 20

SELECT c.id, c.name, o.id AS last_order FROM customers c CROSS JOIN LATERAL (SELECT id FROM orders WHERE customer_id = c.id ORDER BY placed_at DESC, id LIMIT 1) o ORDER BY c.id LIMIT 5

SELECT day::date, count(o.id) FROM generate_series(date '2026-01-01', date '2026-01-07', interval '1 day') AS day LEFT JOIN orders o ON o.placed_at::date = day::date GROUP BY 1 ORDER BY 1

SELECT id, attributes ->> 'colour', attributes #>> '{size,0}', attributes ? 'colour', attributes @> '{"a": 1}' FROM products ORDER BY id LIMIT 5

SELECT jsonb_object_keys(attributes) AS key, count(*) FROM products GROUP BY 1 ORDER BY 1

SELECT p.id, e.key, e.value FROM products p, jsonb_each_text(p.attributes) e ORDER BY 1, 2 LIMIT 10

SELECT id, jsonb_set(attributes, '{checked}', 'true') FROM products ORDER BY id LIMIT 2

SELECT jsonb_path_query_array(attributes, '$.*') FROM products ORDER BY id LIMIT 2

SELECT category, array_agg(name ORDER BY name) FILTER (WHERE price > 20), string_agg(DISTINCT left(name, 1), ',') FROM products GROUP BY category ORDER BY 1

SELECT category, percentile_cont(0.5) WITHIN GROUP (ORDER BY price), mode() WITHIN GROUP (ORDER BY in_stock) FROM products GROUP BY 1 ORDER BY 1

SELECT region, status, count(*), grouping(region, status) FROM orders JOIN customers c ON c.id = customer_id GROUP BY CUBE (region, status) ORDER BY 1, 2

SELECT id, row_number() OVER w, dense_rank() OVER w, ntile(4) OVER w, first_value(id) OVER w FROM products WINDOW w AS (PARTITION BY category ORDER BY price, id) ORDER BY id LIMIT 10

SELECT id, avg(price) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING) FROM products ORDER BY id LIMIT 5

SELECT DISTINCT ON (customer_id) customer_id, id, status FROM orders ORDER BY customer_id, placed_at DESC, id LIMIT 5

SELECT now() - interval '3 days' < now(), age(timestamp '2026-03-01', timestamp '2025-01-15'), extract(isodow FROM date '2026-01-01'), to_char(date '2026-01-01', 'FMDay DD Mon YYYY'), make_interval(days => 3), date_bin('15 minutes', timestamp '2026-01-01 10:22', timestamp '2026-01-01')

SELECT coalesce(NULL, 'x'), nullif(1, 1), greatest(1, 2), least(1, 2), 7 / 2, 7 % 2, 2 ^ 10, 'a' || 'b', upper('x'), initcap('ab cd'), md5('x'), regexp_replace('a1b2', '\d', '#', 'g'), split_part('a,b,c', ',', 2), position('b' IN 'abc'), format('%s-%L', 1, 'x')

SELECT 'abc' ~ '^a', 'abc' ILIKE 'A%', 'abc' SIMILAR TO '(a|b)%', ARRAY[1, 2] && ARRAY[2, 3], 2 = ANY (ARRAY[1, 2]), int4range(1, 5) @> 3, '192.168.0.1'::inet << '192.168.0.0/16'::cidr

SELECT name, ts_rank(to_tsvector('english', name), query) FROM products, websearch_to_tsquery('english', 'lamp or chair') AS query WHERE to_tsvector('english', name) @@ query ORDER BY 2 DESC, 1 LIMIT 5

SELECT * FROM products TABLESAMPLE BERNOULLI (100) ORDER BY id LIMIT 3

SELECT id, name FROM customers TABLESAMPLE SYSTEM (100) REPEATABLE (7) ORDER BY id LIMIT 3

SELECT ctid, * FROM customers ORDER BY id LIMIT 2

SELECT xmin IS NOT NULL, tableoid::regclass, id FROM customers ORDER BY id LIMIT 2

SELECT * FROM rich_orders ORDER BY id LIMIT 5

SELECT * FROM customer_directory WHERE region = 'north' ORDER BY id LIMIT 5

SELECT month, category, revenue FROM monthly_sales ORDER BY month, category LIMIT 5

SELECT order_total(1), order_total(id) FROM orders ORDER BY id LIMIT 3

TABLE order_items ORDER BY order_id, line LIMIT 3

VALUES (1, 'one'), (2, 'two')

SELECT * FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE region = 'south') ORDER BY id LIMIT 3

SELECT * FROM customers c WHERE NOT EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id) ORDER BY id

SELECT id FROM customers WHERE id <= 3 UNION SELECT id FROM orders WHERE id <= 5 EXCEPT SELECT 4 ORDER BY 1

SELECT * FROM customers c FULL JOIN employees e ON e.id = c.id AND e.name = c.name WHERE c.id < 3 OR e.id < 3 ORDER BY c.id, e.id

SELECT a.id, b.id FROM orders a JOIN orders b USING (customer_id, status) WHERE a.id < b.id AND a.id < 30 ORDER BY 1, 2

SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v (id, label) JOIN orders USING (id) ORDER BY id

SELECT x.* FROM json_to_recordset('[{"a": 1, "b": "x"}]') AS x (a int, b text)

SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b']) WITH ORDINALITY AS u (n, t, place)

SELECT * FROM string_to_table('a b c', ' ')

SELECT * FROM payments WHERE paid_at >= '2026-01-01' AND paid_at < '2026-02-01' ORDER BY id LIMIT 3

SELECT method, sum(amount) FROM payments GROUP BY ROLLUP (method) ORDER BY 1

SELECT region, count(DISTINCT email), count(card_number), count(*) FILTER (WHERE phone IS NULL) FROM customers GROUP BY region ORDER BY region

SELECT split_part(email, '@', 2) AS provider, count(*) FROM customers GROUP BY 1 ORDER BY 2 DESC, 1

SELECT id, CASE WHEN price < 20 THEN 'cheap' WHEN price < 100 THEN 'fair' ELSE 'dear' END AS kind FROM products ORDER BY id LIMIT 5

SELECT width_bucket(price, 0, 500, 5) AS bucket, count(*), min(price), max(price) FROM products GROUP BY 1 ORDER BY 1

SELECT * FROM orders ORDER BY placed_at, id OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY

SELECT pg_size_pretty(pg_total_relation_size('products')) IS NOT NULL, pg_relation_size('orders') > 0

SELECT current_user, session_user, current_schema, current_database(), inet_server_addr() IS NOT NULL, pg_backend_pid() > 0, version() LIKE 'PostgreSQL%'

SELECT gen_random_uuid() IS NOT NULL, random() < 2, clock_timestamp() > '2020-01-01', pg_typeof(1.5), pg_column_size('abc'::text)

EXPLAIN SELECT * FROM customers WHERE id = 3

EXPLAIN (COSTS OFF) SELECT c.name, o.id FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.region = 'north'

EXPLAIN (FORMAT JSON, COSTS OFF) SELECT * FROM products WHERE price > 100

EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT category, count(*) FROM products GROUP BY 1

EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT * FROM orders WHERE id = 3

EXPLAIN (COSTS OFF) UPDATE orders SET status = 'paid' WHERE id = 1

EXPLAIN SELECT id FROM customers WHERE email = 'x@example.com'

INSERT INTO products (id, sku, name, category, price, in_stock, attributes) VALUES (9001, gen_random_uuid(), 'Test lamp', 'kitchen', 19.90, 3, '{"colour": "red"}') RETURNING id, name, price

INSERT INTO products (id, sku, name, category, price, in_stock, attributes) SELECT id + 10000, sku, name || ' copy', category, price, 0, attributes FROM products WHERE id <= 2 RETURNING id

INSERT INTO orders (customer_id, status, ship_to, placed_at) VALUES (3, 'placed', 'Mill Street 1', '2026-02-03') RETURNING *

INSERT INTO customers (name, email, national_id, region) VALUES ('Hand Written', 'hand.written@example.com', '123', 'north') RETURNING id, name, email

INSERT INTO order_items VALUES (1, 99, 1, 2, 9.99) ON CONFLICT (order_id, line) DO UPDATE SET quantity = order_items.quantity + excluded.quantity RETURNING *

INSERT INTO order_items VALUES (1, 99, 1, 2, 9.99) ON CONFLICT DO NOTHING

UPDATE products SET price = price * 1.1, name = upper(name) WHERE id = 9001 RETURNING id, price, name

UPDATE customers SET region = 'west', tags = array_append(tags, 'moved') WHERE id = 21 RETURNING *

UPDATE customers SET phone = '+1 555 000 0000' WHERE id = 22

UPDATE customers SET email = 'changed@example.com' WHERE id = 23

UPDATE orders o SET status = 'shipped' FROM customers c WHERE c.id = o.customer_id AND c.region = 'north' AND o.status = 'paid' AND o.id < 50 RETURNING o.id, o.status, c.name

UPDATE customers SET notes = notes || '{"seen": true}' WHERE id = 24 RETURNING id, notes

DELETE FROM order_items WHERE order_id = 1 AND line = 99 RETURNING *

DELETE FROM order_items USING orders o WHERE o.id = order_id AND o.id = 2 AND line = 1

DELETE FROM orders WHERE id = 3 RETURNING id, ship_to

WITH gone AS (DELETE FROM products WHERE id > 10000 RETURNING id) SELECT count(*) FROM gone

MERGE INTO products p USING (VALUES (9001, 5), (9002, 6)) v (id, n) ON p.id = v.id WHEN MATCHED THEN UPDATE SET in_stock = p.in_stock + v.n WHEN NOT MATCHED THEN DO NOTHING

SELECT nextval('orders_id_seq') > 0, currval('orders_id_seq') > 0, lastval() > 0

SELECT setval('customers_id_seq', (SELECT max(id) FROM customers))

BEGIN

SELECT * FROM orders WHERE id = 5 FOR UPDATE NOWAIT

SELECT * FROM customers WHERE id = 5 FOR SHARE

SAVEPOINT first

UPDATE orders SET status = 'paid' WHERE id = 5

ROLLBACK TO SAVEPOINT first

RELEASE SAVEPOINT first

LOCK TABLE orders IN SHARE ROW EXCLUSIVE MODE

COMMIT

BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE

DECLARE walk SCROLL CURSOR FOR SELECT id, name, email FROM customers ORDER BY id

FETCH 5 FROM walk

MOVE FORWARD 10 IN walk

FETCH BACKWARD 2 FROM walk

CLOSE walk

END

PREPARE by_region (text, int) AS SELECT id, name, email FROM customers WHERE region = $1 ORDER BY id LIMIT $2

EXECUTE by_region ('north', 3)

SELECT name, parameter_types FROM pg_prepared_statements WHERE name = 'by_region'

DEALLOCATE by_region

SET search_path TO public, pg_catalog

SET LOCAL work_mem = '8MB'

SET statement_timeout TO '30s'

SET TIME ZONE 'Europe/Madrid'

SELECT timestamptz '2026-01-01 00:00:00Z'::text

RESET TIME ZONE

SHOW statement_timeout

SELECT set_config('app.current_user', '42', false)

SET app.tenant = 'north'

SELECT current_setting('app.current_user'), current_setting('app.tenant', true), current_setting('app.missing', true)

SHOW app.tenant

RESET ALL

SELECT pg_advisory_lock(42), pg_advisory_unlock(42), pg_try_advisory_lock(7)

SELECT pg_advisory_unlock_all()

NOTIFY news, 'hello'

SELECT pg_notify('news', 'again')

LISTEN news

UNLISTEN *

CREATE TEMP TABLE picked (id int PRIMARY KEY, note text)

INSERT INTO picked SELECT id, name FROM customers WHERE region = 'north'

SELECT count(*) FROM picked JOIN orders o ON o.customer_id = picked.id

UPDATE picked SET note = 'x' WHERE id > 50

CREATE INDEX ON picked (note)

ANALYZE picked

DROP TABLE picked

CREATE TEMP TABLE snapshot AS SELECT id, name, email, region FROM customers WHERE id < 20

SELECT * FROM snapshot ORDER BY id LIMIT 3

DROP TABLE snapshot

SELECT id, status INTO TEMP paid_orders FROM orders WHERE status = 'paid'

DISCARD TEMP

CREATE SCHEMA lab

CREATE TABLE lab.measures (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, label varchar(40) NOT NULL UNIQUE, value numeric(10, 3) CHECK (value >= 0), taken timestamptz NOT NULL DEFAULT now(), extra jsonb NOT NULL DEFAULT '{}', half numeric GENERATED ALWAYS AS (value / 2) STORED)

COMMENT ON TABLE lab.measures IS 'What was measured'

CREATE INDEX measures_taken ON lab.measures USING brin (taken)

CREATE INDEX CONCURRENTLY measures_extra ON lab.measures USING gin (extra)

INSERT INTO lab.measures (label, value) SELECT 'm' || i, i FROM generate_series(1, 20) AS i RETURNING id

ALTER TABLE lab.measures ADD COLUMN unit text DEFAULT 'cm', ADD CONSTRAINT short_unit CHECK (length(unit) < 10)

ALTER TABLE lab.measures ALTER COLUMN value TYPE numeric(12, 4), ALTER COLUMN unit SET NOT NULL

ALTER TABLE lab.measures RENAME COLUMN label TO name

CREATE VIEW lab.recent AS SELECT id, name, value FROM lab.measures WHERE taken > now() - interval '1 day'

SELECT * FROM lab.recent ORDER BY id LIMIT 2

CREATE MATERIALIZED VIEW lab.summary AS SELECT count(*) AS n, avg(value) AS a FROM lab.measures

REFRESH MATERIALIZED VIEW lab.summary

CREATE VIEW north_customers AS SELECT id, name, email FROM customers WHERE region = 'north'

SELECT * FROM north_customers ORDER BY id LIMIT 2

DROP VIEW north_customers

CREATE TYPE lab.level AS ENUM ('low', 'high')

CREATE DOMAIN lab.percent AS int CHECK (VALUE BETWEEN 0 AND 100)

CREATE SEQUENCE lab.ticket START 100 INCREMENT 5

SELECT nextval('lab.ticket')

CREATE TABLE lab.events (at date NOT NULL, what text) PARTITION BY RANGE (at)

CREATE TABLE lab.events_2026 PARTITION OF lab.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')

INSERT INTO lab.events VALUES ('2026-05-05', 'x') RETURNING tableoid::regclass

DO $$ BEGIN CREATE TYPE lab.level AS ENUM ('low', 'high'); EXCEPTION WHEN duplicate_object THEN NULL; END $$

DO $$ BEGIN ALTER TABLE lab.measures ADD CONSTRAINT named CHECK (name <> ''); EXCEPTION WHEN duplicate_object THEN null; END $$;

ALTER TYPE lab.level ADD VALUE IF NOT EXISTS 'middle' AFTER 'low'

TRUNCATE lab.measures RESTART IDENTITY

VACUUM (ANALYZE) lab.measures

ANALYZE customers

REINDEX TABLE lab.measures

GRANT SELECT ON lab.measures TO PUBLIC

ALTER TABLE lab.measures ENABLE ROW LEVEL SECURITY

COPY (SELECT id, name, region FROM customers ORDER BY id LIMIT 3) TO STDOUT WITH (FORMAT csv, HEADER)

COPY lab.events TO STDOUT

DROP TABLE IF EXISTS lab.nothing, lab.events CASCADE

DROP SCHEMA lab CASCADE

SELECT relname, n_live_tup IS NOT NULL FROM pg_stat_user_tables ORDER BY 1 LIMIT 3

SELECT pid = pg_backend_pid(), state, wait_event_type FROM pg_stat_activity WHERE pid = pg_backend_pid()

SELECT locktype, mode, granted FROM pg_locks WHERE pid = pg_backend_pid() ORDER BY 1, 2

SELECT attname, n_distinct, null_frac FROM pg_stats WHERE schemaname = 'public' AND tablename = 'products' ORDER BY attname

SELECT indexrelname, idx_scan IS NOT NULL FROM pg_stat_user_indexes ORDER BY 1 LIMIT 3

SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'orders'::regclass ORDER BY 1

SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = 'customers' ORDER BY ordinal_position

SELECT pg_get_viewdef('customer_directory'::regclass, true), pg_get_indexdef('customers_email'::regclass), pg_get_functiondef('order_total'::regproc)

SELECT obj_description('customers'::regclass), col_description('customers'::regclass, 4)

SELECT has_table_privilege('customers', 'SELECT'), has_schema_privilege('public', 'CREATE')

SELECT datname, xact_commit >= 0 FROM pg_stat_database WHERE datname = current_database()

SELECT relname FROM pg_stat_user_tables ORDER BY 1

SELECT count(*) FROM pg_replication_slots

SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1

SELECT * FROM pg_matviews ORDER BY 1, 2

SELECT schemaname, sequencename, data_type FROM pg_sequences ORDER BY 2

SELECT * FROM information_schema.referential_constraints ORDER BY constraint_name

SELECT * FROM information_schema.triggers

SELECT pg_try_advisory_lock(72707369), pg_advisory_unlock(72707369)

SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED

SELECT set_config('search_path', 'public', false)

SELECT to_regclass('public.customers') IS NOT NULL, obj_description('customers'::regclass), format_type(23, NULL)

SELECT has_table_privilege('customers', 'select'), has_schema_privilege('public', 'create')

SELECT to_jsonb(c) - 'email' - 'phone' - 'national_id' - 'card_number' - 'birth_date' FROM customers c ORDER BY id LIMIT 1

SELECT jsonb_agg(o) FROM (SELECT id, status FROM orders ORDER BY id LIMIT 2) o

SELECT o.id, (SELECT jsonb_build_object('name', c.name, 'email', c.email) FROM customers c WHERE c.id = o.customer_id) FROM orders o ORDER BY id LIMIT 1

SELECT * FROM generate_series(1, 3) g LEFT JOIN LATERAL (SELECT id, name FROM products WHERE id = g) p ON true ORDER BY g

SELECT * FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) AS t (a, b)

CREATE TEMP TABLE picked AS SELECT id, name, email FROM customers ORDER BY id LIMIT 3

SELECT * FROM picked ORDER BY id

CREATE TABLE invoices (id bigserial PRIMARY KEY, order_id int NOT NULL REFERENCES orders (id) ON DELETE CASCADE, number text NOT NULL UNIQUE, total numeric(12, 2) CHECK (total >= 0), issued date DEFAULT current_date, meta jsonb DEFAULT '{}')

ALTER TABLE invoices ADD COLUMN due date, ADD COLUMN shown text GENERATED ALWAYS AS (number || ' ' || coalesce(total::text, '')) STORED

ALTER TABLE invoices ALTER COLUMN total SET NOT NULL, ALTER COLUMN issued TYPE timestamptz USING issued::timestamptz

CREATE INDEX ON invoices USING gin (meta jsonb_path_ops)

INSERT INTO invoices (order_id, number, total) SELECT id, 'N' || id, 1 FROM orders ORDER BY id LIMIT 5

CREATE INDEX CONCURRENTLY invoices_due ON invoices (due DESC NULLS LAST) INCLUDE (total)

ALTER TABLE invoices RENAME TO bills

ALTER TABLE bills DROP COLUMN due

ALTER TABLE bills RENAME CONSTRAINT invoices_pkey TO bills_pkey

ALTER TABLE bills ALTER number SET STATISTICS 200

CREATE UNLOGGED TABLE bills_copy (LIKE bills INCLUDING ALL)

SELECT id, order_id, number, shown FROM bills ORDER BY id

DROP TABLE bills, bills_copy

CREATE TABLE visits (id int, at date) PARTITION BY RANGE (at)

CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')

ALTER TABLE visits DETACH PARTITION visits_1

ALTER TABLE visits ATTACH PARTITION visits_1 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')

DROP TABLE visits
