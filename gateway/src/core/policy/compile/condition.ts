import { CelScalar, celEnv, celMethod, isCelError, parse, plan } from '@bufbuild/cel';
import type { Question } from '../policy.ts';
import { checkNames } from './condition-names.ts';
import { conditionValues } from './condition-values.ts';
import { isWithin } from './network.ts';

/** What became of a condition: it holds, it does not, or it could not be told. */
export type Truth = { kind: 'holds' } | { kind: 'fails' } | { kind: 'errored'; why: string };

export type Condition = {
  evaluate: (question: Question) => Truth;
  /** Whether it reads the clock; what it decides is then not cached. */
  readsClock: boolean;
};

const environment = celEnv({
  funcs: [celMethod('within', CelScalar.STRING, [CelScalar.STRING], CelScalar.BOOL, withinMethod)],
});

const MAX_CHARACTERS = 4000;

/** Compiles one CEL condition, or says in a sentence why it can't be. */
export function compileCondition(text: string): { condition: Condition } | { problem: string } {
  if (text.length > MAX_CHARACTERS) {
    return { problem: `the condition has ${text.length} characters; ${MAX_CHARACTERS} are the most` };
  }
  try {
    const parsed = parse(text);
    const names = checkNames(parsed.expr, environment);
    if ('problem' in names) return names;
    const evaluate = plan(environment, parsed);
    return {
      condition: {
        readsClock: names.used.has('now'),
        evaluate: (question) => truthOf(evaluate(conditionValues(question, names.used))),
      },
    };
  } catch (error) {
    return {
      problem: `the condition is not valid CEL: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function truthOf(result: ReturnType<ReturnType<typeof plan>>): Truth {
  if (result === true) return { kind: 'holds' };
  if (result === false) return { kind: 'fails' };
  if (isCelError(result)) return { kind: 'errored', why: result.message };
  return { kind: 'errored', why: 'it gave neither true nor false' };
}

function withinMethod(this: string, range: string): boolean {
  return isWithin(this, range);
}
