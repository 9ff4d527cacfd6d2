import os
import sys

sys.path = [folder for folder in sys.path if folder != os.path.dirname(os.path.abspath(__file__))]
from pgcli.pgexecute import PGExecute
from pgspecial.main import PGSpecial

executor = PGExecute(
    os.environ["PGDATABASE"], os.environ["PGUSER"], os.environ["PGPASSWORD"], os.environ["PGHOST"], os.environ["PGPORT"], None
)
executor.search_path()
executor.schemata()
for listing in (executor.tables, executor.views, executor.table_columns, executor.view_columns, executor.databases,
                executor.foreignkeys, executor.functions, executor.datatypes, executor.casing):
    list(listing())
executor.view_definition("rich_orders")
executor.function_definition("order_total")
for command in (r"\d", r"\dt", r"\dv", r"\di", r"\ds", r"\df", r"\dn", r"\du", r"\dT", r"\dx", r"\dp", r"\db", r"\l", r"\d customers", r"\d+ orders"):
    try:
        for result in executor.run(command, pgspecial=PGSpecial()):
            pass
    except Exception as problem:
        print(command, problem)
