import { assertNever } from '../../../../contract/assert-never.ts';
import type { RelationRef, SqlFacts } from '../../../../contract/facts.ts';
import type { RowFigure } from '../../../../contract/impact.ts';

/** "public.customers" */
export function nameOf({ schema, relation }: RelationRef): string {
  return `${schema}.${relation}`;
}

/** One sentence in plain words. */
export function summaryOf(
  { kind, writes, reads, hasWhere }: SqlFacts,
  rows: RowFigure | null,
  ofRows: number | null,
): string {
  const [written] = writes;
  const on = written === undefined ? listed(reads) : nameOf(written);
  const all = ofRows === null ? '' : ` of about ${numbered(ofRows)}`;
  const some = rows === null ? 'some' : figure(rows);
  const unknown = rows === null ? '; how many is not known' : '';
  switch (kind) {
    case 'update':
      if (hasWhere === false) return `Changes every row of ${on}${about(ofRows)}.`;
      return `Changes ${some}${rows === null ? '' : all} ${ofRows === null ? plural(rows) : 'rows'} of ${on}${unknown}.`;
    case 'delete':
      if (hasWhere === false) return `Deletes every row of ${on}${about(ofRows)}.`;
      return `Deletes ${some}${rows === null ? '' : all} ${ofRows === null ? plural(rows) : 'rows'} of ${on}${unknown}.`;
    case 'insert':
    case 'copyFrom':
      return `Adds ${some} ${plural(rows)} to ${on}${unknown}.`;
    case 'truncate':
      return `Removes every row of ${on}${about(ofRows)}.`;
    case 'select':
    case 'copyTo':
      return `Reads ${some} ${plural(rows)} of ${on}${unknown}.`;
    default:
      return `${DOING[kind] ?? `Runs ${kind}`}${on === '' ? '' : ` ${on}`}.`;
  }
}

const DOING: Partial<Record<SqlFacts['kind'], string>> = {
  create: 'Creates something on',
  alter: 'Alters',
  drop: 'Drops',
  merge: 'Merges rows into',
  grant: 'Changes who may use',
  lock: 'Locks',
  comment: 'Comments on',
  maintenance: 'Maintains',
  execute: 'Runs a prepared statement on',
  declareCursor: 'Opens a cursor on',
  fetch: 'Reads from a cursor on',
  call: 'Calls a procedure',
  do: 'Runs a block of code',
};

function about(rows: number | null): string {
  return rows === null ? '' : `, about ${numbered(rows)}`;
}

function figure({ rows, how }: RowFigure): string {
  switch (how) {
    case 'counted':
      return numbered(rows);
    case 'atLeast':
      return `more than ${numbered(rows)}`;
    case 'estimated':
      return `about ${numbered(rows)}`;
    default:
      return assertNever(how);
  }
}

const plural = (rows: RowFigure | null) => (rows?.rows === 1 && rows.how !== 'atLeast' ? 'row' : 'rows');

function listed(relations: readonly RelationRef[]): string {
  return [...new Set(relations.map(nameOf))].slice(0, 3).join(', ');
}

function numbered(rows: number): string {
  return rows.toLocaleString('en-US');
}
