/** Session settings that change neither what a name means nor what is shown or logged of a statement. */
const FREE: ReadonlySet<string> = new Set(
  `application_name bytea_output check_function_bodies constraint_exclusion cursor_tuple_fraction datestyle
  default_statistics_target default_table_access_method default_tablespace default_text_search_config
  default_toast_compression default_transaction_deferrable default_transaction_isolation
  default_transaction_read_only effective_cache_size escape_string_warning extra_float_digits
  from_collapse_limit geqo geqo_threshold gin_fuzzy_search_limit hash_mem_multiplier
  idle_in_transaction_session_timeout idle_session_timeout intervalstyle jit jit_above_cost
  jit_inline_above_cost jit_optimize_above_cost join_collapse_limit lc_messages lc_monetary lc_numeric lc_time
  lock_timeout maintenance_work_mem max_parallel_maintenance_workers max_parallel_workers
  max_parallel_workers_per_gather parallel_leader_participation parallel_setup_cost parallel_tuple_cost
  plan_cache_mode random_page_cost row_security search_path seed seq_page_cost
  statement_timeout synchronize_seqscans synchronous_commit temp_buffers temp_tablespaces timezone
  timezone_abbreviations transaction_deferrable transaction_isolation transaction_read_only transaction_timeout
  vacuum_cost_delay work_mem xmlbinary xmloption
  enable_async_append enable_bitmapscan enable_gathermerge enable_hashagg enable_hashjoin
  enable_incremental_sort enable_indexonlyscan enable_indexscan enable_material enable_memoize enable_mergejoin
  enable_nestloop enable_parallel_append enable_parallel_hash enable_partition_pruning
  enable_partitionwise_aggregate enable_partitionwise_join enable_presorted_aggregate enable_seqscan enable_sort
  enable_tidscan`
    .trim()
    .split(/\s+/),
);

/** Settings of which only some values are safe. Compared in lower case, but for those that name a role otherwise. */
const VALUES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  // A lower level would show debug and log output, which can carry the rewritten statement.
  ['client_min_messages', new Set(['notice', 'warning', 'error'])],
  ['standard_conforming_strings', new Set(['on', 'true', 'yes', '1'])],
  // The catalogue is read by how the server writes it.
  ['quote_all_identifiers', new Set(['off', 'false', 'no', '0'])],
  ['client_encoding', new Set(['utf8', 'utf-8', 'unicode'])],
  ['role', new Set(['none'])],
  ['session_authorization', new Set<string>()],
  ['session_replication_role', new Set(['origin'])],
  ['backslash_quote', new Set(['safe_encoding', 'off'])],
  ['restrict_nonsystem_relation_kind', new Set(['view, foreign-table', ''])],
  ['zero_damaged_pages', new Set(['off'])],
]);

/**
 * Whether a session may give a setting this value, by SET, `set_config` or as a start-up parameter. `value`
 * null stands for DEFAULT and RESET.
 */
export function settingRefusal(name: string, value: string | null): string | null {
  const lower = name.toLowerCase().replaceAll(' ', '_');
  if (FREE.has(lower)) return null;
  if (value === null && (VALUES.has(lower) || lower === 'all')) return null;
  const values = VALUES.get(lower);
  if (values === undefined) return `setting ${name} is not among those that may be changed`;
  if (value !== null && values.has(lower === 'role' ? value : value.toLowerCase())) return null;
  return `setting ${name} may only be ${[...values, 'DEFAULT'].join(' or ')}`;
}

/** First parts of names that applications give settings of their own, and no module of the server does. */
const NAMESPACES: ReadonlySet<string> = new Set(
  `account api app application audit auth authz claims context ctx current custom graphql hasura jwt local my myapp
  org organization postgraphile postgrest request response rls security service session tenancy tenant test tmp user
  users var vars`.split(/\s+/),
);

/** Whether it is a setting that means nothing to the server: what it does is up to who reads it. */
export function isApplicationSetting(name: string): boolean {
  const [namespace, ...rest] = name.toLowerCase().split('.');
  const isName = rest.length > 0 && rest.every((part) => /^[a-z_][a-z0-9_$]*$/.test(part));
  return isName && NAMESPACES.has(namespace ?? '');
}

const PLAN_COSTS: ReadonlySet<string> = new Set(['cursor_tuple_fraction', 'effective_cache_size']);

/** Whether a setting talks the planner into or out of indexes, in whose order rows would come. */
export function choosesPlan(name: string): boolean {
  const lower = name.toLowerCase();
  return lower.startsWith('enable_') || lower.endsWith('_cost') || PLAN_COSTS.has(lower);
}
