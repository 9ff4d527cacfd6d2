-- A database full of side doors. :secret is replaced, so that twin databases differ in masked values alone.
CREATE TYPE mood AS ENUM ('calm', 'cross');
CREATE DOMAIN email_address AS text CHECK (VALUE LIKE '%@%');

CREATE TABLE regions (code text PRIMARY KEY, title text NOT NULL);
INSERT INTO regions VALUES ('n', 'north'), ('s', 'south'), ('e', 'east');

CREATE TABLE customers (
  id int PRIMARY KEY,
  name text NOT NULL,
  email varchar(80) UNIQUE,
  ssn text,
  card char(16),
  score int,
  balance numeric(12,2),
  birth date,
  token uuid,
  home email_address,
  feeling mood,
  aliases text[],
  notes jsonb,
  doc xml,
  photo bytea,
  region text REFERENCES regions,
  email_lower text GENERATED ALWAYS AS (lower(email)) STORED
);
INSERT INTO customers
SELECT i, 'name ' || i, 'leak' || (i * :salt) || '@secret.example', 'SSN-leak-' || (i * :salt),
  'card' || lpad((i * :salt)::text, 8, '0'), 770000 + i * :salt, 880000 + i * :salt, date '1950-01-01' + i * :salt,
  md5((i * :salt)::text)::uuid, 'home-leak' || (i * :salt) || '@x', (ARRAY['calm', 'cross'])[1 + (i * :salt) % 2]::mood,
  ARRAY['alias-leak' || (i * :salt)], jsonb_build_object('k', 'note-leak' || (i * :salt)),
  xmlparse(content '<a>doc-leak' || (i * :salt) || '</a>'), ('photo-leak' || (i * :salt))::bytea,
  (ARRAY['n', 's', 'e'])[1 + i % 3]
FROM generate_series(1, 20) AS i;
CREATE INDEX ON customers (lower(ssn));
ALTER TABLE customers ADD CHECK (score <> id);

CREATE TABLE orders (
  id int PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customers,
  amount numeric(10,2) NOT NULL,
  note text
);
INSERT INTO orders SELECT i, 1 + i % 20, i * 3, 'order ' || i FROM generate_series(1, 60) AS i;

CREATE TABLE archive (id int, who text, what text);
CREATE TABLE mailing (address varchar(80) REFERENCES customers (email), topic text);

CREATE TABLE people (id int, name text, pin text);
CREATE TABLE staff (salary int) INHERITS (people);
INSERT INTO people SELECT i, 'p' || i, 'pin-leak' || i * :salt FROM generate_series(1, 5) AS i;
INSERT INTO staff SELECT i, 's' || i, 'pin-leak' || i * :salt, 660000 + i * :salt FROM generate_series(6, 9) AS i;

CREATE TABLE events (id int, at date NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO events SELECT i, date '2024-12-01' + i * 10, 'payload-leak' || i * :salt FROM generate_series(1, 9) AS i;

CREATE TABLE buckets (id int, grp text) PARTITION BY LIST (grp);
CREATE TABLE buckets_0 PARTITION OF buckets FOR VALUES IN ('g0');
CREATE TABLE buckets_1 PARTITION OF buckets FOR VALUES IN ('g1');
INSERT INTO buckets SELECT i, 'g' || (i * :salt / 3) % 2 FROM generate_series(1, 10) AS i;

CREATE VIEW directory AS SELECT id, name, email AS who FROM customers;
CREATE VIEW deep AS SELECT id, upper(who) AS loud, length(who) AS size FROM directory;
CREATE VIEW rich AS SELECT id, name FROM customers WHERE score > 770100;
CREATE VIEW ranked AS SELECT id, rank() OVER (ORDER BY score) AS place FROM customers;
CREATE VIEW totals AS SELECT c.id, c.email, sum(o.amount) AS total FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id;
CREATE VIEW whole AS SELECT customers AS row, customers.id FROM customers;
CREATE VIEW agg AS SELECT region, string_agg(ssn, ',') AS all_ssn FROM customers GROUP BY region;
CREATE VIEW unioned AS SELECT id, email AS v FROM customers UNION ALL SELECT id, note FROM orders;
CREATE VIEW lateral_v AS SELECT o.id, x.s FROM orders o, LATERAL (SELECT ssn AS s FROM customers c WHERE c.id = o.customer_id) x;
CREATE VIEW harmless AS SELECT id, name, region FROM customers;
CREATE MATERIALIZED VIEW snapshot AS SELECT id, email, score FROM customers;
CREATE VIEW safe_orders AS SELECT id, amount FROM orders;

CREATE FUNCTION peek(int) RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM customers WHERE id = $1';
CREATE FUNCTION peek_all() RETURNS SETOF customers LANGUAGE sql STABLE AS 'SELECT * FROM customers';
CREATE FUNCTION lookup(text) RETURNS bool LANGUAGE plpgsql AS $$BEGIN RETURN EXISTS (SELECT FROM customers WHERE ssn = $1); END$$;
CREATE FUNCTION double(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE PROCEDURE spill() LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE '%', (SELECT string_agg(ssn, ',') FROM customers); END$$;
CREATE FUNCTION text_spy(text, int) RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM customers LIMIT 1';
CREATE OPERATOR ~~~ (LEFTARG = text, RIGHTARG = int, FUNCTION = text_spy);
CREATE AGGREGATE spy_agg (int) (SFUNC = text_spy, STYPE = text);

CREATE TABLE audited (id int, v text);
CREATE TABLE audit_log (line text);
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
  RAISE NOTICE 'audit %', (SELECT ssn FROM customers LIMIT 1); RETURN NEW; END$$;
CREATE TRIGGER audited_t BEFORE INSERT OR UPDATE ON audited FOR EACH ROW EXECUTE FUNCTION audit();
CREATE TABLE ruled (id int, v text);
CREATE RULE ruled_r AS ON INSERT TO ruled DO INSTEAD SELECT id, ssn FROM customers;

CREATE SCHEMA other;
CREATE TABLE other.customers (id int, email text);
INSERT INTO other.customers VALUES (1, 'harmless');
CREATE SCHEMA evil;
CREATE VIEW evil.orders AS SELECT id, email AS note, score AS amount FROM public.customers;
CREATE FUNCTION evil.lower(text) RETURNS text LANGUAGE sql STABLE AS 'SELECT string_agg(ssn, $$,$$) FROM public.customers';

CREATE TABLE plain (id int PRIMARY KEY, v text, n int, j jsonb, t timestamptz DEFAULT now());
INSERT INTO plain SELECT i, 'v' || i, i, '{"a": [1, 2]}', timestamptz '2024-01-01' FROM generate_series(1, 10) AS i;
CREATE SEQUENCE counter;
SELECT lo_from_bytea(424242, ('lo-leak' || :salt)::bytea);
CREATE EXTENSION IF NOT EXISTS plpgsql;
ANALYZE;
CREATE VIEW spying AS SELECT 1 AS id, peek(1) AS v;
CREATE TABLE defaulted (id int, v text DEFAULT peek(1));
CREATE DOMAIN guessed AS text CHECK (lookup(VALUE));
CREATE TABLE checked (v text CHECK (lookup(v)));
CREATE TABLE policed (id int);
INSERT INTO policed SELECT i FROM generate_series(1, 20) AS i;
ALTER TABLE policed ENABLE ROW LEVEL SECURITY;
CREATE POLICY spy ON policed USING (peek(id) LIKE '%7%');

CREATE TYPE holding_guess AS (a int, b guessed);
CREATE TABLE guesses (id int, v guessed);
CREATE FUNCTION known(text) RETURNS bool LANGUAGE sql IMMUTABLE SECURITY DEFINER AS 'SELECT EXISTS (SELECT FROM public.customers WHERE ssn = $1)';
CREATE TABLE indexed (id int, v text);
CREATE INDEX ON indexed (known(v));
CREATE FUNCTION peek_fixed(int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ssn FROM public.customers WHERE id = $1';
CREATE TABLE derived (id int, v text GENERATED ALWAYS AS (peek_fixed(id)) STORED);
INSERT INTO derived VALUES (1), (2);
CREATE TABLE defaulted_oddly (id int, v text DEFAULT (1).peek);
CREATE TABLE written_check (v text, CHECK (query_to_xml(v, true, false, '') IS NOT NULL));
CREATE TABLE pay (id int PRIMARY KEY, salary int, bonus int, total int GENERATED ALWAYS AS (salary + bonus) STORED);
INSERT INTO pay SELECT i, 660000 + i * :salt, 1 FROM generate_series(1, 5) AS i;
CREATE TABLE ratio (id int PRIMARY KEY, salary int, part int);
CREATE INDEX ON ratio ((part / (salary - 661000 / 661 * 660)));
INSERT INTO ratio SELECT i, 660000 + i * :salt, 1 FROM generate_series(1, 5) AS i;
CREATE TABLE watched (id int);
INSERT INTO watched SELECT i FROM generate_series(1, 20) AS i;
ALTER TABLE watched ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_score ON watched USING (EXISTS (SELECT FROM customers c WHERE c.id = watched.id AND c.score % 3 = 0));
CREATE VIEW watching AS SELECT * FROM watched;
CREATE VIEW statistics AS SELECT tablename::text, attname::text, histogram_bounds::text AS bounds FROM pg_stats;
CREATE VIEW busy AS SELECT pid, query FROM pg_stat_activity;
CREATE VIEW twice_spying AS SELECT id, upper(v) AS v FROM spying;
CREATE VIEW counting AS SELECT nextval('counter') AS n;
CREATE TABLE numbered (id serial PRIMARY KEY, v text);
CREATE TABLE "Odd" (id int GENERATED ALWAYS AS IDENTITY, v text);
CREATE FUNCTION equals_spy(int, text) RETURNS bool LANGUAGE sql STABLE AS 'SELECT EXISTS (SELECT FROM public.customers WHERE id = $1 AND ssn LIKE $2)';
CREATE OPERATOR evil.= (LEFTARG = int, RIGHTARG = text, FUNCTION = equals_spy);
CREATE OPERATOR evil.>= (LEFTARG = int, RIGHTARG = text, FUNCTION = equals_spy);
