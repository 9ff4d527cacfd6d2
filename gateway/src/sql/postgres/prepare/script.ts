import type { Preparation } from './preparation.ts';

/** A preparation as a script for psql, in one transaction; the same preparation gives the same text. */
export function scriptOf(
  { roles, statements, plans }: Preparation,
  made: { target: string; policy: string },
): string {
  const views = plans.filter(({ reading }) => reading === 'view').length;
  const withheld = plans.flatMap(({ relation, withheld: why }) =>
    why === null ? [] : [`-- ${relation.schema}.${relation.name} stays closed: ${comment(why)}`],
  );
  return [
    `-- Prepares the database of target ${made.target} for policy ${made.policy.slice(0, 12)}: ${views} relations come through masking views.`,
    '-- Run it as somebody who owns the tables. Once it has run, give the role a password:',
    `--   \\password ${roles.least}`,
    ...withheld,
    '\\set ON_ERROR_STOP on',
    'BEGIN;',
    'SET LOCAL search_path = pg_catalog;',
    ...statements.map((statement) => `${statement};`),
    'COMMIT;',
  ].join('\n');
}

const comment = (text: string) => text.replaceAll(/\s+/g, ' ');
