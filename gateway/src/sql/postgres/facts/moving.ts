import type { Relation } from '../catalogue/catalogue.ts';
import { byName, movesRows } from './moved.ts';
import { writtenBehind } from './reached.ts';
import { MOVING, noteWriteEffects } from './triggers.ts';
import type { Walk } from './walk.ts';

/** Notes what is set off where an UPDATE takes rows to another partition; which columns it writes is noted before. */
export function noteMoves(walk: Walk, relation: Relation): void {
  const { findings, names } = walk;
  for (const base of [relation, ...writtenBehind(names, relation)]) {
    const isWritten = byName(base, (column) => findings.written.has(column));
    if (movesRows(names.catalogue, base, isWritten)) noteWriteEffects(walk, base, MOVING);
  }
}
