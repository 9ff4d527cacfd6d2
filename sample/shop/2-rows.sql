-- Deterministic rows: each value comes from its row's number by hashing, so that every seed is the same shop.
-- The number of customers is the setting shop.customers; everything else follows from it.
CREATE FUNCTION pg_temp.draw(row_number bigint, salt int, sides int) RETURNS int
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ((hashint8extended(row_number, salt) & 9223372036854775807) % sides)::int;

CREATE FUNCTION pg_temp.pick(words text[], row_number bigint, salt int) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN words[1 + ((hashint8extended(row_number, salt) & 9223372036854775807) % cardinality(words))::int];

-- ISO/IEC 7812: the check digit that makes a card number pass Luhn.
CREATE FUNCTION pg_temp.with_luhn_digit(digits text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  total int := 0;
  doubled int;
BEGIN
  FOR place IN REVERSE length(digits)..1 LOOP
    doubled := substr(digits, place, 1)::int;
    IF (length(digits) - place) % 2 = 0 THEN
      doubled := doubled * 2;
      IF doubled > 9 THEN doubled := doubled - 9; END IF;
    END IF;
    total := total + doubled;
  END LOOP;
  RETURN digits || (10 - total % 10) % 10;
END $$;

CREATE TEMPORARY TABLE words AS SELECT
  '{Ada,Ben,Chloe,Daniel,Elena,Farid,Grace,Hugo,Ines,Jonas,Katya,Leo,Mina,Noah,Olga,Paulo,Quinn,Rosa,Samir,Tara,Umar,Vera,Wei,Ximena,Yusuf,Zoe,Amara,Bjorn,Clara,Dmitri,Esther,Felix,Greta,Hana,Ivan,Julia,Kofi,Laila,Marco,Nadia}'::text[] AS first_names,
  '{Adams,Bauer,Chen,Diaz,Evans,Fischer,Garcia,Haddad,Ivanov,Jensen,Kim,Lopez,Moreau,Novak,Okafor,Petrov,Quist,Rossi,Santos,Tanaka,Ueda,Vargas,Weber,Xu,Yilmaz,Zhang,Almeida,Brandt,Costa,Dubois,Eriksen,Ferrari,Gomez,Hansen,Iyer,Jansen,Kaya,Lindgren,Murphy,Nguyen}'::text[] AS last_names,
  '{north,south,east,west,islands}'::text[] AS regions,
  '{Linden,Harbour,Station,Mill,Church,Garden,Bridge,Market,River,Castle}'::text[] AS streets,
  '{Rotterdam,Porto,Leipzig,Lyon,Bologna,Malmö,Kraków,Graz,Cork,Ghent}'::text[] AS cities,
  '{kitchen,garden,office,sports,toys,books,audio,travel}'::text[] AS categories,
  '{Compact,Classic,Foldable,Quiet,Sturdy,Light,Smart,Recycled}'::text[] AS qualities,
  '{lamp,kettle,desk,chair,backpack,speaker,bottle,clock,toaster,tent,puzzle,notebook,blanket,scale}'::text[] AS things,
  '{/,/search,/cart,/checkout,/account,/products/lamp,/products/tent,/help/returns}'::text[] AS paths;

INSERT INTO customers
SELECT
  id,
  first_name || ' ' || last_name,
  lower(first_name || '.' || last_name) || id || pg_temp.pick('{@example.com,@example.org,@example.net}', id, 3),
  lpad(pg_temp.draw(id, 4, 900)::text, 3, '0') || '-' || lpad((1 + pg_temp.draw(id, 5, 99))::text, 2, '0') || '-' || lpad((id % 10000)::text, 4, '0'),
  CASE WHEN pg_temp.draw(id, 6, 10) > 0 THEN pg_temp.with_luhn_digit('400000' || lpad(((id::bigint * 7919) % 1000000000)::text, 9, '0')) END,
  CASE WHEN pg_temp.draw(id, 7, 8) > 0 THEN '+1 555 ' || lpad(pg_temp.draw(id, 8, 1000)::text, 3, '0') || ' ' || lpad(pg_temp.draw(id, 9, 10000)::text, 4, '0') END,
  pg_temp.pick(regions, id, 10),
  date '1945-01-01' + pg_temp.draw(id, 11, 22000),
  CASE pg_temp.draw(id, 12, 5) WHEN 0 THEN '{vip}' WHEN 1 THEN '{newsletter,vip}' WHEN 2 THEN '{newsletter}' ELSE '{}' END::text[],
  CASE pg_temp.draw(id, 13, 4)
    WHEN 0 THEN jsonb_build_object('preferred', 'phone', 'comment', 'Call ' || first_name || ' after 6 pm, or write to ' || lower(first_name) || id || '@private.example')
    WHEN 1 THEN jsonb_build_object('preferred', 'e-mail', 'discount', pg_temp.draw(id, 14, 30), 'open_tickets', jsonb_build_array(id % 7, id % 11))
    WHEN 2 THEN jsonb_build_object('preferred', 'post', 'address', jsonb_build_object('city', pg_temp.pick(cities, id, 15), 'street', pg_temp.pick(streets, id, 16) || ' Street ' || pg_temp.draw(id, 17, 200)))
  END,
  timestamptz '2019-01-01 00:00:00Z' + make_interval(secs => pg_temp.draw(id, 18, 200000000))
FROM words,
  generate_series(1, current_setting('shop.customers')::int) AS id,
  LATERAL (SELECT pg_temp.pick(first_names, id, 1) AS first_name, pg_temp.pick(last_names, id, 2) AS last_name) AS person;

INSERT INTO products
SELECT
  id,
  md5('product ' || id)::uuid,
  pg_temp.pick(qualities, id, 20) || ' ' || pg_temp.pick(things, id, 21) || ' ' || id,
  pg_temp.pick(categories, id, 22),
  (199 + pg_temp.draw(id, 23, 30000)) / 100.0,
  pg_temp.draw(id, 24, 500),
  jsonb_build_object('weight_g', 50 + pg_temp.draw(id, 25, 9000), 'colours', jsonb_build_array('black', 'sand')),
  decode(substr(md5('swatch ' || id), 1, 12), 'hex'),
  timestamptz '2026-06-01 08:00:00Z' - make_interval(hours => pg_temp.draw(id, 26, 9000))
FROM words, generate_series(1, 1000) AS id;

INSERT INTO orders
SELECT
  id,
  1 + pg_temp.draw(id, 30, current_setting('shop.customers')::int),
  (enum_range(NULL::order_status))[1 + pg_temp.draw(id, 31, 6)],
  pg_temp.pick(streets, id, 32) || ' Street ' || (1 + pg_temp.draw(id, 33, 200)) || ', ' || pg_temp.pick(cities, id, 34),
  inet '198.51.100.0' + pg_temp.draw(id, 35, 256),
  timestamptz '2025-07-01 00:00:00Z' + make_interval(secs => pg_temp.draw(id, 36, 31000000))
FROM words, generate_series(1, current_setting('shop.customers')::int * 2) AS id;

INSERT INTO order_items
SELECT o.id, line, p.id, 1 + pg_temp.draw(o.id * 8::bigint + line, 41, 4), p.price
FROM orders AS o,
  generate_series(1, 1 + pg_temp.draw(o.id, 40, 3)) AS line,
  LATERAL (SELECT 1 + pg_temp.draw(o.id * 8::bigint + line, 42, 1000) AS product_id) AS chosen
  JOIN products AS p ON p.id = chosen.product_id;

-- Freshly loaded tables have no statistics yet, and the join below is quadratic without them.
ANALYZE customers, orders, order_items;
INSERT INTO payments
SELECT
  o.id,
  o.id,
  (enum_range(NULL::payment_method))[1 + pg_temp.draw(o.id, 50, 4)],
  CASE WHEN pg_temp.draw(o.id, 50, 4) = 0 THEN c.card_number END,
  totals.amount,
  o.placed_at + make_interval(secs => pg_temp.draw(o.id, 51, 200000))
FROM orders AS o
  JOIN customers AS c ON c.id = o.customer_id
  JOIN (SELECT order_id, sum(quantity * unit_price) AS amount FROM order_items GROUP BY order_id) AS totals ON totals.order_id = o.id
WHERE o.status NOT IN ('placed', 'cancelled');

INSERT INTO employees
SELECT
  id,
  first_name || ' ' || last_name,
  lower(first_name || '.' || last_name) || id || '@shop.example',
  CASE WHEN id = 1 THEN 'Managing director' WHEN id <= 13 THEN 'Head of ' || pg_temp.pick(categories, id, 60) ELSE pg_temp.pick('{Buyer,Support agent,Packer,Engineer,Analyst}', id, 61) END,
  CASE WHEN id = 1 THEN 184000 WHEN id <= 13 THEN 90000 ELSE 31000 END + pg_temp.draw(id, 62, 19000),
  CASE WHEN id > 13 THEN 2 + id % 12 WHEN id > 1 THEN 1 END,
  date '2012-01-01' + pg_temp.draw(id, 63, 5200)
FROM words,
  generate_series(1, 240) AS id,
  LATERAL (SELECT pg_temp.pick(first_names, id, 64) AS first_name, pg_temp.pick(last_names, id, 65) AS last_name) AS person;

INSERT INTO page_views
SELECT
  id,
  1 + (id * 7919) % current_setting('shop.customers')::int,
  paths[1 + id % 8],
  timestamptz '2026-05-01 00:00:00Z' + make_interval(secs => id)
FROM words, generate_series(1, current_setting('shop.customers')::bigint * 20) AS id;
