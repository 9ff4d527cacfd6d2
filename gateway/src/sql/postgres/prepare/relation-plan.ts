import type { StatementKind } from '../../../../contract/facts.ts';
import type { Catalogue, Relation } from '../catalogue/catalogue.ts';
import { Findings } from '../facts/findings.ts';
import type { Names } from '../facts/names.ts';
import { noteWriteEffects, type WriteEvent } from '../facts/triggers.ts';
import { viewFlow } from '../facts/view.ts';
import type { MaskVariants } from './masking-view.ts';
import type { PolicyReach } from './policy-reach.ts';
import type { PossibleMasks } from './possible-masks.ts';
import type { DatabaseState } from './state.ts';

export type Privilege = 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE';

/** What the least role may do with one relation, and how its masked columns are read. */
export type RelationPlan = {
  relation: Relation;
  /** Columns that come masked for somebody; empty when the relation is read as it is. */
  variants: MaskVariants;
  /** `view`: through masking views; `table`: as it is; `columns`: columns that nobody has masked alone. */
  reading: 'view' | 'table' | 'columns' | 'none';
  /** Why it isn't read as the policy would allow; null when it is. */
  withheld: string | null;
  writing: readonly Privilege[];
  /** Rows may be locked through the masking view. */
  locking: boolean;
  /** What the views' owner must read besides, because this view reads with its reader's rights. */
  behind: readonly Relation[];
};

const WRITES: Readonly<Record<Privilege, readonly StatementKind[]>> = {
  INSERT: ['insert', 'copyFrom', 'merge'],
  UPDATE: ['update', 'merge', 'lock'],
  DELETE: ['delete', 'merge'],
  TRUNCATE: ['truncate'],
};
const EVENTS: Readonly<Record<Privilege, WriteEvent>> = {
  INSERT: 'insert',
  UPDATE: 'update',
  DELETE: 'delete',
  TRUNCATE: 'truncate',
};
const PRIVILEGES = ['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'] as const;

export type Planning = {
  catalogue: Catalogue;
  names: Names;
  possible: PossibleMasks;
  reach: PolicyReach;
  state: DatabaseState;
};

export function planRelation(relation: Relation, planning: Planning): RelationPlan {
  const { possible, reach, state, catalogue } = planning;
  const columns = relation.columns.map(({ name }) => name);
  const { doing } = reach.of({ schema: relation.schema, relation: relation.name }, columns);
  const isDone = (kinds: readonly StatementKind[]) => kinds.some((kind) => doing.has(kind));
  const variants = possible.variantsOf(relation);
  const writing = PRIVILEGES.filter(
    (privilege) =>
      relation.kind !== 'm' && isDone(WRITES[privilege]) && isReviewed(relation, privilege, planning),
  );
  const behind = state.relations.get(relation.oid)?.securityInvoker ? readBehind(relation, planning) : [];
  const plan = {
    relation,
    variants,
    writing,
    locking: relation.kind !== 'm' && writing.some((privilege) => privilege !== 'INSERT'),
    behind,
  };
  const refusal = possible.refusalOf(relation);
  // How many rows a write finds would tell it as well.
  if (refusal !== null) return { ...plan, reading: 'none', withheld: refusal, writing: [], locking: false };
  if (!isDone(['select', 'copyTo'])) return { ...plan, reading: 'none', withheld: null };
  if (variants.size === 0) return { ...plan, reading: 'table', withheld: null };
  const withheld = unviewable(relation, [relation, ...behind], state, catalogue);
  return { ...plan, reading: withheld === null ? 'view' : 'columns', withheld };
}

/** Whether a write sets off only what somebody has read: triggers run as whoever owns their function, or the table. */
function isReviewed(relation: Relation, privilege: Privilege, { names }: Planning): boolean {
  const findings = new Findings();
  noteWriteEffects({ names: names.with(findings), findings }, relation, [EVENTS[privilege]]);
  return findings.unknowns.size === 0;
}

/** Why no masking view can stand for a relation. */
function unviewable(
  relation: Relation,
  read: readonly Relation[],
  state: DatabaseState,
  catalogue: Catalogue,
): string | null {
  if (relation.kind === 'f') {
    return 'it is a foreign table, which its server lets in by the user mapping of whoever reads';
  }
  const family = read.flatMap((one) => [one.oid, ...catalogue.descendants(one.oid)]);
  if (family.some((oid) => state.relations.get(oid)?.rowSecurity === true)) {
    return "it has row-level security, which a view's owner would be subject to in place of the reader";
  }
  return null;
}

/** All that a view reads, through views as well. */
function readBehind(view: Relation, { names }: Planning): Relation[] {
  const seen = new Set<Relation>();
  const waiting = [view];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.definition === null) continue;
    for (const inner of viewFlow(names, next).relations) {
      if (inner.schema === 'pg_catalog' || seen.has(inner)) continue;
      seen.add(inner);
      waiting.push(inner);
    }
  }
  return [...seen];
}
