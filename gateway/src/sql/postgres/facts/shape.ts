import type { StatementKind } from '../../../../contract/facts.ts';
import type { CopyFormat, SessionEffect } from '../../engine.ts';
import type { Visible } from './scope.ts';

/** What is told of a statement besides what its walk found. */
export type Shape = {
  kind: StatementKind;
  /** Result columns; null when there are none or they can't be told. */
  outputs: readonly Visible[] | null;
  copyTo: CopyFormat | null;
  hasWhere: boolean | null;
  effect: SessionEffect;
  /** False for what changes something by its very kind. */
  readOnly: boolean;
  /** Makes lasting, or has checked, what statements before it did. */
  concludes: boolean;
};

export function shape(kind: StatementKind, more: Partial<Shape> = {}): Shape {
  const usual = { outputs: null, copyTo: null, hasWhere: null, effect: 'none', readOnly: false } as const;
  return { kind, ...usual, concludes: false, ...more };
}
