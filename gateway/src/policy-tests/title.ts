import type { Case } from './cases.ts';

/** What a case is about: "developer on shop: select name from customers", after its name if it has one. */
export function titleOf({ expectation, who, target }: Case): string {
  const { name, sql, run, does, facts } = expectation;
  const what =
    sql ?? run ?? (does === undefined ? `facts of a ${facts?.protocol} action` : JSON.stringify(does));
  const asked = `${who} on ${target.name}: ${what.trim().replaceAll(/\s+/g, ' ')}`;
  return name === undefined ? asked : `${name} (${asked})`;
}
