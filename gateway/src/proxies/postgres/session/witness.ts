import { SluiceError } from '../../../../contract/error.ts';
import type { RowDescription } from '../../../wire/postgres/messages/backend/row-description.ts';
import type { LoadedCatalogue } from '../catalogue/keeper.ts';
import type { Check } from './pending.ts';

/**
 * The second witness (DESIGN 5.4): the server's own description of a result must agree with ours. A column that
 * was to be masked and comes from its table as it is, or another number of columns, ends the session before
 * any row is released.
 *
 * @throws SluiceError `internal.fault`
 */
export function checkDescription(
  description: RowDescription,
  check: Check,
  catalogue: LoadedCatalogue,
): void {
  if (check.outputs !== null && check.outputs.length !== description.fields.length) {
    throw disagreement(
      `the server returns ${description.fields.length} columns where ${check.outputs.length} were expected`,
    );
  }
  if (check.decision.masks.length === 0) return;
  for (const field of description.fields) {
    if (field.tableOid === 0) continue;
    const source = catalogue.column(field.tableOid, field.columnAttribute);
    if (source === null) continue;
    const mask = check.decision.masks.find(
      ({ column }) =>
        column.schema === source.schema &&
        column.relation === source.relation &&
        column.column === source.column,
    );
    if (mask !== undefined) {
      throw disagreement(`column "${field.name}" would have come unmasked (rule ${mask.rule})`);
    }
  }
}

function disagreement(what: string): SluiceError {
  return new SluiceError(
    'internal.fault',
    `The session was ended before any row was released: ${what}.`,
    'Connect again; if it happens again, tell the administrator of this gateway.',
  );
}
