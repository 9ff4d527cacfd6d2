import type { CelEnv, parse } from '@bufbuild/cel';
import { nearest } from '../language/nearest.ts';

type Expression = ReturnType<typeof parse>['expr'];

/** What a condition may read. `null`: the names below it are the identity provider's or the target's own. */
export const CONDITION_NAMES: Readonly<Record<string, readonly string[] | null>> = {
  principal: ['id', 'name', 'email', 'kind'],
  groups: [],
  claims: null,
  now: [],
  network: [],
  target: ['name', 'kind', 'labels'],
  statement: [
    ...['kind', 'readOnly', 'hasWhere', 'reads', 'writes', 'disclosed', 'conditions', 'functions'],
    ...['account', 'programs', 'paths', 'destinations'],
  ],
};

/** Operators that the parser writes itself, besides those that the environment lists. */
const OPERATORS: ReadonlySet<string> = new Set([
  '_&&_',
  '_||_',
  '_?_:_',
  '_[_]',
  '@not_strictly_false',
  '!_',
  '-_',
]);

/** Each level takes as many times as long as its list has elements, and all others wait. */
const MAX_DEPTH = 2;

/**
 * CEL finds a misspelt name only when it evaluates, and the rule would then block everybody. This finds it
 * when the policy is loaded.
 */
export function checkNames(
  expression: Expression,
  environment: CelEnv,
): { used: Set<string> } | { problem: string } {
  const used = new Set<string>();
  const problems: string[] = [];
  let depth = 0;
  const functionNames = new Set([...environment.funcs].map((func) => func.name));
  const visit = (node: Expression | undefined, bound: ReadonlySet<string>): void => {
    const kind = node?.exprKind;
    switch (kind?.case) {
      case 'identExpr':
        if (bound.has(kind.value.name)) return;
        if (Object.hasOwn(CONDITION_NAMES, kind.value.name)) used.add(kind.value.name);
        else problems.push(unknown('name', kind.value.name, Object.keys(CONDITION_NAMES)));
        return;
      case 'selectExpr':
        visit(kind.value.operand, bound);
        checkField(kind.value.operand, kind.value.field, bound, problems);
        return;
      case 'callExpr':
        if (!functionNames.has(kind.value.function) && !OPERATORS.has(kind.value.function)) {
          problems.push(unknown('function', kind.value.function, functionNames));
        }
        visit(kind.value.target, bound);
        for (const argument of kind.value.args) visit(argument, bound);
        return;
      case 'listExpr':
        for (const element of kind.value.elements) visit(element, bound);
        return;
      case 'structExpr':
        for (const entry of kind.value.entries) {
          if (entry.keyKind.case === 'mapKey') visit(entry.keyKind.value, bound);
          visit(entry.value, bound);
        }
        return;
      case 'comprehensionExpr': {
        const { iterVar, accuVar, iterRange, accuInit, loopCondition, loopStep, result } = kind.value;
        const inner = new Set([...bound, iterVar, accuVar]);
        visit(iterRange, bound);
        visit(accuInit, bound);
        depth += 1;
        if (depth > MAX_DEPTH) problems.push('the condition goes through lists within lists within lists');
        else for (const part of [loopCondition, loopStep, result]) visit(part, inner);
        depth -= 1;
        return;
      }
      default:
    }
  };
  visit(expression, new Set());
  const [problem] = problems;
  return problem === undefined ? { used } : { problem };
}

function checkField(
  operand: Expression | undefined,
  field: string,
  bound: ReadonlySet<string>,
  problems: string[],
): void {
  const kind = operand?.exprKind;
  if (kind?.case !== 'identExpr' || bound.has(kind.value.name)) return;
  const fields = CONDITION_NAMES[kind.value.name];
  if (fields === undefined || fields === null || fields.includes(field)) return;
  problems.push(
    unknown(
      'name',
      `${kind.value.name}.${field}`,
      fields.map((known) => `${kind.value.name}.${known}`),
    ),
  );
}

function unknown(what: string, name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return `the condition uses the ${what} "${name}", which does not exist${hint}`;
}
