#!/bin/bash
# psql's own commands: what each sends is the statement.
q() { psql -X -q -c "$1" > /dev/null; }
for command in '\d' '\d+' '\dt' '\dt+' '\dt *.*' '\dv' '\dv+' '\dm' '\di' '\di+' '\ds' '\dE' '\dS pg_class' '\d customers' '\d+ customers' \
  '\d orders' '\d+ payments' '\d payments_2026_01' '\d+ customer_directory' '\d monthly_sales' '\d customers_email' '\d customers_id_seq' \
  '\df' '\df+' '\df order_total' '\da' '\do' '\dT' '\dT+ order_status' '\dD' '\dC' '\dc' '\dO' '\dn' '\dn+' '\dp' '\ddp' '\dg' '\du+' \
  '\dl' '\dL' '\dx' '\dx+' '\dy' '\db' '\dA' '\dAc' '\dAf' '\dAo' '\dAp' '\dP' '\dPn' '\drds' '\dRp' '\dF' '\dFp' '\dFd' '\dFt' '\dew' '\des' '\deu' '\det' '\dX' \
  '\dconfig' '\dconfig work_mem' '\l' '\l+' '\sf order_total' '\sv rich_orders' '\z customers' '\dd' '\conninfo'; do
  q "$command"
done
psql -X -q > /dev/null <<'SQL'
\copy (SELECT id, name, email FROM customers ORDER BY id LIMIT 5) TO STDOUT WITH (FORMAT csv, HEADER)
CREATE TABLE imported (id int, label text);
\copy imported (id, label) FROM /dev/null WITH (FORMAT csv)
SELECT count(*) FROM imported \g
SELECT status, region, count(*) AS n FROM orders JOIN customers c ON c.id = customer_id GROUP BY 1, 2 ORDER BY 1, 2 \crosstabview
SELECT id, name FROM customers ORDER BY id LIMIT 1 \gset
SELECT format('SELECT %L', 'x') \gexec
SELECT email, region FROM customers \gdesc
SELECT $1::int + 1 \bind 4 \g
\set FETCH_COUNT 50
SELECT id FROM orders ORDER BY id LIMIT 120;
\timing on
BEGIN;
SAVEPOINT a;
ROLLBACK TO a;
COMMIT;
\encoding
DROP TABLE imported;
SQL
printf '1,a\n2,b\n' | psql -X -q -c 'CREATE TABLE loaded (id int, label text)' -c '\copy loaded FROM STDIN WITH (FORMAT csv)' -c 'DROP TABLE loaded'
psql -X -q -v ON_ERROR_ROLLBACK=on -c 'SELECT 1' > /dev/null
exit 0
