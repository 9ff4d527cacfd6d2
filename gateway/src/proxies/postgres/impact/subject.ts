import type { Decision } from '../../../../contract/decision.ts';
import type { LockRef } from '../../../../contract/impact.ts';
import type { Principal } from '../../../../contract/principal.ts';
import type { Session } from '../../../core/flow/session.ts';
import type { AnalysedStatement, Outline } from '../../../sql/engine.ts';
import type { Governor, World } from '../session/governor.ts';

/** A statement that waits, or is asked for beforehand, and all that it would run in. */
export type Subject = {
  governor: Governor;
  session: Session;
  principal: Principal;
  statement: AnalysedStatement;
  world: World;
  /** In their text form. */
  parameters: ReadonlyArray<string | null>;
  /** OIDs that were declared for them. */
  types: readonly number[];
  /** Locks that its open transaction holds. */
  holds: LockRef[];
  /** Its transaction is open, and what it has changed is seen by nobody else. */
  inTransaction: boolean;
  /** That transaction has changed the catalogue. */
  ownCatalogue: boolean;
};

/** The same with what was decided and what its tree tells. */
export type Examined = Subject & { decision: Decision; enforcedText: string; outline: Outline };
