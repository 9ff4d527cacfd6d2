import datetime
import decimal
import os
import uuid

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

with psycopg.connect(os.environ["DATABASE_URL"], row_factory=dict_row) as connection:
    connection.execute("SELECT id, name, email FROM customers WHERE id = %s", [7]).fetchall()
    connection.execute("SELECT * FROM customers WHERE region = ANY(%s) ORDER BY id LIMIT 3", [["north", "west"]]).fetchall()
    connection.execute("SELECT id, birth_date, created_at, notes, tags FROM customers ORDER BY id LIMIT 3", binary=True).fetchall()
    connection.execute("SELECT id, sku, price, attributes, swatch FROM products ORDER BY id LIMIT 3", binary=True).fetchall()
    connection.execute("CREATE TABLE parcels (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code uuid, weight numeric(6,2), sent date, data jsonb, phone text)")
    cursor = connection.cursor()
    cursor.executemany(
        "INSERT INTO parcels (code, weight, sent, data) VALUES (%s, %s, %s, %s)",
        [(uuid.UUID(int=i), decimal.Decimal("1.5"), datetime.date(2026, 1, i + 1), Jsonb({"i": i})) for i in range(4)],
    )
    cursor.execute("INSERT INTO parcels (weight, phone) VALUES (%s, %s) RETURNING *", [2, "+1 555"], binary=True).fetchone()
    with connection.transaction():
        connection.execute("UPDATE parcels SET weight = weight + %s WHERE id = %s", [1, 2])
        with connection.transaction():
            connection.execute("SELECT weight FROM parcels WHERE id = 2 FOR UPDATE").fetchone()
    with cursor.copy("COPY parcels (code, weight) FROM STDIN") as copy:
        for i in range(3):
            copy.write_row((uuid.UUID(int=100 + i), i))
    with cursor.copy("COPY (SELECT id, email FROM customers ORDER BY id LIMIT 3) TO STDOUT") as copy:
        for _ in copy:
            pass
    with connection.cursor("server_side") as server_side:
        server_side.execute("SELECT id, region FROM customers ORDER BY id")
        server_side.fetchmany(10)
        server_side.fetchmany(10)
    for i in range(7):
        connection.execute("SELECT name FROM customers WHERE id = %s", [i], prepare=True).fetchone()
    connection.execute("DROP TABLE parcels")
