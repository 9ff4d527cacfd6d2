import type { MaskMethod } from '../../../../contract/decision.ts';
import type { ColumnRef, RelationRef, StatementKind } from '../../../../contract/facts.ts';

/** What the rules of a policy can mean for one relation, whoever acts. */
export type RelationReach = {
  /** For each column that some rule masks for somebody: every method that a rule names. */
  masks: ReadonlyMap<string, readonly MaskMethod[]>;
  /** What some rule lets somebody do, at once or once it is approved. */
  doing: ReadonlySet<StatementKind>;
};

/** What a policy can mean for a target: all that preparing it depends on. */
export type PolicyReach = {
  /** `schema.name` */
  reviewedFunctions: ReadonlySet<string>;
  of(relation: RelationRef, columns: readonly string[]): RelationReach;
  /** Ids of rules that name tables or columns to keep something in, and are about none of these. */
  keepingNothing(columns: readonly ColumnRef[]): readonly string[];
};
