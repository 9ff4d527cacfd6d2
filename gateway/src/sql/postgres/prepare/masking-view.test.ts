import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { MaskMethod } from '../../../../contract/decision.ts';
import { Catalogue, relationFrom } from '../catalogue/catalogue.ts';
import { Snapshot } from '../catalogue/snapshot.ts';
import { commentOf, maskingViewOf, maskingViewQuery } from './masking-view.ts';

const NULL: MaskMethod = { method: 'null' };
const VARIANTS = new Map([['wage', [NULL]]]);

const column = (number: number, name: string, type = 'text') => [
  number,
  name,
  type,
  type,
  'b',
  '',
  null,
  false,
  25,
  null,
  null,
];
const staff = (columns: unknown[], kind = 'r') => ({
  oid: 20000,
  schema: 'public',
  name: 'staff',
  kind,
  type: 0,
  columns,
  definition: null,
});
const NAMES = Object.keys(Snapshot.shape);
const snapshot = (parts: object) =>
  Snapshot.parse({ ...Object.fromEntries(NAMES.map((name) => [name, []])), ...parts });

const EMPTY = new Catalogue(snapshot({}));

function relation(columns: unknown[], kind = 'r') {
  const [row] = snapshot({ relations: [staff(columns, kind)] }).relations;
  assert.ok(row !== undefined);
  return relationFrom(row);
}

test('a masking view has no column that holds a masked value', () => {
  const query = maskingViewQuery(EMPTY, relation([column(1, 'id'), column(2, 'wage')]), VARIANTS, false);
  assert.equal(
    query,
    `SELECT "id" AS "id",
  NULL::pg_catalog."text" AS "wage~null",
  "ctid" AS "~ctid",
  "xmin" AS "~xmin",
  "tableoid" AS "~tableoid",
  NULL::pg_catalog.bool AS "~lock"
FROM "public"."staff"`,
  );
});

test('a view over a view has no system columns, and ONLY is kept', () => {
  const query = maskingViewQuery(EMPTY, relation([column(1, 'wage')], 'v'), VARIANTS, true);
  assert.equal(
    query,
    `SELECT NULL::pg_catalog."text" AS "wage~null",
  NULL::pg_catalog.bool AS "~lock"
FROM ONLY "public"."staff"`,
  );
});

test('a view fits as long as it is what was made, over what it was made from', () => {
  const columns = [column(1, 'id'), column(2, 'wage')];
  const made = commentOf(EMPTY, relation(columns), VARIANTS, false);
  const shown = createHash('sha256').update('as the server prints it').digest('hex');
  const found = (given: { columns?: unknown[]; definition?: string; comment?: string | null }) => {
    const view = {
      oid: 20001,
      schema: 'sluice',
      name: 'public.staff',
      kind: 'v',
      type: 0,
      columns: [],
      definition: given.definition ?? 'as the server prints it',
    };
    const comment = given.comment === undefined ? JSON.stringify({ ...made, shown }) : given.comment;
    const table = staff(given.columns ?? columns);
    const catalogue = new Catalogue(
      snapshot({ relations: [table, view], maskingViews: [{ view: 20001, comment }] }),
    );
    const known = catalogue.relation('public', 'staff');
    assert.ok(known !== undefined);
    return maskingViewOf(catalogue, known, false);
  };
  const fitting = found({});
  assert.ok(typeof fitting === 'object');
  assert.deepEqual(fitting.variants, VARIANTS);
  assert.equal(found({ columns: [...columns, column(3, 'bonus')] }), 'stale');
  assert.equal(found({ columns: [column(1, 'id'), column(2, 'wage', 'int4')] }), 'stale');
  assert.equal(found({ definition: 'of a renamed column' }), 'stale');
  assert.equal(found({ comment: null }), 'stale');
  assert.equal(found({ comment: '{"sluice": 1}' }), 'stale');
  const without = new Catalogue(snapshot({ relations: [staff(columns)] }));
  const known = without.relation('public', 'staff');
  assert.ok(known !== undefined);
  assert.equal(maskingViewOf(without, known, false), 'missing');
});
