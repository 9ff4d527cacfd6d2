import type { TouchedTarget } from '../../../../contract/policy-draft.ts';
import type { Principal } from '../../../../contract/principal.ts';
import type { Target } from '../../../../contract/target.ts';
import { type CompiledOn, compileOn, isSystemSchema } from '../compile/on.ts';
import { compileTagPattern, type TagPattern, tagsOn } from '../compile/tags.ts';
import { compileWho } from '../compile/who.ts';
import type { Part } from './part.ts';

/** A relation of a target's catalogue; null where it has none, or it can't be read. */
export type NamedRelation = { schema: string; relation: string; columns: readonly string[] };

const MAX_EXAMPLES = 8;
/** After so long others have their turn. */
const TURN_MS = 10;

/**
 * Which of these targets a part is about, and what on each; null where it is about people alone. `signal`: nobody wants to
 * know any more, or it has taken too long.
 */
export async function touchedTargets(
  part: Part,
  targets: readonly Target[],
  relationsOf: (target: Target) => Promise<readonly NamedRelation[] | null>,
  signal: AbortSignal,
): Promise<TouchedTarget[] | null> {
  const on = compiledOn(part);
  if (on === null) return null;
  const patterns = part.tags.flatMap(([pattern, tags]) => compileTagPattern(pattern, tags) ?? []);
  const touched: TouchedTarget[] = [];
  for (const target of targets.filter((one) => on.target(one))) {
    const relations = target.kind === 'ssh' ? null : await relationsOf(target).catch(() => null);
    const found = relations === null ? UNKNOWN : await within(on, patterns, target, relations, signal);
    touched.push({ target: target.name, kind: target.kind, ...found });
  }
  return touched;
}

/** Whom of these a part is about; null where it is about targets alone. */
export function touchedPeople({ who }: Part, people: readonly Principal[]): readonly Principal[] | null {
  return who === null ? null : people.filter(compileWho(who.who, who.except));
}

const UNKNOWN = { relations: null, columns: null, examples: [] };

function compiledOn({ on, tagPattern }: Part): CompiledOn | null {
  if (tagPattern === null) return on === null ? null : compileOn(on);
  const pattern = compileTagPattern(tagPattern, []);
  if (pattern === null) return null;
  return {
    ...compileOn('everything'),
    target: ({ name, kind }) => kind !== 'ssh' && pattern.target(name),
    column: (ref) =>
      pattern.schema(ref.schema) && pattern.relation(ref.relation) && pattern.column(ref.column),
  };
}

async function within(
  on: CompiledOn,
  patterns: readonly TagPattern[],
  target: Target,
  relations: readonly NamedRelation[],
  signal: AbortSignal,
): Promise<Omit<TouchedTarget, 'target' | 'kind'>> {
  const tags = tagsOn(patterns, target.name);
  const found = { relations: 0, columns: 0, examples: [] as string[] };
  let turnMs = performance.now();
  for (const { schema, relation, columns } of relations) {
    const isMeant = on.relation?.({ schema, relation }) ?? !isSystemSchema(schema);
    if (!isMeant) continue;
    const meant = columns.filter((column) => {
      const ref = { schema, relation, column };
      return on.column === null || on.column(ref, tags(ref));
    });
    if (performance.now() - turnMs > TURN_MS) {
      await new Promise(setImmediate);
      signal.throwIfAborted();
      turnMs = performance.now();
    }
    if (on.column !== null && meant.length === 0) continue;
    found.relations += 1;
    found.columns += meant.length;
    const names =
      on.column === null
        ? [`${schema}.${relation}`]
        : meant.map((column) => `${schema}.${relation}.${column}`);
    found.examples.push(...names.slice(0, MAX_EXAMPLES - found.examples.length));
  }
  return { ...found, columns: on.column === null ? null : found.columns };
}
