import type { Outline } from '../../engine.ts';
import { bodyOf } from '../parse/node.ts';
import type { ParsedStatement } from '../parse/parser.ts';
import { definitionOf } from './definition.ts';
import { foundRows } from './found-rows.ts';

/** What a statement's tree tells of what it would do, for those who decide on it. */
export function outlineOf(statement: ParsedStatement, listed: Outline['listed']): Outline {
  const { tree } = statement;
  const targets = bodyOf(tree, 'UpdateStmt')?.targetList ?? [];
  const truncate = bodyOf(tree, 'TruncateStmt');
  return {
    found: foundRows(statement),
    sets: targets.flatMap((target) => bodyOf(target, 'ResTarget')?.name ?? []),
    emptiesReferring: truncate?.behavior === 'DROP_CASCADE',
    definition: definitionOf(tree),
    listed,
  };
}
