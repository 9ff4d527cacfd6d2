import type {
  RelationRef,
  SqlFacts,
  StatementKind,
  ThroughColumns,
  ThroughRef,
} from '../../../../contract/facts.ts';
import { WaysTo } from './ways-to.ts';

/** One thing a statement does: a kind of access to one relation, or to none in particular. */
export type Effect = { kind: StatementKind; relation: RelationRef | null; everyRow: boolean };

/** What a statement does where it leads without naming it, and what it names for that. */
export type ThroughEffect = Effect & {
  relation: RelationRef;
  named: RelationRef;
  /** The columns that it uses there; null for all. */
  columns: readonly ThroughColumns[] | null;
};

/**
 * Kinds that change nothing by themselves: what they carry (the statement of a PREPARE or a cursor) has
 * effects of its own. Whoever may use the target may do these, unless a rule blocks them. Which settings may
 * be set is the SQL room's list.
 */
const SESSION_KINDS: ReadonlySet<StatementKind> = new Set([
  'transaction',
  'set',
  'show',
  'explain',
  'prepare',
  'execute',
  'deallocate',
  'declareCursor',
  'fetch',
  'closeCursor',
  'empty',
]);

export function isSessionKind(kind: StatementKind): boolean {
  return SESSION_KINDS.has(kind);
}

/**
 * Everything a statement does, each of which must be allowed: every relation read is a `select`, every
 * relation written is what writes it, and the statement's own kind stands for the rest (`copyTo`, `lock`).
 */
export function effectsOf(facts: SqlFacts): Effect[] {
  const effects: Effect[] = [
    ...facts.reads.map((relation): Effect => ({ kind: 'select', relation, everyRow: false })),
    ...facts.writes.map((write): Effect => ({ kind: write.by, relation: write, everyRow: write.everyRow })),
  ];
  if (effects.some((effect) => effect.kind === facts.kind)) return effects;
  const everyRow = facts.hasWhere === false;
  if (effects.length === 0) return [{ kind: facts.kind, relation: null, everyRow }];
  const own = effects.map((effect): Effect => ({ kind: facts.kind, relation: effect.relation, everyRow }));
  return [...effects, ...own];
}

/**
 * What it does behind what it names. Rules that block or ask are about that as well; what opens the named relation
 * opens the way through it. What is read there is read for what the statement is: COPY … TO carries it away.
 */
export function throughEffectsOf(facts: SqlFacts, through: readonly ThroughRef[]): ThroughEffect[] {
  const { kind } = facts;
  const waysTo = new WaysTo(facts, through);
  const effects = through.map(
    ({ by, everyRow, named, columns, ...relation }): ThroughEffect => ({
      kind: by,
      relation,
      everyRow,
      named,
      columns: waysTo.all(columns),
    }),
  );
  if (kind !== 'copyTo' && !isSessionKind(kind)) return effects;
  const read = effects.filter((effect) => effect.kind === 'select');
  return [...effects, ...read.map((effect): ThroughEffect => ({ ...effect, kind }))];
}
