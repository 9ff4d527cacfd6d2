-- With --known-limits: indexes along which rows can come in the order of masked values where no ORDER BY settles it
-- (docs/SECURITY.md). A run finds them.
CREATE INDEX customers_region_score ON customers (region, score);
CREATE INDEX customers_active_score ON customers (score) WHERE active;
CREATE INDEX orders_customer_quantity ON orders (customer_id, quantity);
CREATE INDEX ledger_covering ON ledger (amount) INCLUDE (id, account);
CREATE INDEX ledger_account_amount ON ledger (account, amount);
