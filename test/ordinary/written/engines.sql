-- What GraphQL and REST engines, report builders and job queues send. A statement is what stands between empty lines.

SELECT coalesce(json_agg("root"), '[]') AS "root" FROM (SELECT row_to_json((SELECT "_e" FROM (SELECT "_root.base"."id" AS "id", "_root.base"."status" AS "status", "_root.or.customer"."customer" AS "customer") AS "_e")) AS "root" FROM (SELECT * FROM "public"."orders" WHERE (("public"."orders"."status") = (('paid')::order_status)) ORDER BY "id" LIMIT 5) AS "_root.base" LEFT OUTER JOIN LATERAL (SELECT row_to_json((SELECT "_e" FROM (SELECT "_root.or.customer.base"."id" AS "id", "_root.or.customer.base"."name" AS "name") AS "_e")) AS "customer" FROM (SELECT * FROM "public"."customers" WHERE (("_root.base"."customer_id") = ("id")) LIMIT 1) AS "_root.or.customer.base") AS "_root.or.customer" ON ('true')) AS "_root"

WITH pgrst_source AS ( SELECT "public"."products"."id", "public"."products"."name" FROM "public"."products" WHERE "public"."products"."id" = '3' LIMIT 100 OFFSET 0 ) SELECT null::bigint AS total_result_set, pg_catalog.count(_postgrest_t) AS page_total, coalesce(json_agg(_postgrest_t), '[]') AS body, nullif(current_setting('response.headers', true), '') AS response_headers, nullif(current_setting('response.status', true), '') AS response_status FROM ( SELECT * FROM pgrst_source ) _postgrest_t

select set_config('search_path', '"public"', true), set_config('role', 'none', true), set_config('request.jwt.claims', '{"role":"anon"}', true), set_config('request.method', 'GET', true), set_config('request.path', '/customers', true), set_config('request.headers', '{}', true)

select set_config('jwt.claims.user_id', '3', true)

SET LOCAL "hasura.user" = '{"x-hasura-role":"admin"}'

select to_json(json_build_object('@id', __local_0__."id", 'status', (__local_0__."status"), '@customer', (select json_build_object('id', __local_1__."id", 'name', (__local_1__."name")) as object from (select __local_1__.* from "public"."customers" as __local_1__ where (__local_0__."customer_id" = __local_1__."id") ) as __local_1__))) as "@node" from (select __local_0__.* from "public"."orders" as __local_0__ where (TRUE) and (TRUE) order by __local_0__."id" ASC limit 3) as __local_0__

SELECT "t0"."id", "t0"."status", COALESCE("Order_items"."__prisma_data__", '[]'::jsonb) AS "items" FROM "public"."orders" AS "t0" LEFT JOIN LATERAL (SELECT COALESCE(JSONB_AGG("__prisma_data__"), '[]') AS "__prisma_data__" FROM (SELECT JSONB_BUILD_OBJECT('line', "t1"."line", 'quantity', "t1"."quantity") AS "__prisma_data__" FROM "public"."order_items" AS "t1" WHERE "t0"."id" = "t1"."order_id" ORDER BY "t1"."line") AS "t2") AS "Order_items" ON TRUE WHERE "t0"."id" = 4 LIMIT 1

select json_object_agg(id, name order by id) from customers where id < 4

select xmlagg(xmlelement(name p, xmlattributes(id as "id"), name) order by id) from products where id < 4

SELECT DATE_TRUNC('month', "source"."placed_at") AS "placed_at", COUNT(*) AS "count" FROM (SELECT "public"."orders"."id" AS "id", "public"."orders"."placed_at" AS "placed_at" FROM "public"."orders" WHERE "public"."orders"."status" = CAST('paid' AS "public"."order_status")) AS "source" GROUP BY DATE_TRUNC('month', "source"."placed_at") ORDER BY DATE_TRUNC('month', "source"."placed_at") ASC

SELECT "public"."orders"."id" AS "id", "public"."orders"."status" AS "status", "Customers"."name" AS "Customers__name", "Customers"."email" AS "Customers__email" FROM "public"."orders" LEFT JOIN "public"."customers" AS "Customers" ON "public"."orders"."customer_id" = "Customers"."id" ORDER BY "public"."orders"."id" LIMIT 2000

SELECT "fk_ns"."nspname" AS "fk-table-schema", "fk_table"."relname" AS "fk-table-name", "fk_column"."attname" AS "fk-column-name", "pk_table"."relname" AS "pk-table-name", "pk_column"."attname" AS "pk-column-name" FROM "pg_constraint" AS "c" INNER JOIN "pg_class" AS "fk_table" ON "c"."conrelid" = "fk_table"."oid" INNER JOIN "pg_namespace" AS "fk_ns" ON "c"."connamespace" = "fk_ns"."oid" INNER JOIN "pg_attribute" AS "fk_column" ON "c"."conrelid" = "fk_column"."attrelid" INNER JOIN "pg_class" AS "pk_table" ON "c"."confrelid" = "pk_table"."oid" INNER JOIN "pg_attribute" AS "pk_column" ON "c"."confrelid" = "pk_column"."attrelid" WHERE "fk_ns"."nspname" !~ '^information_schema|catalog_history|pg_' AND ("c"."contype" = 'f'::char) AND ("fk_column"."attnum" = ANY("c"."conkey")) AND ("pk_column"."attnum" = ANY("c"."confkey")) ORDER BY 1, 2, 3

SELECT DATE_TRUNC('day', placed_at) AS __timestamp, status AS status, count(*) AS count FROM public.orders JOIN (SELECT status AS status__, count(*) AS mme_inner__ FROM public.orders WHERE placed_at >= TO_TIMESTAMP('2025-07-01 00:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US') GROUP BY status ORDER BY mme_inner__ DESC, 1 LIMIT 5) AS anon_1 ON status = status__ GROUP BY status, DATE_TRUNC('day', placed_at) ORDER BY 1, 2 LIMIT 100

SELECT "customers"."region" AS "region", SUM(1) AS "sum:Number of Records:ok" FROM "public"."customers" "customers" GROUP BY 1 HAVING ((COUNT(1) > 0)) ORDER BY 1

SELECT CAST(TRUNC(EXTRACT(YEAR FROM "orders"."placed_at")) AS INTEGER) AS "yr:placed_at:ok", COUNT(DISTINCT "orders"."customer_id") AS "ctd:customer_id:ok" FROM "public"."orders" "orders" INNER JOIN "public"."customers" "customers" ON ("orders"."customer_id" = "customers"."id") WHERE ("customers"."region" IN ('north', 'south')) GROUP BY 1 ORDER BY 1

BEGIN;declare "SQL_CUR0x7f9d" cursor with hold for SELECT "customers"."id" AS "id", "customers"."email" AS "email" FROM "public"."customers" "customers" ORDER BY 1 LIMIT 30;fetch 10 in "SQL_CUR0x7f9d"

close "SQL_CUR0x7f9d"

COMMIT

select "$Table"."id" as "id", "$Table"."name" as "name", "$Table"."email" as "email", "$Table"."phone" as "phone" from "public"."customers" "$Table" order by "$Table"."id" limit 1000

SELECT floor(extract(epoch from placed_at)/3600)*3600 AS "time", status::text AS metric, count(*) AS "n" FROM orders WHERE placed_at BETWEEN '2025-07-01T00:00:00Z' AND '2025-07-10T00:00:00Z' GROUP BY 1, 2 ORDER BY 1, 2

WITH ndt AS (SELECT *, DENSE_RANK() OVER (ORDER BY z___min_rank) as z___pivot_row_rank FROM (SELECT *, MIN(z___rank) OVER (PARTITION BY "category") as z___min_rank FROM (SELECT *, RANK() OVER (ORDER BY "n" DESC, "category") AS z___rank FROM (SELECT category AS "category", count(*) AS "n" FROM products GROUP BY 1) ww) bb) aa) SELECT * FROM ndt ORDER BY z___pivot_row_rank

WITH cohort AS (SELECT id, date_trunc('month', created_at) AS cohort_month FROM customers), activity AS (SELECT customer_id AS id, date_trunc('month', placed_at) AS active_month FROM orders GROUP BY 1, 2) SELECT cohort_month::date, (extract(year FROM age(active_month, cohort_month)) * 12 + extract(month FROM age(active_month, cohort_month)))::int AS month_number, count(*) FROM cohort JOIN activity USING (id) GROUP BY 1, 2 ORDER BY 1, 2

SELECT percentile_disc(ARRAY[0.25,0.5,0.75]) WITHIN GROUP (ORDER BY price) FROM products

SELECT date_trunc('quarter', placed_at)::date AS q, status, count(*) FROM orders GROUP BY GROUPING SETS ((1, 2), (1), ()) ORDER BY 1 NULLS LAST, 2 NULLS LAST

SELECT *, count(*) OVER () AS full_count FROM customers ORDER BY id LIMIT 2 OFFSET 3

SELECT id, email, name FROM customers WHERE (created_at, id) > ('2020-03-01Z', 20) ORDER BY created_at, id LIMIT 5

CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, queue text NOT NULL DEFAULT 'default', kind text NOT NULL, args jsonb NOT NULL DEFAULT '{}', state text NOT NULL DEFAULT 'available', attempts int NOT NULL DEFAULT 0, max_attempts int NOT NULL DEFAULT 20, priority int NOT NULL DEFAULT 0, run_at timestamptz NOT NULL DEFAULT now(), locked_at timestamptz, locked_by text, finished_at timestamptz)

INSERT INTO jobs (kind, args, run_at) SELECT 'Bulk', jsonb_build_object('i', i), timestamptz '2026-01-01Z' + i * interval '1 min' FROM generate_series(1, 20) i RETURNING id

WITH RECURSIVE found AS (SELECT (j).*, pg_try_advisory_lock((j).id) AS locked FROM (SELECT j FROM jobs AS j WHERE queue = 'default' AND run_at <= now() ORDER BY priority, run_at, id LIMIT 1) AS t1 UNION ALL (SELECT (j).*, pg_try_advisory_lock((j).id) AS locked FROM (SELECT (SELECT j FROM jobs AS j WHERE queue = 'default' AND run_at <= now() AND (priority, run_at, id) > (found.priority, found.run_at, found.id) ORDER BY priority, run_at, id LIMIT 1) AS j FROM found WHERE found.id IS NOT NULL LIMIT 1) AS t1)) SELECT queue, priority, run_at, id, kind, args FROM found WHERE locked LIMIT 1

SELECT "jobs"."id" FROM "jobs" WHERE "jobs"."id" IN (WITH "rows" AS MATERIALIZED (SELECT "jobs"."id" FROM "jobs" WHERE "jobs"."queue" = 'default' AND "jobs"."finished_at" IS NULL ORDER BY priority ASC NULLS LAST, "jobs"."run_at" ASC) SELECT "rows"."id" FROM "rows" WHERE pg_try_advisory_lock(('x' || substr(md5('good_jobs' || '-' || "rows"."id"::text), 1, 16))::bit(64)::bigint) LIMIT 1) ORDER BY priority ASC NULLS LAST LIMIT 1

with next as (select id from jobs where kind = 'Bulk' and state < 'completed' and run_at < now() order by priority desc, run_at, id limit 3 for update skip locked) update jobs j set state = 'active', locked_at = now(), attempts = case when locked_at is not null then attempts + 1 else attempts end from next where j.id = next.id returning j.id, kind, args

UPDATE "jobs" AS j0 SET "state" = 'executing', "attempts" = j0."attempts" + 1 FROM (SELECT sj0."id" AS "id" FROM "jobs" AS sj0 WHERE sj0."state" = 'available' ORDER BY sj0."priority", sj0."run_at", sj0."id" LIMIT 2 FOR UPDATE SKIP LOCKED) AS s1 WHERE (j0."id" = s1."id") RETURNING j0."id", j0."state", j0."attempts"

WITH completed AS (UPDATE jobs SET state = 'completed', finished_at = now() WHERE id = ANY (ARRAY[3, 4]::bigint[]) RETURNING *) SELECT count(*) FROM completed

DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state = 'completed' ORDER BY id LIMIT 2 FOR UPDATE SKIP LOCKED) RETURNING id

SELECT pg_try_advisory_xact_lock(hashtext('scheduler'), 1)

SELECT pg_advisory_unlock_all()

DROP TABLE jobs
