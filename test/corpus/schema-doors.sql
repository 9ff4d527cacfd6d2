-- More doors, which need extensions of the server's. :salt as in schema.sql; :port and :password are the server's own.
CREATE EXTENSION dblink;
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION tablefunc;
CREATE EXTENSION xml2;
CREATE EXTENSION pageinspect;
CREATE EXTENSION pgstattuple;
CREATE EXTENSION pgrowlocks;
CREATE EXTENSION amcheck;
CREATE EXTENSION pg_visibility;
CREATE EXTENSION pg_stat_statements;
CREATE EXTENSION tsm_system_rows;
CREATE EXTENSION hstore;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION pgcrypto;
CREATE EXTENSION lo;

CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port ':port', dbname 'corpus_far');
CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'postgres', password ':password');
CREATE FOREIGN TABLE far_customers (id int, name text, ssn text, score int) SERVER far OPTIONS (table_name 'customers');
CREATE VIEW far_view AS SELECT id, ssn AS remark FROM far_customers;
CREATE VIEW linked AS SELECT * FROM dblink('far', 'SELECT id, ssn FROM customers') AS t (id int, remark text);
CREATE FUNCTION linked_one(int) RETURNS text LANGUAGE sql AS
  'SELECT s FROM public.dblink($$far$$, $$SELECT ssn FROM customers WHERE id = $$ || $1) AS t (s text)';

CREATE TABLE letters (id int PRIMARY KEY, title text, body text);
ALTER TABLE letters ALTER body SET STORAGE EXTERNAL;
INSERT INTO letters SELECT i, 'title ' || i, repeat('letter-leak-' || (i * :salt) || ' ', 300) FROM generate_series(1, 5) AS i;
CREATE TABLE drawers (id int PRIMARY KEY, body oid);
SELECT lo_from_bytea(500000 + i, ('lo-leak-' || (i * :salt))::bytea) FROM generate_series(1, 5) AS i;
INSERT INTO drawers SELECT i, 500000 + i FROM generate_series(1, 5) AS i;
CREATE FUNCTION drawer(int) RETURNS text LANGUAGE sql AS 'SELECT encode(lo_get(body), $$escape$$) FROM public.drawers WHERE id = $1';
CREATE VIEW opened_drawers AS SELECT id, encode(lo_get(body), 'escape') AS body FROM drawers;

CREATE INDEX rich_index ON customers (id) WHERE score > 770100;
CREATE INDEX few_index ON customers (name) WHERE ssn LIKE '%4%';
CREATE MATERIALIZED VIEW rich_snapshot AS SELECT id, name FROM customers WHERE score > 770100;
CREATE STATISTICS together (mcv, dependencies, ndistinct) ON ssn, email FROM customers;
CREATE STATISTICS computed ON (lower(ssn)), (score % 7) FROM customers;
CREATE TABLE shelves (id int, size int) PARTITION BY RANGE (size);
CREATE TABLE shelves_small PARTITION OF shelves FOR VALUES FROM (0) TO (100);
CREATE TABLE shelves_big PARTITION OF shelves FOR VALUES FROM (100) TO (100000);
INSERT INTO shelves SELECT i, i * :salt FROM generate_series(1, 20) AS i;

CREATE TABLE clients (id int PRIMARY KEY, name text, secret text);
INSERT INTO clients SELECT i, 'client ' || i, 'client-leak-' || (i * :salt) FROM generate_series(1, 8) AS i;
CREATE TABLE client_log (line text, at timestamptz DEFAULT '2024-01-01');
CREATE FUNCTION log_client() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN INSERT INTO public.client_log (line) VALUES (TG_OP || ' ' || OLD.secret); RETURN coalesce(NEW, OLD); END$$;
CREATE TRIGGER logged BEFORE UPDATE OR DELETE ON clients FOR EACH ROW EXECUTE FUNCTION log_client();
CREATE FUNCTION log_table() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN INSERT INTO public.client_log (line) SELECT secret FROM public.clients; RETURN NULL; END$$;
CREATE TABLE poked (id int, v text);
INSERT INTO poked VALUES (1, 'x');
CREATE TRIGGER poked_statement AFTER INSERT OR DELETE OR TRUNCATE ON poked EXECUTE FUNCTION log_table();
CREATE FUNCTION tell_client() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN PERFORM pg_notify('clients', (SELECT string_agg(secret, ',') FROM public.clients)); RETURN NEW; END$$;
CREATE TABLE told (id int, v text);
CREATE TRIGGER told_t BEFORE INSERT OR UPDATE ON told FOR EACH ROW EXECUTE FUNCTION tell_client();
CREATE FUNCTION raise_client() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN RAISE EXCEPTION 'no: %', (SELECT secret FROM public.clients WHERE id = NEW.id); END$$;
CREATE TABLE raising (id int, v text);
CREATE CONSTRAINT TRIGGER raising_t AFTER INSERT ON raising DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_client();
CREATE FUNCTION fill_client() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN NEW.v := (SELECT secret FROM public.clients WHERE id = NEW.id); RETURN NEW; END$$;
CREATE TABLE filled (id int, v text);
CREATE TRIGGER filled_t BEFORE INSERT ON filled FOR EACH ROW EXECUTE FUNCTION fill_client();
CREATE VIEW client_names AS SELECT id, name FROM clients;
CREATE FUNCTION instead_of() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN NEW.name := (SELECT secret FROM public.clients WHERE id = NEW.id); RETURN NEW; END$$;
CREATE VIEW editable AS SELECT id, v AS name FROM plain;
CREATE TRIGGER editable_t INSTEAD OF INSERT OR UPDATE ON editable FOR EACH ROW EXECUTE FUNCTION instead_of();
CREATE TABLE parent_of_poked (id int PRIMARY KEY);
INSERT INTO parent_of_poked VALUES (1), (2);
CREATE TABLE child_of_it (id int REFERENCES parent_of_poked ON DELETE CASCADE ON UPDATE CASCADE, v text);
INSERT INTO child_of_it VALUES (1, 'a'), (2, 'b');
CREATE TRIGGER cascaded BEFORE UPDATE OR DELETE ON child_of_it FOR EACH ROW EXECUTE FUNCTION tell_client();

CREATE TABLE ruled_also (id int, v text);
CREATE RULE also AS ON INSERT TO ruled_also DO ALSO INSERT INTO archive (id, who) SELECT id, secret FROM clients;
CREATE RULE also_deletes AS ON DELETE TO ruled_also DO ALSO SELECT id, secret FROM clients;
INSERT INTO archive (id) VALUES (0);
CREATE TABLE ruled_update (id int, v text);
INSERT INTO ruled_update VALUES (1, 'x');
CREATE RULE instead AS ON UPDATE TO ruled_update DO INSTEAD UPDATE ruled_also SET v = (SELECT secret FROM clients WHERE id = NEW.id) RETURNING ruled_also.*;
CREATE RULE where_rule AS ON DELETE TO ruled_update WHERE EXISTS (SELECT FROM clients WHERE secret LIKE '%-21') DO INSTEAD NOTHING;
CREATE VIEW ruled_view AS SELECT id, v FROM ruled_update;
CREATE RULE ruled_view_insert AS ON INSERT TO ruled_view DO INSTEAD SELECT secret FROM clients;
CREATE RULE ruled_view_update AS ON UPDATE TO ruled_view DO INSTEAD INSERT INTO archive SELECT id, secret FROM clients;

CREATE FUNCTION order_note(int) RETURNS text LANGUAGE sql STABLE AS 'SELECT note FROM orders WHERE id = $1';
CREATE FUNCTION order_notes() RETURNS SETOF text LANGUAGE plpgsql STABLE AS 'BEGIN RETURN QUERY SELECT note FROM orders; END';
CREATE FUNCTION thrice(int) RETURNS int LANGUAGE sql STABLE AS 'SELECT $1 * 3';
CREATE FUNCTION evil.times(int, int) RETURNS int LANGUAGE sql AS 'SELECT score FROM public.customers WHERE id = 1';
CREATE OPERATOR evil.* (LEFTARG = int, RIGHTARG = int, FUNCTION = evil.times);
CREATE FUNCTION evil.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT birth::timestamptz FROM public.customers WHERE id = 1';
CREATE FUNCTION evil.upper(text) RETURNS text LANGUAGE sql AS 'SELECT string_agg(ssn, $$,$$) FROM public.customers';
CREATE FUNCTION evil.count(int) RETURNS int LANGUAGE sql AS 'SELECT score FROM public.customers WHERE id = 2';
CREATE FUNCTION evil.double(int) RETURNS int LANGUAGE sql AS 'SELECT score FROM public.customers WHERE id = 3';
CREATE FUNCTION evil.length(text) RETURNS int LANGUAGE sql AS 'SELECT score FROM public.customers WHERE id = 4';
CREATE TYPE evil.row_of_text AS (v text);
CREATE DOMAIN evil.text AS pg_catalog.text CHECK (public.lookup(VALUE));
CREATE FUNCTION evil.is_paid(int) RETURNS bool LANGUAGE plpgsql AS $$BEGIN RETURN EXISTS (SELECT FROM public.pay WHERE salary = $1); END$$;
CREATE DOMAIN evil.int4 AS pg_catalog.int4 CHECK (evil.is_paid(VALUE));
CREATE FUNCTION evil.concat_text(text, text) RETURNS text LANGUAGE sql AS 'SELECT string_agg(ssn, $$,$$) FROM public.customers';
CREATE OPERATOR evil.|| (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.concat_text);
CREATE VIEW evil.plain AS SELECT id, ssn AS v, score AS n FROM public.customers;
CREATE VIEW evil.regions AS SELECT ssn AS code, email AS title FROM public.customers;
CREATE VIEW evil.pg_class AS SELECT ssn AS relname, id AS oid FROM public.customers;

CREATE FUNCTION spy_cmp(text, text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
  $$BEGIN RAISE NOTICE 'cmp %', (SELECT secret FROM public.clients WHERE id = 1); RETURN CASE WHEN $1 < $2 THEN -1 WHEN $1 > $2 THEN 1 ELSE 0 END; END$$;
CREATE OPERATOR CLASS spy_ops FOR TYPE text USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 spy_cmp(text, text);
CREATE TYPE spy_range AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = spy_ops);
CREATE TABLE ranged (id int, r spy_range);
CREATE TABLE spied (id int, v text);
INSERT INTO spied VALUES (1, 'a'), (2, 'b');
CREATE INDEX ON spied (v spy_ops);
CREATE FUNCTION mood_of(text) RETURNS mood LANGUAGE plpgsql AS
  $$BEGIN RAISE NOTICE 'mood %', (SELECT secret FROM public.clients WHERE id = 2); RETURN 'calm'; END$$;
CREATE CAST (text AS mood) WITH FUNCTION mood_of(text);
CREATE FUNCTION drawer_state(text, int) RETURNS text LANGUAGE sql AS 'SELECT coalesce($1, $$$$) || (SELECT secret FROM public.clients WHERE id = 3)';
CREATE AGGREGATE gathered (int) (SFUNC = drawer_state, STYPE = text);
CREATE FUNCTION with_default(a int, b text DEFAULT peek(1)) RETURNS text LANGUAGE sql AS 'SELECT $2';
CREATE PROCEDURE hand_out(INOUT v text) LANGUAGE plpgsql AS $$BEGIN v := (SELECT secret FROM public.clients WHERE id = 1); END$$;
CREATE FUNCTION polite() RETURNS int LANGUAGE plpgsql AS
  $$BEGIN RAISE WARNING 'w %', (SELECT secret FROM public.clients WHERE id = 1) USING DETAIL = (SELECT ssn FROM public.customers WHERE id = 1), HINT = 'none'; RETURN 1; END$$;

CREATE TABLE grand (id int, secret text);
CREATE TABLE middle (own int) INHERITS (grand);
CREATE TABLE small (more text) INHERITS (middle);
INSERT INTO grand SELECT i, 'client-leak-' || (i * :salt) FROM generate_series(1, 3) AS i;
INSERT INTO middle SELECT i, 'client-leak-' || (i * :salt), i FROM generate_series(4, 5) AS i;
INSERT INTO small SELECT i, 'client-leak-' || (i * :salt), i, 'm' FROM generate_series(6, 7) AS i;
CREATE VIEW over_small AS SELECT id, secret AS note FROM small;
CREATE VIEW invoking WITH (security_invoker) AS SELECT id, ssn AS remark FROM customers;
CREATE VIEW guarded WITH (security_barrier) AS SELECT id, ssn AS remark FROM customers WHERE id < 10;
CREATE VIEW checked_view AS SELECT id, name, score FROM customers WHERE score > 770100 WITH CHECK OPTION;
CREATE VIEW nested_one AS SELECT r.id, (SELECT ssn FROM customers c WHERE c.id = r.id) AS s FROM plain r;
CREATE VIEW nested_two AS SELECT id, row_to_json(n) AS j FROM nested_one n;
CREATE VIEW with_cte AS WITH x AS (SELECT id, ssn FROM customers) SELECT id, ssn AS v FROM x;
CREATE VIEW windowed AS SELECT id, lag(ssn) OVER (ORDER BY id) AS before FROM customers;
CREATE VIEW by_bucket AS SELECT score % 5 AS bucket, count(*) AS n FROM customers GROUP BY 1;
CREATE VIEW limited AS SELECT id, name FROM customers ORDER BY score % 7, id LIMIT 5;
CREATE VIEW having_many AS SELECT region FROM customers GROUP BY region HAVING max(score) % 2 = 0;
CREATE VIEW joined AS SELECT o.id FROM orders o JOIN customers c ON c.score % 60 = o.id;
CREATE VIEW from_values AS SELECT * FROM (VALUES ((SELECT ssn FROM customers WHERE id = 1))) AS v (x);
CREATE VIEW array_view AS SELECT ARRAY(SELECT ssn FROM customers ORDER BY id) AS all_of_them;
CREATE VIEW except_view AS SELECT id FROM plain EXCEPT SELECT score % 10 FROM customers;
CREATE VIEW case_view AS SELECT id, CASE WHEN score % 2 = 0 THEN 'even' ELSE 'odd' END AS parity FROM customers;
CREATE VIEW system_view AS SELECT tableoid::regclass::text AS part, id FROM buckets;
CREATE VIEW function_view AS SELECT * FROM peek_all();
CREATE MATERIALIZED VIEW json_snapshot AS SELECT id, to_jsonb(c) AS j FROM customers c;
CREATE PUBLICATION all_of_it FOR TABLE customers;
CREATE TABLE journal (id int, at timestamptz DEFAULT '2024-01-01', customer jsonb);
INSERT INTO journal SELECT id, '2024-01-01', to_jsonb(c) FROM customers c;
ANALYZE;
CREATE TABLE holders (id int, h holding_guess, g guessed[]);
INSERT INTO holders (id) VALUES (1), (2);

CREATE TABLE codes (code int PRIMARY KEY, title text);
INSERT INTO codes SELECT i, 'title ' || i FROM generate_series(1, 300) AS i;
CREATE TABLE coded (id int PRIMARY KEY, code int REFERENCES codes);
INSERT INTO coded SELECT i, i * :salt FROM generate_series(1, 10) AS i;
CREATE TABLE unstirred (id int PRIMARY KEY, secret text);
INSERT INTO unstirred SELECT i, 'client-leak-' || (i * :salt) FROM generate_series(1, 5) AS i;
CREATE TRIGGER unstirred_t BEFORE UPDATE ON unstirred FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TABLE stamped (id int PRIMARY KEY, secret text, changes int DEFAULT 0);
INSERT INTO stamped SELECT i, 'client-leak-' || (i * :salt) FROM generate_series(1, 5) AS i;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.changes := NEW.changes + 1; RETURN NEW; END$$;
CREATE TRIGGER stamped_t BEFORE UPDATE ON stamped FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION stamp();
CREATE TABLE shaped (id int PRIMARY KEY, list text[], tree jsonb);
INSERT INTO shaped SELECT i, array_fill('x'::text, ARRAY[1 + (i * :salt) % 3]),
  CASE WHEN i * :salt % 2 = 0 THEN '{"a": 1}'::jsonb ELSE '{"a": {"b": 1}}' END FROM generate_series(1, 10) AS i;
CREATE TABLE roots (id int PRIMARY KEY);
CREATE TABLE branches (id int PRIMARY KEY, root int REFERENCES roots ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE leaves (id int PRIMARY KEY, branch int NOT NULL REFERENCES branches ON DELETE SET NULL, secret text);
INSERT INTO roots VALUES (1), (2);
INSERT INTO branches VALUES (1, 1), (2, 2);
INSERT INTO leaves SELECT i, i, 'client-leak-' || (i * :salt) FROM generate_series(1, 2) AS i;
CREATE VIEW all_roots AS SELECT id FROM roots;
CREATE TABLE grounds (code int PRIMARY KEY);
INSERT INTO grounds VALUES (1), (2), (3);
CREATE TABLE unlike (id int PRIMARY KEY, ground int REFERENCES grounds ON UPDATE CASCADE, secret int, CHECK (secret <> ground));
INSERT INTO unlike SELECT i, i, 660000 + i * :salt FROM generate_series(1, 2) AS i;
CREATE TABLE even_or_grounded (id int PRIMARY KEY, ground int REFERENCES grounds ON DELETE SET NULL, secret int,
  CHECK (ground IS NOT NULL OR secret % 2 = 0));
INSERT INTO even_or_grounded VALUES (3, 3, 660000 + :salt);
CREATE TABLE ranks (kind text, pay int, mail text) PARTITION BY RANGE (pay);
CREATE TABLE ranks_low PARTITION OF ranks FOR VALUES FROM (0) TO (2);
CREATE TABLE ranks_high PARTITION OF ranks FOR VALUES FROM (2) TO (100);
INSERT INTO ranks SELECT 'k', 1 + (i * :salt / 3) % 3, 'u@d' || i || '.example' FROM generate_series(1, 10) AS i;
CREATE VIEW repeated AS SELECT c.id FROM customers c, generate_series(1, c.score % 3) g;
CREATE VIEW unrolled AS SELECT c.id, generate_series(1, c.score % 3) AS g FROM customers c;
CREATE VIEW split_up AS SELECT c.id FROM customers c CROSS JOIN LATERAL regexp_split_to_table(c.email, '7') x;
CREATE VIEW by_xml AS SELECT c.id FROM customers c, XMLTABLE('/a[contains(., "7")]' PASSING c.doc COLUMNS t text PATH '.') x;
CREATE VIEW set_counted AS SELECT c.id, (SELECT count(*) FROM generate_series(1, c.score % 3)) AS n FROM customers c;
CREATE VIEW set_exists AS SELECT c.id, EXISTS (SELECT FROM generate_series(1, c.score % 3)) AS n FROM customers c;
CREATE MATERIALIZED VIEW repeated_snapshot AS SELECT * FROM repeated;
CREATE VIEW bucket_ids AS SELECT id FROM buckets;
CREATE VIEW bucket_array AS SELECT array_agg(id) AS ids FROM buckets;
CREATE VIEW bucket_first AS SELECT id FROM bucket_ids LIMIT 3;
CREATE MATERIALIZED VIEW bucket_snapshot AS SELECT id FROM buckets;
CREATE VIEW bucket_places AS SELECT id, ctid AS place FROM buckets;
CREATE VIEW codes_locked AS SELECT code, xmax::text AS by FROM codes;
CREATE TABLE many_spied (id int, v text);
INSERT INTO many_spied SELECT i, 'v' || i FROM generate_series(1, 3000) AS i;
CREATE INDEX ON many_spied (v spy_ops);
ANALYZE;
