import { setFlagsFromString } from 'node:v8';
import type { Node, ScanToken } from 'libpg-query';
import { loadModule, parseSync, SqlError, scanSync } from 'libpg-query';
import { blanksBefore, withoutBlanksAfter } from './blanks.ts';
import { utf16Offsets } from './offsets.ts';

/** One statement of a text with its tree. Locations in the tree are UTF-8 bytes of `text`. */
export type ParsedStatement = { start: number; end: number; text: string; tree: Node };

export type Parsed =
  | { kind: 'parsed'; statements: ParsedStatement[] }
  | { kind: 'unparsed'; message: string; position: number | null };

/** A token with UTF-16 offsets; comments are left out. */
export type Token = { start: number; end: number; text: string };

export const maxStatementBytes = 4 * 1024 * 1024;
const maxCachedBytes = 32 * 1024 * 1024;

// V8's optimising compiler takes 600 MB and half a second of processor time for the grammar's one huge function,
// and what it makes parses in 35 µs instead of 44; the memory row of `npm run bench` tells.
setFlagsFromString('--no-wasm-tier-up');
setFlagsFromString('--no-wasm-dynamic-tiering');

export const ready: Promise<void> = loadModule();

/**
 * Splits and parses with PostgreSQL's own grammar; call after `ready`. Bad SQL is an answer, never a throw.
 *
 * @throws anything but a syntax error: the wasm instance may be broken then and must not be used again.
 */
export function parse(text: string): Parsed {
  const cached = cache.get(text);
  if (cached !== undefined) {
    cache.delete(text);
    cache.set(text, cached);
    return cached;
  }
  const parsed = parseFresh(text);
  remember(text, parsed);
  return parsed;
}

/** Which of the tokens begins where the parser says that a node does, in bytes; -1 where none does. `offset`: `utf16Offsets`. */
export function tokenAt(
  tokens: readonly Token[],
  node: { location?: number | undefined } | undefined,
  offset: (byte: number) => number,
): number {
  const start = offset(node?.location ?? 0);
  return tokens.findIndex((token) => token.start === start);
}

/** The tokens of a text that parses, by the server's own scanner. */
export function tokensOf(text: string): Token[] {
  const offset = utf16Offsets(text);
  return scanSync(text)
    .tokens.filter((token) => !isComment(token))
    .map((token) => {
      const start = offset(token.start);
      const end = offset(token.end);
      return { start, end, text: text.slice(start, end) };
    });
}

const isComment = (token: ScanToken) => token.tokenName === 'SQL_COMMENT' || token.tokenName === 'C_COMMENT';

const cache = new Map<string, Parsed>();
let cachedBytes = 0;

function remember(text: string, parsed: Parsed): void {
  if (text.length > maxCachedBytes / 64) return;
  cache.set(text, parsed);
  cachedBytes += text.length;
  for (const oldest of cache.keys()) {
    if (cachedBytes <= maxCachedBytes) return;
    cache.delete(oldest);
    cachedBytes -= oldest.length;
  }
}

function parseFresh(text: string): Parsed {
  if (text.includes('\0')) return unparsed('the statement contains a NUL character', text.indexOf('\0'));
  if (!text.isWellFormed()) return unparsed('the statement is not valid Unicode', null);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxStatementBytes) {
    return unparsed(`the statement has ${bytes} bytes and the limit is ${maxStatementBytes}`, null);
  }
  const blank = blanksBefore(text);
  if (blank === text.length) return { kind: 'parsed', statements: [] };
  return moved(splitOrUnparsed(text.slice(blank)), blank);
}

function splitOrUnparsed(text: string): Parsed {
  try {
    return split(text);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const at = error.sqlDetails?.cursorPosition;
    // The parser gives the cursor in characters, counting code points.
    return unparsed(error.message, at === undefined ? null : codePointOffset(text, at));
  }
}

/** The same, with so many UTF-16 units before it. */
function moved(parsed: Parsed, by: number): Parsed {
  if (by === 0) return parsed;
  if (parsed.kind === 'unparsed') {
    return { ...parsed, position: parsed.position === null ? null : parsed.position + by };
  }
  const statements = parsed.statements.map((one) => ({ ...one, start: one.start + by, end: one.end + by }));
  return { kind: 'parsed', statements };
}

/** Trees are taken from the statement alone, so that their locations are the statement's own. */
function split(text: string): Parsed {
  const offset = utf16Offsets(text);
  const statements: ParsedStatement[] = [];
  const raws = parseSync(text).stmts ?? [];
  const [only] = raws;
  if (raws.length === 1 && only?.stmt !== undefined && (only.stmt_location ?? 0) === 0 && /^\w/.test(text)) {
    // Nothing stands before it, so that its locations are its own already.
    const alone = withoutBlanksAfter(only.stmt_len ? text.slice(0, offset(only.stmt_len)) : text);
    return { kind: 'parsed', statements: [{ start: 0, end: alone.length, text: alone, tree: only.stmt }] };
  }
  for (const raw of raws) {
    const from = raw.stmt_location ?? 0;
    const whole = text.slice(offset(from), raw.stmt_len ? offset(from + raw.stmt_len) : text.length);
    const start = offset(from) + leadingBlank(whole);
    const statement = withoutBlanksAfter(text.slice(start, offset(from) + whole.length));
    const alone = parseSync(statement).stmts ?? [];
    const tree = alone[0]?.stmt;
    if (alone.length !== 1 || tree === undefined) {
      return unparsed('the statement could not be told apart from its neighbours', start);
    }
    statements.push({ start, end: start + statement.length, text: statement, tree });
  }
  return { kind: 'parsed', statements };
}

function leadingBlank(text: string): number {
  const first = scanSync(text).tokens.find((token) => !isComment(token));
  return first === undefined ? 0 : utf16Offsets(text)(first.start);
}

function codePointOffset(text: string, characters: number): number {
  let at = 0;
  for (let i = 0; i < characters && at < text.length; i += 1) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
}

function unparsed(message: string, position: number | null): Parsed {
  return { kind: 'unparsed', message, position };
}
