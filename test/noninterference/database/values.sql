-- The masked tables' rows. :side is 0 or 1. Everything that a mask discloses is equal on both sides: which values are
-- NULL, the domains of addresses, the last four digits of cards, the first eight characters of what becomes a token.
INSERT INTO customers (id, name, region, joined, active, email, card, ssn, nick, ref, score, balance, birth, seen,
  home, feeling, aliases, notes, doc, photo, vip, span, net, pause)
SELECT i, 'name ' || i, (ARRAY['n', 's', 'e'])[1 + i % 3], date '2024-01-01' + i, i % 2 = 0,
  CASE WHEN i % 6 <> 0 THEN
    (ARRAY['anna' || i, 'bartholomew.' || (100 - i)])[1 + :side] || '@' || (ARRAY['one.example', 'two.example'])[1 + i % 2] END,
  lpad((ARRAY[i * 7919, (13 - i) * 104729])[1 + :side]::text, 12, '0') || lpad((i * 37 % 100)::text, 4, '0'),
  CASE WHEN i <> 5 THEN (ARRAY['S' || (i % 4), 'long-secret-' || (20 - i) || repeat('x', i % 5)])[1 + :side] END,
  'public' || lpad((i % 5)::text, 2, '0') || (ARRAY['-alpha' || i, '-omega-' || (i % 2)])[1 + :side],
  (lpad((i % 4)::text, 8, '0') || '-0000-4000-8000-' || lpad((ARRAY[i, 99 - i * 3])[1 + :side]::text, 12, '0'))::uuid,
  (ARRAY[i * 10, 7 - (i % 3) * 5])[1 + :side],
  CASE WHEN i <> 4 THEN (ARRAY[i * 100.5, -0.01 * i * i])[1 + :side] END,
  (ARRAY[date '1950-01-01' + i * 400, date '2001-12-31' - i])[1 + :side],
  (ARRAY[timestamptz '2024-05-01 10:00Z' + i * interval '1 hour', timestamptz '2023-01-01 00:00Z' - (i % 3) * interval '1 day'])[1 + :side],
  (ARRAY['home' || i || '@x.example', 'h' || (i % 2) || '@long.example'])[1 + :side],
  (ARRAY['calm', 'cross', 'glad'])[1 + (i + :side * (i % 2 + 1)) % 3]::mood,
  CASE WHEN :side = 0 THEN ARRAY['al' || i, 'z'] ELSE ARRAY[('beta' || (i % 3))] END,
  CASE WHEN i % 7 = 0 THEN NULL WHEN :side = 0 THEN jsonb_build_object('k', 'v' || i, 'n', i, 'list', jsonb_build_array(1, i))
    ELSE jsonb_build_object('k', i * 3, 'deep', jsonb_build_object('a', 'x' || (i % 2))) END,
  xmlparse(content (ARRAY['<a><b>one' || i || '</b></a>', '<a c="2">two' || (i % 3) || '</a>'])[1 + :side]),
  convert_to((ARRAY['photo' || i, repeat('bits', i % 4)])[1 + :side], 'UTF8'),
  (i + :side) % 3 = 0,
  int4range(i * (1 + :side), i * 5 + 3),
  (ARRAY['10.0.0.' || i, '192.168.' || i || '.7/24'])[1 + :side]::inet,
  (ARRAY[i, 40 - i * 2])[1 + :side] * interval '1 minute'
FROM generate_series(1, 12) AS i;

INSERT INTO orders SELECT i, 1 + i % 12, i * 3.25, CASE WHEN i % 5 <> 0 THEN 'order ' || i END,
  timestamptz '2024-03-01 12:00Z' + i * interval '7 hours',
  CASE WHEN i % 4 <> 0 THEN (ARRAY['coupon' || (i % 3), 'C' || repeat('9', i % 6)])[1 + :side] END,
  (ARRAY[i % 5, 50 - i])[1 + :side]
FROM generate_series(1, 24) AS i;

INSERT INTO mailing SELECT email, 'topic ' || (id % 3) FROM customers WHERE email IS NOT NULL AND id < 6;

INSERT INTO people SELECT i, 'p' || i, (ARRAY['pin' || i, 'longer pin ' || (9 - i)])[1 + :side] FROM generate_series(1, 5) AS i;
INSERT INTO staff SELECT i, 's' || i, (ARRAY['pin' || i, 'q' || (i % 2)])[1 + :side], 'desk ' || (i % 2),
  (ARRAY[6000 + i * 7, 9000 - i * 11])[1 + :side] FROM generate_series(6, 9) AS i;

INSERT INTO events SELECT i, date '2024-11-01' + i * 10, 'kind ' || (i % 3), (ARRAY['payload ' || i, repeat('p', 14 - i)])[1 + :side]
FROM generate_series(1, 12) AS i;

INSERT INTO buckets SELECT i, 'label ' || (i % 4), 'g' || CASE WHEN :side = 0 THEN i % 2 ELSE (i % 5) / 3 END FROM generate_series(1, 10) AS i;
INSERT INTO halls SELECT i, 'label ' || (i % 4), 'g' || CASE WHEN :side = 0 THEN i % 2 ELSE (i % 5) / 3 END FROM generate_series(1, 10) AS i;

INSERT INTO ledger SELECT i, i % 9, repeat('f', 300) || i, (ARRAY[i * 7919 % 1000, 500 - i])[1 + :side],
  (ARRAY['memo' || lpad((i % 10)::text, 4, '0'), left(md5(i::text), 8)])[1 + :side] FROM generate_series(1, 240) AS i;

INSERT INTO pay SELECT i, i % 3, (ARRAY[6000 + i, 12 * i])[1 + :side] FROM generate_series(1, 6) AS i;
INSERT INTO ratio SELECT i, i, (ARRAY[6000 + i, 7 * i + 1])[1 + :side] FROM generate_series(1, 6) AS i;

INSERT INTO hidden_default VALUES (1, 'a'), (2, 'b');
CREATE FUNCTION salted() RETURNS text LANGUAGE sql STABLE AS 'SELECT max(ssn) FROM public.customers';
ALTER TABLE hidden_default ADD COLUMN pin text DEFAULT salted();
ALTER TABLE hidden_default ALTER COLUMN pin DROP DEFAULT;
DROP FUNCTION salted();

-- Rows that are there for nobody: in other places, of another number, with other values; some of them can't be
-- reckoned with (stars and hours of 0, dates without end). The others are equal but for what is masked.
INSERT INTO tickets SELECT i,
  CASE WHEN i <= 12 THEN (ARRAY['n', 's'])[1 + i % 2] WHEN i % 4 = 0 THEN NULL WHEN i % 4 = 1 THEN 'N' ELSE 'e' END,
  CASE WHEN i <= 12 THEN 'ticket ' || i WHEN :side = 0 THEN 'hidden ' || i ELSE 'secret ' || i * 7 END,
  CASE WHEN i <= 12 THEN 1 + i % 5 WHEN :side = 0 THEN 0 ELSE i * 100000000 END,
  CASE WHEN i <= 12 THEN date '2024-03-01' + i WHEN :side = 0 THEN 'infinity' ELSE date '1999-01-01' + i END,
  CASE WHEN i <= 12 THEN timestamptz '2024-03-01 12:00Z' + i * interval '5 hours' WHEN :side = 0 THEN '-infinity' ELSE timestamptz '2031-01-01 00:00Z' END,
  CASE WHEN i <= 12 THEN i * 1.25 WHEN :side = 0 THEN 0 ELSE -99999.99 END,
  CASE WHEN i <= 12 THEN jsonb_build_object('k', 'v' || i) WHEN :side = 0 THEN '[0]' ELSE '"alone"'::jsonb END,
  CASE WHEN i <= 12 THEN ARRAY['l' || i % 3, 'm'] WHEN :side = 0 THEN '{}' ELSE ARRAY['veiled', NULL] END,
  CASE WHEN i <= 12 THEN (ARRAY['body ' || i, repeat('b', 13 - i)])[1 + :side] ELSE (ARRAY['a', 'bc'])[1 + :side] END
FROM unnest(CASE WHEN :side = 0 THEN ARRAY[1, 13, 2, 4, 14, 5, 6, 15, 8, 9, 11, 12, 16] ELSE ARRAY[17, 1, 2, 4, 5, 18, 6, 8, 9, 11, 12] END) AS i;
INSERT INTO replies SELECT i, t, i <= 12, CASE WHEN i <= 12 THEN 'reply ' || i WHEN :side = 0 THEN 'veiled' ELSE 'unsaid ' || t END,
  CASE WHEN i <= 12 THEN 1 + i % 4 WHEN :side = 0 THEN 0 END
FROM (SELECT i, (ARRAY[1, 2, 4, 5, 6, 8])[1 + i % 6] FROM generate_series(1, 12) AS i
  UNION ALL SELECT i, CASE WHEN i % 2 = 0 THEN (ARRAY[1, 9])[1 + :side] ELSE (ARRAY[13, 17])[1 + :side] END
  FROM generate_series(20, 22 + :side * 2) AS i) AS x (i, t);
UPDATE replies SET shown = NULL WHERE id = 21;
INSERT INTO reports SELECT i, k, a, CASE WHEN a >= '2024-02-01' AND k <> 'h' THEN 'words ' || i ELSE (ARRAY['held ', 'later '])[1 + :side] || i END
FROM (SELECT i, (ARRAY['a', 'b', 'i'])[1 + i % 3], date '2024-02-01' + i FROM generate_series(1, 9) AS i
  UNION ALL SELECT (ARRAY[3, 40])[1 + :side], 'h', date '2024-05-05'
  UNION ALL SELECT 30 + i, (ARRAY['a', 'i'])[1 + :side], date '2024-01-31' - i FROM generate_series(1, 2 + :side) AS i) AS x (i, k, a);
INSERT INTO rooms SELECT i, 'r' || i, i % 3 FROM generate_series(1, 6) AS i
  UNION ALL SELECT 20 + i, (ARRAY['attic', 'roof'])[1 + :side] || i, (ARRAY[2, 12])[1 + :side] FROM generate_series(1, 2 + :side) AS i;
INSERT INTO suites SELECT i, (ARRAY['S', 'r' || i])[1 + i % 2], 3, 'bath ' || i FROM generate_series(7, 10) AS i
  UNION ALL SELECT 30 + i, 'r', (ARRAY[10, NULL])[1 + :side], 'none' FROM generate_series(1, 3 - :side) AS i;
INSERT INTO likes SELECT i, (ARRAY[1, 2, 4])[1 + i % 3] FROM generate_series(1, 6) AS i;

REFRESH MATERIALIZED VIEW board;
REFRESH MATERIALIZED VIEW snapshot;
SELECT lo_from_bytea(424242, convert_to('large object ' || :side * 7919, 'UTF8'));
