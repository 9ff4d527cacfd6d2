import { PrincipalId, type TargetName } from '../../contract/ids.ts';
import type { Principal } from '../../contract/principal.ts';
import type { Target } from '../../contract/target.ts';
import type { ReadTests } from '../core/policy/expectations/read.ts';
import {
  type Expectation,
  MAX_USER,
  type TestPerson,
  type TestTarget,
} from '../core/policy/expectations/schema.ts';
import type { Problem } from '../core/policy/language/problem.ts';

/** One expectation about one person. */
export type Case = {
  expectation: Expectation;
  /** As the file names them: "developer". */
  who: string;
  principal: Principal;
  target: Target;
  described: TestTarget;
  /** Where it stands, with a sentence to be filled in. */
  at(what: string): Problem;
};

/** The expectations of a file, one for each person that they name. */
export function casesOf({ source, document }: ReadTests): Case[] {
  const targets = new Map<string, Target>();
  return document.tests.flatMap((expectation, index) => {
    const { on } = expectation;
    const described = document.targets[on] ?? {};
    const target = targets.get(on) ?? targetOf(on, described);
    // The policy knows a target by identity.
    targets.set(on, target);
    const at = (what: string) => source.problem(['tests', index], what);
    return people(expectation.who, document.people).map(([who, person]) => ({
      expectation,
      who,
      principal: principalOf(who, person),
      target,
      described,
      at,
    }));
  });
}

function people(
  who: Expectation['who'],
  known: Readonly<Record<string, TestPerson>>,
): Array<[name: string, person: TestPerson]> {
  if (typeof who === 'object' && !Array.isArray(who)) {
    return [[who.user ?? (who.groups ?? []).join(' and ') ?? 'somebody', who]];
  }
  return [who].flat().map((name) => [name, known[name] ?? {}]);
}

function targetOf(name: TargetName, { kind = 'postgres', labels = {}, accounts }: TestTarget): Target {
  return { name, kind, labels, ...(accounts === undefined ? {} : { accounts }) };
}

function principalOf(name: string, { user = name, kind, groups = [], claims = {} }: TestPerson): Principal {
  // Of somebody without a name it is all the groups, however many.
  const short = user.slice(0, MAX_USER);
  const id = short.includes(':') ? short : `${kind === 'service' ? 'service' : 'person'}:${short}`;
  const address = id.slice(id.indexOf(':') + 1);
  return {
    id: PrincipalId.parse(id),
    kind: kind ?? (id.startsWith('service:') ? 'service' : 'person'),
    name,
    ...(address.includes('@') ? { email: address } : {}),
    groups,
    claims,
    epoch: 1,
  };
}
