import type { AlterTableStmt, ColumnDef, Node } from 'libpg-query';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { bodyOf } from '../parse/node.ts';
import { parse } from '../parse/parser.ts';
import { definition } from './definition.ts';
import { expression } from './expression.ts';
import { Findings } from './findings.ts';
import type { Names } from './names.ts';
import { emptyScope } from './scope.ts';
import type { Walk } from './walk.ts';

/** Whether the default of a column is another value each time: then it numbers rows in the order in which they are filled. */
export function isFilledAnew(names: Names, column: Column): boolean {
  const filling = names.catalogue.defaultExpressionOf(column);
  if (filling === null) return false;
  const parsed = parse(`SELECT ${filling}`);
  const tree = parsed.kind === 'parsed' ? parsed.statements[0]?.tree : undefined;
  const target = bodyOf(bodyOf(tree, 'SelectStmt')?.targetList?.[0], 'ResTarget');
  if (target === undefined) return true;
  const findings = new Findings();
  expression({ names: names.asServer(findings), findings }, target.val, emptyScope(null, null));
  return isAnew(findings);
}

/** Notes a table to which ALTER TABLE adds a column that is another value in each row, which it fills one by one. */
export function noteFilledAnew(
  { names, findings }: Walk,
  { cmds }: AlterTableStmt,
  relation: Relation,
): void {
  for (const entry of cmds ?? []) {
    const command = bodyOf(entry, 'AlterTableCmd');
    if (command?.subtype !== 'AT_AddColumn') continue;
    if (isAddedAnew(names, bodyOf(command.def, 'ColumnDef'))) findings.filledAnew.add(relation);
  }
}

function isAddedAnew(names: Names, column: ColumnDef | undefined): boolean {
  const constraints = (column?.constraints ?? []).map((entry) => bodyOf(entry, 'Constraint'));
  if (constraints.some((constraint) => constraint?.contype === 'CONSTR_IDENTITY')) return true;
  const own = constraints.find((constraint) => constraint?.contype === 'CONSTR_DEFAULT');
  return own === undefined ? names.isFilledAnew(column?.typeName) : isWrittenAnew(names, own.raw_expr);
}

function isWrittenAnew(names: Names, value: Node | undefined): boolean {
  const findings = new Findings();
  definition({ names: names.with(findings), findings }, value, 'altered');
  return isAnew(findings);
}

/** What isn't understood may be anything. */
function isAnew({ unknowns, functions }: Findings): boolean {
  return unknowns.size > 0 || [...functions.values()].some(({ volatility }) => volatility === 'volatile');
}
