const TABLE_COUNTERS = /_tup(_|$)|_since_|_scan$/;

/**
 * Columns of the server's own relations that tell how many rows a relation has, or had read and written; and how often it
 * was scanned, which is for a partition to tell what was looked for.
 */
export const countingColumns: ReadonlyMap<string, RegExp> = new Map([
  ['pg_class', /^(reltuples|relpages|relallvisible|relallfrozen)$/],
  ...['all', 'sys', 'user'].flatMap(
    (whose): Array<[string, RegExp]> => [
      [`pg_stat_${whose}_tables`, TABLE_COUNTERS],
      [`pg_stat_xact_${whose}_tables`, TABLE_COUNTERS],
      [`pg_stat_${whose}_indexes`, /^idx_tup_|_scan$/],
      [`pg_statio_${whose}_tables`, /_blks_/],
      [`pg_statio_${whose}_indexes`, /_blks_/],
    ],
  ),
  ['pg_stat_database', /^(tup_|blks_)/],
  ['pg_stat_progress_analyze', /(_total|_scanned|_computed|_done)$/],
  ['pg_stat_progress_cluster', /(_total|_scanned|_written|_count)$/],
  ['pg_stat_progress_copy', /_(processed|total|excluded|skipped)$/],
  ['pg_stat_progress_create_index', /_(done|total)$/],
  ['pg_stat_progress_vacuum', /^(heap_blks|max_dead|num_dead|dead_tuple|index_vacuum)/],
]);

const SIZES = /^pg_(table|relation|total_relation|indexes|database|tablespace)_size$/;
const COUNTERS =
  /^pg_stat_get_((live|dead)_tuples|(xact_)?numscans|lastscan|(xact_)?tuples_|(xact_)?blocks_|ins_since|mod_since|db_(tuples|blocks)_|progress_info)/;

const CHANGES =
  /^(pg_stat_get_((xact_)?tuples_hot_updated|(xact_)?blocks_.*|(backend_)?(wal|io)|replication_slot|slru)|mxid_age|pg_lock_status)$/;
/** Of a server that is written to: how far a standby follows is what its upkeep asks, and nothing is written there. */
const LOG_POSITIONS =
  /^pg_(current_wal(_insert|_flush)?_lsn|control_checkpoint|get_wal_summarizer_state|show_replication_origin_status|stat_get_subscription)$/;

/**
 * Functions of the server that tell how much a write has changed: the log holds what differs from the row before, and
 * indexes are left alone where a value stayed what it was, so that a guess that is written would be answered.
 */
export function tellsChanges({ schema, name }: Called): boolean {
  return schema === 'pg_catalog' && (CHANGES.test(name) || LOG_POSITIONS.test(name));
}

type Called = { schema: string; name: string };

/** Functions of the server that tell how many rows one relation has, or had read and written, and how often. */
export function readsCounters({ schema, name }: Called): boolean {
  return schema === 'pg_catalog' && COUNTERS.test(name);
}

/** Those of them that tell how many rows, not how often it was scanned. */
export function readsTuples(called: Called): boolean {
  return readsCounters(called) && /_tuples|_since/.test(called.name);
}

/** Functions that read counters, or tell how much room rows take. */
export function countsRows(called: Called): boolean {
  return readsCounters(called) || (called.schema === 'pg_catalog' && SIZES.test(called.name));
}
