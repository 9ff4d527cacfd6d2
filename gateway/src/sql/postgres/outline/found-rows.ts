import type { Node } from 'libpg-query';
import type { FoundRows } from '../../engine.ts';
import { quoted } from '../masks/type-name.ts';
import { blanksBefore, withoutBlanksAfter } from '../parse/blanks.ts';
import { bodyOf } from '../parse/node.ts';
import { type ParsedStatement, parse, type Token, tokensOf } from '../parse/parser.ts';

/** One more than anybody wants counted. */
const MAX_COUNTED = 100_000;
const MAX_SAMPLE = 5;

/**
 * Queries for the rows that an UPDATE or DELETE finds, in its own words and to be decided on like any other. Null where
 * they can't be told from its text: with a WITH, at a cursor's row.
 */
export function foundRows(statement: ParsedStatement): FoundRows | null {
  const { text, tree } = statement;
  const body = bodyOf(tree, 'UpdateStmt') ?? bodyOf(tree, 'DeleteStmt');
  const relation = body?.relation;
  if (body === undefined || relation === undefined || body.withClause !== undefined) return null;
  const tokens = tokensOf(text);
  const isUpdate = bodyOf(tree, 'UpdateStmt') !== undefined;
  const clauses = clausesOf(tokens, isUpdate);
  const cut = (clause: Clause | undefined) => {
    const part = clause === undefined ? '' : text.slice(clause.start, clause.end);
    return withoutBlanksAfter(part.slice(blanksBefore(part)));
  };
  const condition = cut(clauses.get('where'));
  const others = cut(clauses.get(isUpdate ? 'from' : 'using'));
  const where = condition === '' ? '' : ` WHERE ${condition}`;
  const found = others === '' ? where : ` WHERE EXISTS (SELECT 1 FROM ${others}${where})`;
  const from = `${cut(clauses.get('target'))}${found}`;
  if (!isSameCondition(`SELECT FROM ${others === '' ? 't' : others}${where}`, body.whereClause)) return null;
  const { parameters, renumbered } = withOwnParameters(from);
  const name = quoted(relation.alias?.aliasname ?? relation.relname ?? '');
  return {
    count: `SELECT count(*) AS rows FROM (SELECT 1 FROM ${renumbered} LIMIT ${MAX_COUNTED + 1}) AS found`,
    maxCounted: MAX_COUNTED,
    sample: `SELECT ${name}.* FROM ${renumbered} LIMIT ${MAX_SAMPLE}`,
    parameters,
  };
}

type Clause = { start: number; end: number };

/** Where clauses begin outside of all brackets: FROM also stands in IS DISTINCT FROM. */
function clausesOf(tokens: readonly Token[], isUpdate: boolean): Map<string, Clause> {
  const words = new Set(isUpdate ? ['set', 'from', 'where', 'returning'] : ['using', 'where', 'returning']);
  const clauses = new Map<string, Clause>();
  let open: Clause | null = null;
  let depth = 0;
  // After UPDATE, or DELETE FROM.
  const first = isUpdate ? 0 : 1;
  for (const [index, token] of tokens.entries()) {
    const word = token.text.toLowerCase();
    if (word === '(' || word === '[') depth += 1;
    if (word === ')' || word === ']') depth -= 1;
    const isDistinct = word === 'from' && tokens[index - 1]?.text.toLowerCase() === 'distinct';
    const begins = index === first || (index > first && depth === 0 && words.has(word) && !isDistinct);
    if (begins && !clauses.has(word)) {
      open = { start: token.end, end: token.end };
      clauses.set(index === first ? 'target' : word, open);
    } else if (open !== null) {
      open.end = token.end;
    }
  }
  return clauses;
}

/** What was cut out of the text means what the statement meant. */
function isSameCondition(select: string, condition: Node | undefined): boolean {
  const parsed = parse(select);
  const tree = parsed.kind === 'parsed' ? parsed.statements[0]?.tree : undefined;
  const cut = bodyOf(tree, 'SelectStmt')?.whereClause;
  if (bodyOf(condition, 'CurrentOfExpr') !== undefined) return false;
  return withoutPlaces(cut) === withoutPlaces(condition);
}

function withoutPlaces(node: Node | undefined): string {
  return JSON.stringify(node ?? null, (key, value: unknown) =>
    key === 'location' || key.startsWith('rexpr_list_') ? undefined : value,
  );
}

/** Its parameters, counted from one: a query has no use for those that stand elsewhere in the statement. */
function withOwnParameters(text: string): { renumbered: string; parameters: number[] } {
  const parameters: number[] = [];
  let renumbered = '';
  let at = 0;
  for (const token of tokensOf(text)) {
    const number = /^\$(\d+)$/.exec(token.text)?.[1];
    if (number === undefined) continue;
    if (!parameters.includes(Number(number))) parameters.push(Number(number));
    renumbered += `${text.slice(at, token.start)}$${parameters.indexOf(Number(number)) + 1}`;
    at = token.end;
  }
  return { renumbered: renumbered + text.slice(at), parameters };
}
