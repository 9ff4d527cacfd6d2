import type { DoStmt, Node } from 'libpg-query';
import { bodyOf, type Tag, tagOf, textOf } from '../parse/node.ts';
import { parse, type Token, tokensOf } from '../parse/parser.ts';

/** Definitions that run as they are written: nothing in them is a variable of the block. */
const GUARDED: ReadonlySet<Tag> = new Set([
  'AlterEnumStmt',
  'AlterTableStmt',
  'CompositeTypeStmt',
  'CreateDomainStmt',
  'CreateEnumStmt',
  'CreateSchemaStmt',
  'CreateSeqStmt',
  'CreateStmt',
  'IndexStmt',
]);

/**
 * The one definition of `BEGIN … EXCEPTION WHEN duplicate_object THEN null; END`, by which migrations say "if it isn't
 * there yet" where the syntax has no IF NOT EXISTS; null for any other block.
 */
export function guardedDefinition({ args }: DoStmt): Node | null {
  const option = (name: string) =>
    (args ?? []).map((node) => bodyOf(node, 'DefElem')).find((element) => element?.defname === name)?.arg;
  const language = option('language');
  const block = textOf(option('as'));
  if (block === null || (language !== undefined && textOf(language) !== 'plpgsql')) return null;
  const tokens = tokensOf(block);
  const words = tokens.map(({ text }) => text.toLowerCase());
  const guard = words.lastIndexOf('exception');
  if (words[0] !== 'begin' || !isNothingElse(words.slice(guard))) return null;
  const inner = textBetween(block, tokens.slice(1, guard));
  const parsed = inner === null ? null : parse(inner);
  const [only, second] = parsed?.kind === 'parsed' ? parsed.statements : [];
  if (only === undefined || second !== undefined) return null;
  const tag = tagOf(only.tree);
  return tag !== null && GUARDED.has(tag) ? only.tree : null;
}

/** `exception when a or b then null; end;` */
function isNothingElse(words: readonly string[]): boolean {
  return /^exception when [a-z_]+( or [a-z_]+)* then null ; end( ;)?$/.test(words.join(' '));
}

function textBetween(block: string, tokens: readonly Token[]): string | null {
  const [first, last] = [tokens[0], tokens.at(-1)];
  // A statement of the block ends with its semicolon.
  if (first === undefined || last?.text !== ';') return null;
  return block.slice(first.start, last.start);
}
