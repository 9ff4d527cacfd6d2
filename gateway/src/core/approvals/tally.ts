import type { Vote } from '../../../contract/approval-request.ts';
import type { Ask } from '../../../contract/ask.ts';

/** Whether every ask is met by these votes. One person counts once for an ask, however often they voted. */
export function isMet(asks: readonly Ask[], votes: readonly Vote[]): boolean {
  return asks.length > 0 && asks.every((ask) => meets(ask, votes));
}

function meets({ groups, of, quorum }: Ask, votes: readonly Vote[]): boolean {
  const people = new Map<string, string[]>();
  for (const { by, verdict, groups: theirs } of votes) {
    if (verdict !== 'approve') continue;
    const counted = theirs.filter((group) => groups.includes(group));
    if (counted.length > 0) people.set(by.id, [...(people.get(by.id) ?? []), ...counted]);
  }
  if (people.size < quorum) return false;
  return of === 'any' ? people.size > 0 : hasOneOfEach(groups, [...people.values()]);
}

/** Whether each group can be stood for by a person of its own. */
function hasOneOfEach(
  [group, ...rest]: readonly string[],
  people: ReadonlyArray<readonly string[]>,
): boolean {
  if (group === undefined) return true;
  return people.some(
    (theirs, at) =>
      theirs.includes(group) && hasOneOfEach(rest, [...people.slice(0, at), ...people.slice(at + 1)]),
  );
}
