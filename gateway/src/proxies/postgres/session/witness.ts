import { SluiceError } from '../../../../contract/error.ts';
import type { RowDescription } from '../../../wire/postgres/messages/backend/row-description.ts';
import type { World } from './governor.ts';
import type { Check } from './pending.ts';

type Field = RowDescription['fields'][number];

/**
 * The second witness (DESIGN 5.4): the server's own description of a result must agree with ours. Another number
 * of columns, a column of a relation that the statement was not known to touch, or one that was to be masked and
 * comes from its table as it is, ends the session before any row is released. Masks were decided for every
 * column of every relation that is touched, so that what is left over is masked by no rule.
 *
 * @throws SluiceError `internal.fault`
 */
export function checkDescription({ fields }: RowDescription, { statement, world, decision }: Check): void {
  const { outputs, touched } = statement;
  if (outputs !== null && outputs.length !== fields.length) {
    throw new Disagreement(
      `the server returns ${fields.length} columns where ${outputs.length} were expected`,
      world,
    );
  }
  for (const field of fields) {
    const origin = originOf(field, world);
    if (origin === null) continue;
    const isOrigin = (of: { schema: string; relation: string }) =>
      of.schema === origin.schema && of.relation === origin.relation;
    const mask = decision.masks.find(
      ({ column }) => isOrigin(column) && (origin.column === null || column.column === origin.column),
    );
    if (mask !== undefined && origin.column !== null) {
      throw new Disagreement(`column "${field.name}" would have come unmasked (rule ${mask.rule})`, world);
    }
    if (!touched.some(isOrigin)) {
      throw new Disagreement(
        `column "${field.name}" comes of a relation that was not known to be read`,
        world,
      );
    }
  }
}

/** The column that a field comes from as it is; null for what is computed and for the session's own relations. */
function originOf(
  { name, tableOid, columnAttribute }: Field,
  world: World,
): { schema: string; relation: string; column: string | null } | null {
  const { catalogue, state } = world;
  if (tableOid === 0 || state.temporary.has(tableOid)) return null;
  const relation = catalogue.relation(tableOid);
  if (relation === null)
    throw new Disagreement(`column "${name}" comes of a relation that is not known`, world);
  const from = { schema: relation.schema, relation: relation.name };
  // System columns (ctid, tableoid …) are no data of anybody's.
  if (columnAttribute <= 0) return { ...from, column: null };
  const column = relation.columns.find(({ number }) => number === columnAttribute);
  if (column === undefined)
    throw new Disagreement(`column "${name}" is younger than what is known of its table`, world);
  return { ...from, column: column.name };
}

/**
 * The description as it would be without masking views: their columns are those of the relation that they stand for,
 * and masked ones are computed. Null when it names none of them.
 */
export function withoutMaskingViews(
  { fields }: RowDescription,
  { statement, world }: Check,
): RowDescription | null {
  const { catalogue } = world;
  let seen = false;
  const behind = fields.map((field): Field => {
    const origin = catalogue.behindMaskingView(field.tableOid, field.columnAttribute);
    const view = catalogue.relation(field.tableOid);
    // Who names the view itself is shown the view itself.
    const isNamed = statement.touched.some(
      ({ schema, relation }) => schema === view?.schema && relation === view.name,
    );
    if (origin === null || isNamed) return field;
    seen = true;
    return { ...field, ...origin };
  });
  return seen ? { type: 'rowDescription', fields: behind } : null;
}

/** The witness's objection: maybe because somebody changed what is read. */
export class Disagreement extends SluiceError {
  readonly world: World;

  constructor(what: string, world: World) {
    super(
      'internal.fault',
      `The session was ended before any row was released: ${what}.`,
      'Connect again; if it happens again, tell the administrator of this gateway.',
    );
    this.world = world;
  }
}
