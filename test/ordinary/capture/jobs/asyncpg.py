import asyncio
import datetime
import os
import sys

sys.path = [folder for folder in sys.path if folder != os.path.dirname(os.path.abspath(__file__))]
import asyncpg


async def main():
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    await connection.fetch("SELECT id, name, email FROM customers WHERE id = $1", 7)
    await connection.fetch("SELECT * FROM customers ORDER BY id LIMIT 3")
    await connection.fetch("SELECT id, status, placed_at, ip_address FROM orders WHERE id = ANY($1::int[]) ORDER BY id", [1, 2, 3])
    await connection.fetchval("SELECT count(*) FROM orders WHERE placed_at < $1", datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc))
    await connection.execute("CREATE TABLE pings (id serial PRIMARY KEY, at timestamptz, note text, email text)")
    await connection.executemany("INSERT INTO pings (note) VALUES ($1)", [("a",), ("b",)])
    await connection.fetchrow("INSERT INTO pings (note, email) VALUES ($1, $2) RETURNING *", "c", "a@example.com")
    await connection.copy_records_to_table("pings", records=[("d",), ("e",)], columns=["note"])
    async with connection.transaction(isolation="repeatable_read"):
        async for _ in connection.cursor("SELECT id FROM orders ORDER BY id LIMIT 60", prefetch=20):
            pass
    statement = await connection.prepare("SELECT * FROM products WHERE id = $1")
    await statement.fetch(2)
    await connection.add_listener("channel", lambda *_: None)
    await connection.remove_listener("channel", lambda *_: None)
    await connection.execute("DROP TABLE pings")
    await connection.reset()
    await connection.close()


asyncio.run(main())
