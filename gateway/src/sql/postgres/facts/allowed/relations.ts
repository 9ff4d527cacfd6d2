import type { Relation } from '../../catalogue/catalogue.ts';

/** Relations of pg_catalog that hold definitions, sizes and counters, and never a value of a user's column. */
const CATALOGUE: ReadonlySet<string> = new Set(
  `pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_attribute pg_auth_members pg_available_extension_versions
  pg_available_extensions pg_cast pg_class pg_collation pg_constraint pg_conversion pg_cursors pg_database
  pg_db_role_setting pg_default_acl pg_depend pg_description pg_enum pg_event_trigger pg_extension
  pg_foreign_data_wrapper pg_foreign_server pg_foreign_table pg_group pg_index pg_indexes pg_inherits
  pg_init_privs pg_language pg_largeobject_metadata pg_locks pg_matviews pg_namespace pg_opclass pg_operator
  pg_opfamily pg_parameter_acl pg_partitioned_table pg_policies pg_policy pg_prepared_statements pg_prepared_xacts pg_proc pg_publication
  pg_publication_namespace pg_publication_rel pg_publication_tables pg_range pg_rewrite pg_roles pg_rules
  pg_seclabel pg_seclabels pg_sequence pg_sequences pg_settings pg_shdepend pg_shdescription pg_shseclabel
  pg_stat_activity pg_stat_all_indexes pg_stat_all_tables pg_stat_archiver pg_stat_bgwriter pg_stat_checkpointer
  pg_stat_database pg_stat_database_conflicts pg_stat_gssapi pg_stat_io pg_stat_progress_analyze
  pg_stat_progress_basebackup pg_stat_progress_cluster pg_stat_progress_copy pg_stat_progress_create_index
  pg_stat_progress_vacuum pg_stat_replication pg_stat_slru pg_stat_ssl pg_stat_sys_indexes pg_stat_sys_tables
  pg_stat_user_functions pg_stat_user_indexes pg_stat_user_tables pg_stat_wal pg_stat_xact_all_tables
  pg_stat_xact_sys_tables pg_stat_xact_user_functions pg_stat_xact_user_tables pg_statio_all_indexes
  pg_statio_all_sequences pg_statio_all_tables pg_statio_sys_indexes pg_statio_sys_sequences
  pg_statio_sys_tables pg_statio_user_indexes pg_statio_user_sequences pg_statio_user_tables pg_statistic_ext
  pg_subscription pg_subscription_rel pg_tables pg_tablespace pg_timezone_abbrevs pg_timezone_names
  pg_transform pg_trigger pg_user_mappings pg_ts_config pg_ts_config_map pg_ts_dict pg_ts_parser pg_ts_template pg_type pg_user
  pg_views pg_replication_slots pg_replication_origin`
    .trim()
    .split(/\s+/),
);

const INFORMATION_SCHEMA_DENIED: ReadonlySet<string> = new Set([
  'user_mapping_options',
  '_pg_user_mappings',
  'foreign_server_options',
  '_pg_foreign_servers',
]);

/** Blocks of indexes and of long values that were looked at: those of a value that is written or goes are among them. */
const TOUCHED_BLOCKS = ['idx', 'toast', 'tidx'].flatMap((of) => [`${of}_blks_read`, `${of}_blks_hit`]);

/** Columns of the server's own relations that nobody sees: they show statements, credentials and values of others. */
export const hiddenColumns: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  // They show statements as they were rewritten.
  ['pg_prepared_statements', new Set(['statement'])],
  ['pg_cursors', new Set(['statement'])],
  ['pg_stat_activity', new Set(['query'])],
  // Whoever prepares a transaction names it as they like.
  ['pg_prepared_xacts', new Set(['gid'])],
  ['pg_subscription', new Set(['subconninfo'])],
  ['pg_user_mappings', new Set(['umoptions'])],
  ['pg_attribute', new Set(['attmissingval'])],
  // They tell how much a write has changed: nothing, where it wrote what was there already.
  ...['all', 'sys', 'user'].flatMap(
    (whose): Array<[string, ReadonlySet<string>]> => [
      [`pg_stat_${whose}_tables`, new Set(['n_tup_hot_upd'])],
      [`pg_stat_xact_${whose}_tables`, new Set(['n_tup_hot_upd'])],
      [`pg_statio_${whose}_tables`, new Set(TOUCHED_BLOCKS)],
      [`pg_statio_${whose}_indexes`, new Set(['idx_blks_read', 'idx_blks_hit'])],
    ],
  ),
  ['pg_stat_wal', new Set(['wal_records', 'wal_fpi', 'wal_bytes'])],
  [
    'pg_stat_io',
    new Set(['hits', 'reads', 'read_bytes', 'writes', 'write_bytes', 'extends', 'extend_bytes']),
  ],
  ['pg_stat_replication', new Set(['sent_lsn', 'write_lsn', 'flush_lsn', 'replay_lsn'])],
  // How many rows were locked by more than one at a time, among others by keys that found them.
  [
    'pg_stat_slru',
    new Set(['blks_zeroed', 'blks_hit', 'blks_read', 'blks_written', 'blks_exists', 'flushes', 'truncates']),
  ],
  ['pg_replication_slots', new Set(['restart_lsn', 'confirmed_flush_lsn', 'safe_wal_size'])],
  // Of partitions and indexes alone: see server-columns.ts.
  ['pg_class', new Set(['reltuples'])],
]);

/** Why a relation of the system's schemas may not be read, or null when it may. */
export function deniedRelationReason(relation: Relation): string | null {
  const allowed =
    relation.schema === 'pg_catalog'
      ? CATALOGUE.has(relation.name)
      : !INFORMATION_SCHEMA_DENIED.has(relation.name);
  if (allowed) return null;
  return `${relation.schema}.${relation.name} can show values of tables, statements or credentials`;
}
