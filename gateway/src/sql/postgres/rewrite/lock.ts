import type { Examined } from '../facts/statement.ts';
import { quoted } from '../masks/type-name.ts';
import { bodyOf } from '../parse/node.ts';
import { utf16Offsets } from '../parse/offsets.ts';
import { type ParsedStatement, tokenAt, tokensOf } from '../parse/parser.ts';
import { maskingViewOf } from '../prepare/masking-view.ts';
import { extent } from './reference.ts';
import type { Plan } from './splice.ts';

/** LOCKMODE of `ACCESS SHARE` (storage/lockdefs.h). */
const ACCESS_SHARE = 1;

/**
 * `LOCK TABLE a IN ACCESS SHARE MODE`, as pg_dump begins, asks for the right to read all of a table. The role of a
 * prepared target has that to its masking view, and who locks a view locks what it reads (manual, "LOCK").
 * Null where there is no view to name.
 */
export function lockThroughViews(statement: ParsedStatement, examined: Examined): Plan | null {
  const body = bodyOf(statement.tree, 'LockStmt');
  if (body?.mode !== ACCESS_SHARE) return null;
  const { catalogue } = examined.names;
  const tokens = tokensOf(statement.text);
  const offset = utf16Offsets(statement.text);
  const plan: Plan = { edits: [], becomes: new Map() };
  for (const { node, relation } of examined.findings.references.values()) {
    if (catalogue.closedColumns(relation).length === 0) continue;
    const found = maskingViewOf(catalogue, relation, node.inh !== true);
    const at = tokenAt(tokens, node, offset);
    const { first, last } = extent(node, tokens, at);
    const [start, end] = [tokens[first]?.start, tokens[last]?.end];
    if (found === 'missing' || found === 'stale' || at < 0 || start === undefined || end === undefined)
      return null;
    const { schema, name } = found.view;
    plan.edits.push({ start, end, text: `${quoted(schema)}.${quoted(name)}` });
    plan.becomes.set(node, { ...node, schemaname: schema, relname: name, inh: true });
  }
  return plan;
}
