import { nearest } from '../language/nearest.ts';
import type { Problem } from '../language/problem.ts';
import { type ReadAs, readAs } from '../language/read.ts';
import type { Source } from '../language/source.ts';
import { PolicyTests } from './schema.ts';

export type ReadTests = { source: Source; document: PolicyTests };

/** A file of expectations, or everything that is wrong with it. */
export function readTests(file: string, text: string): ReadAs<PolicyTests> {
  const result = readAs(PolicyTests, file, text);
  if (result.kind === 'invalid') return result;
  const problems = misnamed(result.read);
  return problems.length === 0 ? result : { kind: 'invalid', problems };
}

/** Expectations about people and targets that the file doesn't describe. */
function misnamed({ source, document: { targets, people, tests } }: ReadTests): Problem[] {
  return tests.flatMap(({ who, on, run, does, sql }, at) => {
    const names = typeof who === 'string' ? [who] : Array.isArray(who) ? who : [];
    const unknown = names
      .filter((name) => !Object.hasOwn(people, name))
      .map((name) => source.problem(['tests', at, 'who'], missing('people', name, people)));
    const target = Object.hasOwn(targets, on) ? targets[on] : undefined;
    if (target === undefined) {
      return [...unknown, source.problem(['tests', at, 'on'], missing('targets', on, targets))];
    }
    const wants = run !== undefined || does !== undefined ? 'ssh' : sql !== undefined ? 'postgres' : null;
    const { kind = 'postgres' } = target;
    if (wants === null || wants === kind) return unknown;
    const what = `${on} is ${kind === 'ssh' ? 'a host' : 'a database'}; ${kind === 'ssh' ? 'write run or does' : 'write sql'}`;
    return [...unknown, source.problem(['tests', at, 'on'], what)];
  });
}

function missing(section: string, name: string, known: Record<string, unknown>): string {
  const near = nearest(name, Object.keys(known));
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return `"${name}" does not stand in "${section}"${hint}`;
}
