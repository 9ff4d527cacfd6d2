export type Exception = {
  tool: RegExp;
  sql: RegExp;
  /** Refused; other in a way that is meant; or other as masks and twins are, which counts as passing. */
  kind: 'refused' | 'differs' | 'expected';
  reason: string;
};

/** Statements that don't pass, or whose results differ by more than masked columns, and why that is right. */
const EXCEPTIONS: readonly Exception[] = [
  {
    tool: /./,
    sql: /^LISTEN /,
    kind: 'refused',
    reason: 'What LISTEN receives was written by others, triggers included, and is not inspected.',
  },
  {
    tool: /^sequelize$/,
    sql: /pg_temp\.testfunc/,
    kind: 'refused',
    reason:
      'findOrCreate makes a function, whose body is not analysed; findOrCreate without a transaction does not.',
  },
  {
    tool: /./,
    sql: /\bpg_stats\b/,
    kind: 'refused',
    reason: 'Statistics hold values, of masked columns too.',
  },
  {
    tool: /./,
    sql: /^EXPLAIN SELECT id FROM customers WHERE email/,
    kind: 'refused',
    reason: 'Estimates for a condition on a masked column tell how often a value comes.',
  },
  {
    tool: /./,
    sql: /^explain\b.*\bcustomers\b/is,
    kind: 'differs',
    reason:
      'The plan is that of the statement with NULL for masked columns: widths differ, and aliases of tables.',
  },
  {
    tool: /^dbeaver$/,
    sql: /^SELECT c\.\*.* partition_expr\b/s,
    kind: 'differs',
    reason:
      'How many rows a partition has would tell of a masked key: reltuples of partitions comes as -1, as of tables not analysed.',
  },
  {
    tool: /./,
    sql: /count\(DISTINCT email\)|split_part\(email/,
    kind: 'expected',
    reason: 'Counts masks.',
  },
  {
    tool: /^psql$/,
    sql: /s\.setting IS DISTINCT FROM s\.boot_val/,
    kind: 'expected',
    reason: 'The two servers listen on different ports and keep their files in different folders.',
  },
];

export function exceptionFor(tool: string, sql: string): Exception | null {
  return EXCEPTIONS.find((entry) => entry.tool.test(tool) && entry.sql.test(sql)) ?? null;
}
