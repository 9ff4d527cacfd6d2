import type { Column } from '../catalogue/catalogue.ts';
import type { Findings } from '../facts/findings.ts';
import type { Examined } from '../facts/statement.ts';
import { type EffectiveMasks, spoken } from '../masks/effective.ts';
import { MASKING_SCHEMA } from '../prepare/names.ts';
import { rawRefusal } from './masking-relation.ts';
import type { Refusal } from './refusals.ts';
import { isReturned } from './returning.ts';

/**
 * Why a statement can't run under the role of a prepared target, though no mask stands against it; null when it can.
 * The server would refuse it too, in fewer words.
 */
export function preparedRefusal({ findings, names }: Examined, masks: EffectiveMasks): Refusal | null {
  const { catalogue } = names;
  const isClosed = (column: Column) => catalogue.closedColumns(column.relation).includes(column);
  for (const { relation, role } of findings.references.values()) {
    if (relation.schema === MASKING_SCHEMA) {
      return {
        why: `Refused, because ${relation.schema}.${relation.name} is the gateway's own.`,
        next: 'Name the table itself; its masked columns come masked.',
      };
    }
    if (role !== 'read' && role !== 'copied') continue;
    if (masks.maskedColumns(relation).length > 0) continue;
    const closed = catalogue.closedColumns(relation);
    const isWhole = role === 'copied' || findings.starred.has(relation);
    const used = isWhole ? closed[0] : closed.find((column) => findings.seen.has(column));
    if (used !== undefined) return rawRefusal(spoken(used));
  }
  // What is masked of them was refused before, or comes masked without being looked at.
  const isRaw = (column: Column) => isClosed(column) && masks.maskOf(column) === null;
  for (const { relation, column } of findings.targetReads) {
    const used = (column === null ? relation.columns : [column]).find(isRaw);
    if (used !== undefined) return rawRefusal(spoken(used));
  }
  return lookedUpInTarget(findings, isClosed);
}

/** What `lookup: exact` lets a statement ask of the relation that it writes, where no view can stand in for it. */
function lookedUpInTarget(findings: Findings, isClosed: (column: Column) => boolean): Refusal | null {
  for (const target of findings.targetReads) {
    const { relation, column, clause } = target;
    if (isReturned(findings, target)) continue;
    const used = (column === null ? relation.columns : [column]).find(isClosed);
    if (used === undefined) continue;
    const isConflict = clause === 'ON CONFLICT';
    const instead = isConflict
      ? 'Write ON CONFLICT DO NOTHING without columns'
      : 'Pick the rows by another column';
    return lookRefusal(clause === '' ? 'the statement' : clause, used, instead);
  }
  const taken = [...findings.takenOver].find(isClosed);
  return taken === undefined
    ? null
    : lookRefusal(
        'ON CONFLICT',
        taken,
        `Give ${taken.name} its value once more in place of taking it from EXCLUDED`,
      );
}

function lookRefusal(who: string, column: Column, instead: string): Refusal {
  return {
    why: `Refused, because ${who} looks at ${spoken(column)}, which the role of this prepared target can't look at.`,
    next: `${instead}, or ask the target's administrator to enforce its masks inlined.`,
  };
}
