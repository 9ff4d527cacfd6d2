#!/bin/bash
pg_dump --schema-only > /dev/null
pg_dump --schema-only --no-owner --no-acl -t customers -t orders > /dev/null
pg_dump --data-only -t products -t order_items > /dev/null
pg_dump --data-only --inserts -t customers > /dev/null
exit 0
