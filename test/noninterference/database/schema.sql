-- Everything that both twins have in common: definitions, and rows without a masked column.
-- values.sql fills the masked tables afterwards, differently on each side.
CREATE TYPE mood AS ENUM ('calm', 'cross', 'glad');
CREATE DOMAIN email_address AS text CHECK (VALUE LIKE '%@%');
CREATE TYPE pair AS (a int, b text);

CREATE TABLE regions (code text PRIMARY KEY, title text NOT NULL, size int);
INSERT INTO regions VALUES ('n', 'north', 3), ('s', 'south', 7), ('e', 'east', NULL);

CREATE TABLE customers (
  id int PRIMARY KEY,
  name text NOT NULL,
  region text REFERENCES regions,
  joined date,
  active bool NOT NULL,
  email varchar(80) UNIQUE,
  card char(16),
  ssn text,
  nick text,
  ref uuid,
  score int,
  balance numeric(12,2),
  birth date,
  seen timestamptz,
  home email_address,
  feeling mood,
  aliases text[],
  notes jsonb,
  doc xml,
  photo bytea,
  vip bool,
  span int4range,
  net inet,
  pause interval,
  email_lower text GENERATED ALWAYS AS (lower(email)) STORED,
  score_twice int GENERATED ALWAYS AS (score * 2) STORED,
  CHECK (score <> id)
);
CREATE INDEX customers_ssn ON customers (lower(ssn));
CREATE INDEX customers_score ON customers (score);
-- On a table of one page nobody takes it, but who is told to.
CREATE INDEX customers_covering ON customers (score) INCLUDE (id, name, region);
CREATE INDEX customers_rich ON customers (id) WHERE score > 20;
CREATE INDEX customers_notes ON customers USING gin (notes);
CREATE STATISTICS customers_pairs (ndistinct, dependencies, mcv) ON region, score FROM customers;

CREATE TABLE orders (
  id int PRIMARY KEY,
  customer_id int NOT NULL,
  amount numeric(10,2) NOT NULL,
  note text,
  placed timestamptz,
  coupon text,
  quantity int
);

CREATE TABLE archive (id int, who text, what text);
CREATE TABLE mailing (address varchar(80) REFERENCES customers (email), topic text);

CREATE TABLE people (id int, name text, pin text);
CREATE TABLE staff (desk text, salary int) INHERITS (people);

CREATE TABLE events (id int, at date NOT NULL, kind text, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

CREATE TABLE buckets (id int, label text, grp text) PARTITION BY LIST (grp);
CREATE TABLE buckets_0 PARTITION OF buckets FOR VALUES IN ('g0');
CREATE TABLE buckets_1 PARTITION OF buckets FOR VALUES IN ('g1');

-- What one partition has and the other has not.
CREATE TABLE halls (id int, label text, grp text) PARTITION BY LIST (grp);
CREATE TABLE halls_0 PARTITION OF halls FOR VALUES IN ('g0');
CREATE TABLE halls_1 PARTITION OF halls FOR VALUES IN ('g1');
ALTER TABLE halls_1 ADD CHECK (label <> 'held'), ALTER id SET NOT NULL;
CREATE UNIQUE INDEX ON halls_1 (id);

CREATE TABLE ledger (id int PRIMARY KEY, account int, filler text, amount int, memo text);
CREATE INDEX ledger_amount ON ledger (amount);
CREATE INDEX ledger_account ON ledger (account);

CREATE TABLE watched (id int, what text);
INSERT INTO watched SELECT i, 'w' || i FROM generate_series(1, 12) AS i;
ALTER TABLE watched ENABLE ROW LEVEL SECURITY;
ALTER TABLE watched FORCE ROW LEVEL SECURITY;
CREATE POLICY by_score ON watched USING (EXISTS (SELECT FROM customers c WHERE c.id = watched.id AND c.score % 3 = 0));

-- Nothing here is masked: what is written stays written, equally on both sides.
CREATE TABLE plain (id int PRIMARY KEY, v text, n int, j jsonb, d date);
INSERT INTO plain SELECT i, 'v' || i, i, jsonb_build_object('a', i), date '2024-01-01' + i FROM generate_series(1, 10) AS i;
CREATE TABLE jots (id serial PRIMARY KEY, v text, n int);
CREATE TABLE hidden_default (id int, v text);
CREATE SEQUENCE counter;

CREATE VIEW directory AS SELECT id, name, email AS who FROM customers;
CREATE VIEW deep AS SELECT id, upper(who) AS loud, length(who) AS size FROM directory;
CREATE VIEW rich AS SELECT id, name FROM customers WHERE score > 20;
CREATE VIEW ranked AS SELECT id, rank() OVER (ORDER BY score) AS place FROM customers;
CREATE VIEW totals AS SELECT c.id, c.email, sum(o.amount) AS total FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id;
CREATE VIEW whole AS SELECT customers AS everything, customers.id FROM customers;
CREATE VIEW grouped AS SELECT region, string_agg(ssn, ',') AS all_ssn, max(score) AS best FROM customers GROUP BY region;
CREATE VIEW unioned AS SELECT id, email AS v FROM customers UNION ALL SELECT id, note FROM orders;
CREATE VIEW unioned_ids AS SELECT id FROM (SELECT id, email FROM customers UNION ALL SELECT id, note FROM orders) x;
CREATE VIEW lateral_v AS SELECT o.id, x.s FROM orders o, LATERAL (SELECT ssn AS s FROM customers c WHERE c.id = o.customer_id) x;
CREATE VIEW graded AS SELECT id, CASE WHEN score % 2 = 0 THEN 'even' END AS grade FROM customers;
CREATE VIEW reckoned AS SELECT id, region, nullif(ssn, 'x') AS other, notes ->> 'k' AS note, 1000 / nullif(score, 40) AS share,
  coalesce(nick, name) AS called, upper(nick) AS loud, birth > '1980-01-01' AS young, substring(email, '[a-m].*') AS part FROM customers;
CREATE VIEW harmless AS SELECT id, name, region FROM customers;
CREATE VIEW safe_orders AS SELECT id, amount, note FROM orders;
CREATE VIEW watching AS SELECT * FROM watched;
CREATE MATERIALIZED VIEW snapshot AS SELECT id, name, email, score FROM customers;
CREATE UNIQUE INDEX ON snapshot (id);
CREATE VIEW histograms AS SELECT tablename::text, attname::text, histogram_bounds::text AS bounds FROM pg_stats;

CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE FUNCTION peek(int) RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM public.customers WHERE id = $1';
CREATE FUNCTION peek_all() RETURNS SETOF customers LANGUAGE sql STABLE AS 'SELECT * FROM public.customers';
CREATE FUNCTION guessed(text) RETURNS bool LANGUAGE plpgsql STABLE AS $$BEGIN RETURN EXISTS (SELECT FROM public.customers WHERE ssn = $1); END$$;
CREATE PROCEDURE spill() LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE '%', (SELECT string_agg(ssn, ',') FROM public.customers); END$$;
CREATE OPERATOR ~~~ (LEFTARG = text, RIGHTARG = int, FUNCTION = repeat);
CREATE FUNCTION spy(text, int) RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM public.customers WHERE id = $2';
CREATE OPERATOR ~!~ (LEFTARG = text, RIGHTARG = int, FUNCTION = spy);
CREATE DOMAIN lucky AS text CHECK (guessed(VALUE));
CREATE VIEW spying AS SELECT 1 AS id, peek(1) AS v;

CREATE TABLE audited (id int, v text);
INSERT INTO audited VALUES (1, 'a'), (2, 'b');
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
  RAISE NOTICE 'audit %', (SELECT ssn FROM public.customers WHERE id = 1); RETURN NEW; END$$;
CREATE TRIGGER audited_t BEFORE INSERT OR UPDATE ON audited FOR EACH ROW EXECUTE FUNCTION audit();
CREATE TABLE ruled (id int, v text);
CREATE RULE ruled_r AS ON INSERT TO ruled DO INSTEAD SELECT id, ssn FROM customers;

CREATE TABLE pay (id int PRIMARY KEY, bonus int, salary int, total int GENERATED ALWAYS AS (salary / nullif(bonus, 0)) STORED);
CREATE TABLE ratio (id int PRIMARY KEY, part int, salary int, CHECK (part < salary));
CREATE INDEX ON ratio ((part / salary));

-- Of these some rows are there for nobody (policy.yaml). values.sql gives each side its own of them.
CREATE TABLE tickets (id int PRIMARY KEY, region text, title text NOT NULL, stars int, opened date, due timestamptz,
  weight numeric(8,2), extra jsonb, labels text[], body varchar(40));
CREATE INDEX tickets_stars ON tickets (stars);
CREATE TABLE replies (id int, ticket_id int REFERENCES tickets, shown bool, said text, hours int);
CREATE TABLE reports (id int, kind text, at date, words text) PARTITION BY LIST (kind);
CREATE TABLE reports_out PARTITION OF reports FOR VALUES IN ('a', 'b');
CREATE TABLE reports_held PARTITION OF reports FOR VALUES IN ('h', 'i');
CREATE TABLE rooms (id int, name text, floor int);
CREATE TABLE suites (bath text) INHERITS (rooms);
CREATE TABLE likes (id int, ticket_id int REFERENCES tickets ON DELETE CASCADE);
CREATE TABLE assigned (id int, who text);
INSERT INTO assigned SELECT i, 'w' || i FROM generate_series(1, 20) AS i;
ALTER TABLE assigned ENABLE ROW LEVEL SECURITY;
ALTER TABLE assigned FORCE ROW LEVEL SECURITY;
CREATE POLICY by_ticket ON assigned USING (EXISTS (SELECT FROM tickets t WHERE t.id = assigned.id));

CREATE VIEW desk AS SELECT id, upper(title) AS title, length(body) AS size, stars, due::date AS day FROM tickets WHERE stars > 1;
CREATE VIEW talk AS SELECT t.id, t.title, count(r.id) AS answers, max(r.said) AS last FROM tickets t
  LEFT JOIN replies r ON r.ticket_id = t.id GROUP BY t.id;
CREATE VIEW spoken AS SELECT r.id, r.said, t.title FROM replies r JOIN tickets t ON t.id = r.ticket_id
  UNION ALL SELECT id, words, kind FROM reports;
CREATE VIEW places AS SELECT id, region, rank() OVER (PARTITION BY region ORDER BY stars, id) AS place, lag(title) OVER (ORDER BY id) AS before FROM tickets;
CREATE VIEW hourly WITH (security_barrier) AS SELECT id, said, 60 / hours AS pace FROM replies;
CREATE VIEW worded AS SELECT id, body || '!' AS words FROM tickets WHERE region <> 'a';
CREATE VIEW floors AS SELECT floor, string_agg(name, ',' ORDER BY name) AS names, count(*) AS size FROM rooms GROUP BY floor;
CREATE VIEW again AS SELECT d.title, d.stars, p.place FROM desk d JOIN places p ON p.id = d.id WHERE p.place < 9;
CREATE VIEW chained AS WITH RECURSIVE up (id, said, depth) AS (
    SELECT id, said, 1 FROM replies WHERE id < 3
    UNION ALL SELECT r.id, r.said, up.depth + 1 FROM replies r JOIN up ON r.id = up.id + 2
  ) SELECT id, said, depth FROM up;
CREATE VIEW ticketed AS SELECT id, name, region FROM customers c WHERE EXISTS (SELECT FROM tickets t WHERE t.id = c.id);
CREATE VIEW latest AS SELECT DISTINCT ON (region) region, id, title, labels[1] AS label, extra ->> 'k' AS k FROM tickets ORDER BY region, id DESC;
CREATE MATERIALIZED VIEW board AS SELECT id, title, stars FROM tickets;
CREATE FUNCTION ticket(int) RETURNS text LANGUAGE sql STABLE AS 'SELECT title FROM public.tickets WHERE id = $1';
CREATE VIEW called AS SELECT id, ticket(id) AS title FROM replies;

CREATE SCHEMA other;
CREATE TABLE other.customers (id int, email text);
INSERT INTO other.customers VALUES (1, 'harmless'), (2, 'other');
