import type { FuncCall, Node } from 'libpg-query';
import { bodyOf, namesOf } from '../parse/node.ts';

/**
 * Whether this is the mask of a text as a view keeps it that was made under masks (masks/redact.ts, masks/partial.ts):
 * `CASE WHEN email IS NULL THEN NULL ELSE … END`, where what comes else is there.
 */
export function isKeptMask(node: Node | undefined): boolean {
  const choice = bodyOf(withoutCasts(node), 'CaseExpr');
  const [when, ...more] = (choice?.args ?? []).map((arm) => bodyOf(arm, 'CaseWhen'));
  const asked = bodyOf(when?.expr, 'NullTest');
  if (choice === undefined || choice.arg !== undefined || more.length > 0) return false;
  const isAsked =
    asked?.nulltesttype === 'IS_NULL' && bodyOf(withoutCasts(asked.arg), 'ColumnRef') !== undefined;
  return isAsked && isNull(when?.result) && isThere(choice.defresult);
}

function isNull(node: Node | undefined): boolean {
  return bodyOf(withoutCasts(node), 'A_Const')?.isnull === true;
}

/** Whether it is NULL for no value. */
function isThere(node: Node | undefined): boolean {
  const inner = withoutCasts(node);
  const constant = bodyOf(inner, 'A_Const');
  if (constant !== undefined) return constant.isnull !== true;
  const call = bodyOf(inner, 'FuncCall');
  if (call !== undefined) {
    const [kept, part] = call.args ?? [];
    return isNamed(call, ['textcat']) && isThere(kept) && isPart(part);
  }
  const choice = bodyOf(inner, 'CaseExpr');
  const results = (choice?.args ?? []).map((arm) => bodyOf(arm, 'CaseWhen')?.result);
  return choice !== undefined && [...results, choice.defresult].every(isThere);
}

function isPart(node: Node | undefined): boolean {
  const call = bodyOf(withoutCasts(node), 'FuncCall');
  const from = bodyOf(withoutCasts(call?.args?.[0]), 'ColumnRef');
  return call !== undefined && from !== undefined && isNamed(call, ['right', 'split_part']);
}

/** Definitions name the server's own functions by their names alone. */
function isNamed({ funcname }: FuncCall, names: readonly string[]): boolean {
  const [name, ...more] = namesOf(funcname).toReversed();
  return names.includes(name ?? '') && more.every((schema) => schema === 'pg_catalog');
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar']);

/** What is made a text of another type's name, or a text of another length, is NULL where it was. */
function withoutCasts(node: Node | undefined): Node | undefined {
  const cast = bodyOf(node, 'TypeCast');
  const isText = TEXTS.has(namesOf(cast?.typeName?.names).at(-1) ?? '');
  return cast !== undefined && isText ? withoutCasts(cast.arg) : node;
}
