import type { ColumnRef } from '../../../../contract/facts.ts';
import type { TargetName } from '../../../../contract/ids.ts';
import { partsFromRight } from '../language/name.ts';
import { glob, type Matches } from './glob.ts';

/** `target.schema.table.column`, compiled, with the tags that it gives. */
export type TagPattern = {
  target: Matches;
  schema: Matches;
  relation: Matches;
  column: Matches;
  tags: readonly string[];
};

/** Compiles one entry of the section `tags`; null when the pattern has not its four parts. */
export function compileTagPattern(pattern: string, tags: readonly string[]): TagPattern | null {
  const [column, relation, schema, ...target] = partsFromRight(pattern);
  if (column === undefined || relation === undefined || schema === undefined || target.length === 0)
    return null;
  return {
    // A target's name may have dots of its own.
    target: glob(target.toReversed().join('.')),
    schema: glob(schema),
    relation: glob(relation),
    column: glob(column),
    tags,
  };
}

/** The tags of a target's columns. */
export function tagsOn(
  patterns: readonly TagPattern[],
  target: TargetName,
): (column: ColumnRef) => ReadonlySet<string> {
  const here = patterns.filter((pattern) => pattern.target(target));
  return (column) => {
    const matching = here.filter(
      (pattern) =>
        pattern.schema(column.schema) && pattern.relation(column.relation) && pattern.column(column.column),
    );
    return new Set(matching.flatMap((pattern) => pattern.tags));
  };
}
