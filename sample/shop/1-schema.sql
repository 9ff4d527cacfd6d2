-- The shop: what a small retailer's production database looks like, personal data included (all of it made up).
CREATE TYPE order_status AS ENUM ('placed', 'paid', 'shipped', 'delivered', 'returned', 'cancelled');
CREATE TYPE payment_method AS ENUM ('card', 'transfer', 'wallet', 'invoice');

CREATE TABLE customers (
  id          integer     PRIMARY KEY,
  name        text        NOT NULL,
  email       text        NOT NULL,
  national_id text        NOT NULL,
  card_number text,
  phone       text,
  region      text        NOT NULL,
  birth_date  date,
  tags        text[]      NOT NULL DEFAULT '{}',
  notes       jsonb,
  created_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE customers IS 'Everybody who has ever ordered.';
COMMENT ON COLUMN customers.national_id IS 'Identity document, for age checks. Personal.';
COMMENT ON COLUMN customers.card_number IS 'Card on file. Personal, PCI.';
COMMENT ON COLUMN customers.notes IS 'What support wrote down; may hold anything.';

CREATE TABLE products (
  id         integer       PRIMARY KEY,
  sku        uuid          NOT NULL,
  name       text          NOT NULL,
  category   text          NOT NULL,
  price      numeric(10,2) NOT NULL CHECK (price > 0),
  in_stock   integer       NOT NULL,
  attributes jsonb         NOT NULL,
  swatch     bytea,
  updated_at timestamptz   NOT NULL DEFAULT now()
);
COMMENT ON TABLE products IS 'The catalogue.';

CREATE TABLE orders (
  id          integer      PRIMARY KEY,
  customer_id integer      NOT NULL,
  status      order_status NOT NULL,
  ship_to     text         NOT NULL,
  ip_address  inet,
  placed_at   timestamptz  NOT NULL
);
COMMENT ON COLUMN orders.ship_to IS 'Delivery address. Personal.';

CREATE TABLE order_items (
  order_id   integer       NOT NULL,
  line       smallint      NOT NULL,
  product_id integer       NOT NULL,
  quantity   smallint      NOT NULL,
  unit_price numeric(10,2) NOT NULL
);

CREATE TABLE payments (
  id          integer        NOT NULL,
  order_id    integer        NOT NULL,
  method      payment_method NOT NULL,
  card_number text,
  amount      numeric(12,2)  NOT NULL,
  paid_at     timestamptz    NOT NULL
) PARTITION BY RANGE (paid_at);
COMMENT ON TABLE payments IS 'One partition a month.';
DO $$
BEGIN
  FOR month IN 0..11 LOOP
    EXECUTE format(
      'CREATE TABLE payments_%s PARTITION OF payments FOR VALUES FROM (%L) TO (%L)',
      to_char(date '2025-07-01' + make_interval(months => month), 'YYYY_MM'),
      date '2025-07-01' + make_interval(months => month),
      date '2025-07-01' + make_interval(months => month + 1));
  END LOOP;
END $$;
CREATE TABLE payments_later PARTITION OF payments DEFAULT;

CREATE TABLE employees (
  id         integer       PRIMARY KEY,
  name       text          NOT NULL,
  email      text          NOT NULL,
  title      text          NOT NULL,
  salary     numeric(10,2) NOT NULL,
  manager_id integer       REFERENCES employees,
  hired_on   date          NOT NULL
);
COMMENT ON COLUMN employees.salary IS 'Yearly, in euro. Confidential.';

CREATE TABLE page_views (
  id          bigint      NOT NULL,
  customer_id integer     NOT NULL,
  path        text        NOT NULL,
  viewed_at   timestamptz NOT NULL
);
COMMENT ON TABLE page_views IS 'The web shop''s click stream: the long table.';
