import { createHash } from 'node:crypto';
import { CatalogueVersion } from '../../contract/ids.ts';
import type { Target } from '../../contract/target.ts';
import type { DescribedColumns, TestTarget } from '../core/policy/expectations/schema.ts';
import { splitName } from '../core/policy/language/name.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { AnalyseRequest, SqlEngine } from '../sql/engine.ts';
import { type DescribedTable, describedCatalogue } from '../sql/postgres/catalogue/described.ts';

/** What an analysis on a described database needs but the text. */
export type DescribedWorld = Omit<AnalyseRequest, 'text'>;

/** Teaches the engine a database that a file of expectations describes. */
export async function learnDescribed(
  engine: SqlEngine,
  target: Target,
  { tables = {}, searchPath = ['public'] }: TestTarget,
  policy: Policy,
): Promise<DescribedWorld> {
  const reviewedFunctions = policy.reviewedFunctions(target);
  const described = Object.entries(tables).map(([name, columns]) => tableOf(name, columns));
  const snapshot = describedCatalogue(described, reviewedFunctions, searchPath);
  const content = createHash('sha256').update(JSON.stringify(snapshot)).digest('base64url');
  const catalogue = CatalogueVersion.parse(content);
  await engine.learn(content, catalogue, snapshot);
  return {
    catalogue,
    reviewedFunctions,
    session: {
      searchPath: ['pg_catalog', ...searchPath],
      role: 'expected',
      temporary: [],
      prepared: new Map(),
      cursors: new Map(),
    },
  };
}

function tableOf(name: string, columns: DescribedColumns): DescribedTable {
  const [relation = name, schema = 'public'] = (splitName(name) ?? []).toReversed();
  const typed = Array.isArray(columns)
    ? columns.map((column) => [column, 'text'] as const)
    : Object.entries(columns);
  return { schema, name: relation, columns: typed };
}
