-- What database administrators and monitoring ask. A statement is what stands between empty lines.

SELECT blocked_locks.pid AS blocked_pid, blocked_activity.usename AS blocked_user, blocking_locks.pid AS blocking_pid, blocked_activity.query AS blocked_statement FROM pg_catalog.pg_locks blocked_locks JOIN pg_catalog.pg_stat_activity blocked_activity ON blocked_activity.pid = blocked_locks.pid JOIN pg_catalog.pg_locks blocking_locks ON blocking_locks.locktype = blocked_locks.locktype AND blocking_locks.database IS NOT DISTINCT FROM blocked_locks.database AND blocking_locks.relation IS NOT DISTINCT FROM blocked_locks.relation AND blocking_locks.pid != blocked_locks.pid JOIN pg_catalog.pg_stat_activity blocking_activity ON blocking_activity.pid = blocking_locks.pid WHERE NOT blocked_locks.granted

SELECT pid, pg_blocking_pids(pid) AS blocked_by FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0

SELECT relname, n_dead_tup, n_live_tup, round(n_dead_tup * 100.0 / nullif(n_live_tup + n_dead_tup, 0), 1) AS pct FROM pg_stat_user_tables WHERE relname IN ('products', 'employees') ORDER BY 1

SELECT 'index hit rate' AS name, (sum(idx_blks_hit)) / nullif(sum(idx_blks_hit + idx_blks_read), 0) IS NOT NULL AS ratio FROM pg_statio_sys_indexes WHERE false UNION ALL SELECT 'table hit rate', sum(heap_blks_hit) / nullif(sum(heap_blks_hit) + sum(heap_blks_read), 0) IS NOT NULL FROM pg_statio_user_tables

SELECT datname, numbackends >= 0, xact_commit >= 0, blks_hit * 100 / nullif(blks_hit + blks_read, 0) >= 0 AS cache_hit, deadlocks, temp_files FROM pg_stat_database WHERE datname = current_database()

SELECT relname, reltuples::bigint AS estimate, relpages FROM pg_class WHERE relname = 'products'

SELECT p.pid, p.phase, p.heap_blks_total, p.heap_blks_scanned, p.relid::regclass FROM pg_stat_progress_vacuum p JOIN pg_stat_activity a USING (pid)

SELECT a.query, p.phase, round(p.blocks_done / nullif(p.blocks_total, 0)::numeric * 100, 2) AS "% done" FROM pg_stat_progress_create_index p JOIN pg_stat_activity a ON p.pid = a.pid

SELECT client_addr, state, sync_state, pg_wal_lsn_diff(sent_lsn, replay_lsn) AS lag FROM pg_stat_replication

SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 ELSE EXTRACT(EPOCH FROM now() - pg_last_xact_replay_timestamp()) END AS lag

SELECT name, setting FROM pg_settings WHERE source NOT IN ('default', 'override') AND name LIKE 'autovacuum%'

SELECT c.oid::regclass, age(c.relfrozenxid) >= 0 FROM pg_class c WHERE relkind IN ('r', 'm') AND relnamespace = 'public'::regnamespace ORDER BY 1

SELECT datname, age(datfrozenxid) > 0, current_setting('autovacuum_freeze_max_age') FROM pg_database WHERE datname = current_database()

SELECT num_timed >= 0 FROM pg_stat_checkpointer

SELECT backend_type, object, context FROM pg_stat_io ORDER BY 1, 2, 3 LIMIT 3

SELECT pg_size_pretty(sum(pg_relation_size(idx))::bigint) AS size, (array_agg(idx ORDER BY idx::text))[1] AS idx1 FROM (SELECT indexrelid::regclass AS idx, (indrelid::text ||E'\n'|| indclass::text ||E'\n'|| indkey::text ||E'\n'|| coalesce(indexprs::text,'')||E'\n' || coalesce(indpred::text,'')) AS key FROM pg_index) sub GROUP BY key HAVING count(*) > 1

SELECT n.nspname, t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid JOIN pg_namespace n ON n.oid = t.typnamespace ORDER BY 1, 2, e.enumsortorder

SELECT relid::regclass, parentrelid::regclass, isleaf, level FROM pg_partition_tree('payments') ORDER BY 1

SELECT partrelid::regclass, partstrat, partnatts FROM pg_partitioned_table

SELECT dep.classid::regclass, cl.relkind, pg_describe_object(dep.classid, dep.objid, dep.objsubid) FROM pg_catalog.pg_depend dep LEFT JOIN pg_class cl ON dep.objid = cl.oid WHERE dep.refobjid = 'products'::regclass::oid ORDER BY 3

CREATE TABLE upkept (id int PRIMARY KEY, v text)

CREATE INDEX upkept_v ON upkept (v)

INSERT INTO upkept SELECT i, md5(i::text) FROM generate_series(1, 100) i

VACUUM

ANALYZE

VACUUM (ANALYZE, SKIP_LOCKED)

VACUUM FULL upkept

ANALYZE upkept (v)

REINDEX INDEX upkept_v

REINDEX INDEX CONCURRENTLY upkept_v

CLUSTER upkept USING upkept_pkey

ALTER INDEX upkept_v RENAME TO upkept_v_idx

ALTER TABLE upkept ALTER COLUMN v SET STATISTICS 500, ALTER COLUMN v SET STORAGE EXTERNAL

ALTER TABLE upkept REPLICA IDENTITY FULL

GRANT SELECT (id) ON upkept TO PUBLIC

REVOKE ALL ON upkept FROM PUBLIC

COMMENT ON INDEX upkept_v_idx IS 'For the report'

DROP INDEX CONCURRENTLY upkept_v_idx

DROP TABLE upkept
