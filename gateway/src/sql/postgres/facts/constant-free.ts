import type { Node } from 'libpg-query';
import type { SqlFacts, StatementKind } from '../../../../contract/facts.ts';
import { hasFields } from '../parse/node.ts';

/** Kinds whose constants are values alone; elsewhere they name things, or are programs. */
const SHAPED: ReadonlySet<StatementKind> = new Set(['select', 'insert', 'update', 'delete', 'merge']);

/** Longer ones are hardly sent again with other constants. */
const MAX_CHARACTERS = 16_384;

/**
 * Whether a statement's constants say to which rows it does something, and with which values, but not what. They could in
 * other kinds of statements, and where a condition consists of nothing else (`or true`).
 */
export function isShaped(text: string, tree: Node, kind: StatementKind): boolean {
  return SHAPED.has(kind) && text.length <= MAX_CHARACTERS && !hasBareCondition(tree);
}

/**
 * A shaped statement without its constants and parameters, and what is known of it: two of one shape do the same to the
 * same columns, with other values.
 */
export function constantFree(text: string, facts: SqlFacts): string {
  const { reads, writes, disclosed, conditions, functions, settings } = facts;
  const known = { reads, writes, disclosed, conditions, functions, settings };
  return JSON.stringify([wordsOf(text), known]);
}

/**
 * A text that parses with `?` in place of each constant, and without comments: as it is kept where constants are left
 * out. What parameters stand for is not in it.
 */
export function withoutConstants(text: string): string {
  let kept = '';
  eachToken(text, ({ left, constant, word }) => {
    kept += constant === undefined ? (word ?? left?.replace(/--.*/, '') ?? '') : '?';
  });
  return kept.trim();
}

const CONDITIONS: ReadonlySet<string> = new Set(['whereClause', 'havingClause', 'quals']);

// Every tree that is analysed is walked here: `for … in` makes no list of each node's fields.

function hasBareCondition(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(hasBareCondition);
  if (!hasFields(node)) return false;
  for (const field in node) {
    const part = node[field];
    if (field === 'BoolExpr' && hasFields(part) && Array.isArray(part.args)) {
      if (part.args.some(isBare)) return true;
    } else if (CONDITIONS.has(field) ? isBare(part) : hasBareCondition(part)) return true;
  }
  return false;
}

function isBare(condition: unknown): boolean {
  return hasFields(condition) && (!namesColumn(condition) || hasBareCondition(condition));
}

function namesColumn(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(namesColumn);
  if (!hasFields(node)) return false;
  for (const field in node) if (field === 'ColumnRef' || namesColumn(node[field])) return true;
  return false;
}

const ESCAPING = String.raw`'(?:\\.|''|[^'\\])*'`;
const LINE_END = String.raw`(?:[ \t\f\v]|--[^\n\r]*)*[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*`;

/**
 * The lexical rules of scan.l for a text that parses (manual, "Lexical Structure"). In order: blanks, line comments;
 * strings with and without escapes, dollar quotes, parameters and numbers; names and single signs.
 */
const TOKEN = new RegExp(
  [
    String.raw`(?<left>[ \t\n\r\f\v]+|--[^\n\r]*)`,
    // A string goes on behind a line's end, with its escapes (`quotecontinue`); others are two constants then.
    `(?<constant>[eE]${ESCAPING}(?:${LINE_END}${ESCAPING})*|(?:[bBxXnN]|[uU]&)?'(?:''|[^'])*'`,
    String.raw`\$(?<tag>[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$.*?\$\k<tag>\$|\$\d+`,
    String.raw`0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)`,
    String.raw`(?<word>(?:[uU]&)?"(?:""|[^"])*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|.)`,
  ].join('|'),
  'sy',
);

/** Its words and signs, with `?` for each constant and parameter, and comments left out. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  eachToken(text, ({ left, constant, word }) => {
    if (constant !== undefined) words.push('?');
    else if (left === undefined && word !== undefined) words.push(word);
  });
  return words;
}

/** Tells of each token by the name of its group in `TOKEN`; a bracketed comment counts as a blank. */
function eachToken(text: string, take: (groups: { [name: string]: string | undefined }) => void): void {
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    if (text.startsWith('/*', TOKEN.lastIndex)) {
      TOKEN.lastIndex = commentEnd(text, TOKEN.lastIndex);
      take({ left: ' ' });
      continue;
    }
    const found = TOKEN.exec(text);
    if (found === null) break;
    take(found.groups ?? {});
  }
}

/** Comments of this kind nest. */
function commentEnd(text: string, start: number): number {
  const ends = /\/\*|\*\//g;
  ends.lastIndex = start;
  let depth = 0;
  for (let found = ends.exec(text); found !== null; found = ends.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return ends.lastIndex;
  }
  return text.length;
}
