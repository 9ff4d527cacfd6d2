import { stringify } from 'yaml';
import { withDatabase } from '../administration.ts';
import { ColumnType } from '../core/policy/expectations/schema.ts';
import { isSystemSchema } from '../sql/postgres/catalogue/catalogue.ts';
import { loadCatalogue } from '../sql/postgres/catalogue/load.ts';
import type { SnapshotRelation } from '../sql/postgres/catalogue/snapshot.ts';
import { upstreamAddress } from '../targets.ts';
import { noMore, parsedArguments } from './arguments.ts';
import type { ExitCode, Surroundings } from './command.ts';
import { configuredTarget } from './configured-target.ts';

const OPTIONS = { config: { type: 'string' } } as const;
/** pg_class.relkind of what has rows: tables, views, materialised views, partitioned and foreign tables. */
const ROWS = 'rvmpf';
const PLAIN = /^[a-z_][a-z0-9_]*$/;

/** `target describe NAME`: its tables and columns, as files of expectations have them. */
export async function targetDescribe(
  args: readonly string[],
  { environment, out }: Surroundings,
): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  noMore(positionals, 1);
  const { config } = await configuredTarget(positionals[0], values.config, environment);
  const { snapshot } = await withDatabase(upstreamAddress(config), loadCatalogue);
  const tables = snapshot.relations
    .filter(({ kind, schema }) => ROWS.includes(kind) && !isSystemSchema(schema))
    .map((relation): [string, Record<string, ColumnType>] => [nameOf(relation), columnsOf(relation)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const { name, labels } = config;
  out(
    stringify(
      { targets: { [name]: { labels, tables: Object.fromEntries(tables) } } },
      { flowCollectionPadding: true },
    ).trimEnd(),
  );
  return 0;
}

function nameOf({ schema, name }: SnapshotRelation): string {
  const shown = PLAIN.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
  if (schema === 'public') return shown;
  return `${PLAIN.test(schema) ? schema : `"${schema.replaceAll('"', '""')}"`}.${shown}`;
}

/** What is of no type that expectations know is text there. */
function columnsOf({ columns }: SnapshotRelation): Record<string, ColumnType> {
  return Object.fromEntries(
    columns.map(({ name, baseType, domain }) => {
      const type = ColumnType.safeParse(domain?.baseType ?? baseType);
      return [name, type.success ? type.data : 'text'];
    }),
  );
}
