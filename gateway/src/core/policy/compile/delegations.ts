import type { Principal } from '../../../../contract/principal.ts';
import { beginOf, type Delegation, endOf } from '../language/delegation.ts';
import { nearest } from '../language/nearest.ts';
import type { Problem } from '../language/problem.ts';
import type { ReadDocument } from '../language/read.ts';

/** For whom somebody stands in, and when. Times in milliseconds since 1970. */
export type CompiledDelegation = { group: string; to: ReadonlySet<string>; fromMs: number; untilMs: number };

/** The section `delegations` of all documents. One for a group that no rule asks is a mistake in its name. */
export function compileDelegations(
  documents: readonly ReadDocument[],
  problems: Problem[],
): CompiledDelegation[] {
  const asked = askedGroups(documents);
  return documents.flatMap(({ source, document }) =>
    document.delegations.map((delegation, at) => {
      if (!asked.has(delegation.group)) {
        problems.push(source.problem(['delegations', at, 'group'], unasked(delegation.group, asked)));
      }
      return compiled(delegation);
    }),
  );
}

/** The groups that somebody stands in for at a moment. */
export function standsInFor(
  delegations: readonly CompiledDelegation[],
  principal: Principal,
  at: Date,
): string[] {
  if (principal.kind !== 'person') return [];
  const now = at.getTime();
  return delegations
    .filter(({ to, fromMs, untilMs }) => to.has(principal.id) && fromMs <= now && now < untilMs)
    .map(({ group }) => group);
}

function compiled({ group, to, from, until }: Delegation): CompiledDelegation {
  const people = to.map((user) => (user.startsWith('person:') ? user : `person:${user}`));
  return { group, to: new Set(people), fromMs: beginOf(from), untilMs: endOf(until) };
}

function askedGroups(documents: readonly ReadDocument[]): ReadonlySet<string> {
  const asks = documents.flatMap(({ document }) =>
    document.rules.flatMap(({ then: follows }) => {
      if (typeof follows !== 'object') return [];
      if ('approve' in follows) return [follows.approve];
      return 'mask' in follows && follows.unmask !== undefined ? [follows.unmask] : [];
    }),
  );
  return new Set(asks.flatMap(({ by = [], each = [] }) => [...by, ...each]));
}

function unasked(group: string, asked: ReadonlySet<string>): string {
  const near = nearest(group, asked);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return `no rule asks the group "${group}" for approval${hint}`;
}
