/** A statement of a text: UTF-16 offsets, without surrounding blanks, comments or the semicolon. */
export type Span = { readonly start: number; readonly end: number };

/**
 * Finds the statements of a text by PostgreSQL's lexical rules (manual, section 4.1): quotes, dollar quotes,
 * escape strings, nested comments and `BEGIN ATOMIC` bodies don't end one. For outlining and for "run at
 * cursor" only: what runs is decided by the gateway's own parser.
 */
export function splitStatements(text: string): Span[] {
  const spans: Span[] = [];
  let start = -1;
  let end = 0;
  let parentheses = 0;
  let atomic = 0;
  const close = () => {
    if (start >= 0) spans.push({ start, end });
    start = -1;
    parentheses = 0;
    atomic = 0;
  };
  for (const token of tokens(text)) {
    if (token.kind === 'blank') continue;
    const word = text.slice(token.start, token.end);
    if (word === ';' && parentheses === 0 && atomic === 0) {
      close();
      continue;
    }
    if (start < 0) start = token.start;
    end = token.end;
    if (word === '(') parentheses++;
    else if (word === ')') parentheses = Math.max(0, parentheses - 1);
    else if (token.kind === 'word')
      atomic = atomicDepth(atomic, word.toLowerCase(), text.slice(start, token.start));
  }
  close();
  return spans;
}

/** The statement the cursor is in, or on whose line, or behind whose semicolon, it stands. */
export function statementAt(text: string, offset: number): Span | null {
  const spans = splitStatements(text);
  const within = spans.find((span) => span.start <= offset && offset <= span.end);
  if (within !== undefined) return within;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineBreak = text.indexOf('\n', offset);
  const lineEnd = lineBreak < 0 ? text.length : lineBreak;
  const before = spans.filter((span) => span.end <= offset && span.end >= lineStart).at(-1);
  return before ?? spans.find((span) => span.start >= offset && span.start <= lineEnd) ?? null;
}

/** `BEGIN ATOMIC … END` of an SQL-standard function body holds semicolons, and CASE … END within it. */
function atomicDepth(depth: number, word: string, before: string): number {
  if (word === 'atomic' && /\bbegin\s+$/i.test(before)) return depth + 1;
  if (depth > 0 && word === 'case') return depth + 1;
  if (depth > 0 && word === 'end') return depth - 1;
  return depth;
}

type Token = { kind: 'blank' | 'word' | 'other'; start: number; end: number };

const BLANK = /[\s\uFEFF]+|--[^\n]*/y;
const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const NUMBER = /\d[\w.]*/y;
const DOLLAR_TAG = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

function* tokens(text: string): Generator<Token> {
  let at = 0;
  while (at < text.length) {
    const token = tokenAt(text, at);
    yield token;
    at = token.end;
  }
}

function tokenAt(text: string, start: number): Token {
  const two = text.slice(start, start + 2);
  if (two === '/*') return { kind: 'blank', start, end: commentEnd(text, start) };
  const blank = match(BLANK, text, start);
  if (blank > start) return { kind: 'blank', start, end: blank };
  if (/^[eE]'/.test(two)) return { kind: 'other', start, end: quotedEnd(text, start + 1, "'", true) };
  const word = match(WORD, text, start);
  if (word > start) return { kind: 'word', start, end: word };
  const number = match(NUMBER, text, start);
  if (number > start) return { kind: 'other', start, end: number };
  const tag = match(DOLLAR_TAG, text, start);
  if (tag > start) return { kind: 'other', start, end: dollarEnd(text, start, tag) };
  const quote = text[start];
  if (quote === "'" || quote === '"')
    return { kind: 'other', start, end: quotedEnd(text, start, quote, false) };
  return { kind: 'other', start, end: start + 1 };
}

/** Where the sticky pattern's match at `start` ends; `start` when there is none. */
function match(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}

function commentEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    if (two === '/*') depth++;
    else if (two === '*/') depth--;
    at += two === '/*' || two === '*/' ? 2 : 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** `quoteAt` is the opening quote. A doubled quote stays inside. */
function quotedEnd(text: string, quoteAt: number, quote: string, backslashes: boolean): number {
  let at = quoteAt + 1;
  while (at < text.length) {
    if (backslashes && text[at] === '\\') at += 2;
    else if (text[at] !== quote) at++;
    else if (text[at + 1] === quote) at += 2;
    else return at + 1;
  }
  return text.length;
}

function dollarEnd(text: string, start: number, tagEnd: number): number {
  const tag = text.slice(start, tagEnd);
  const close = text.indexOf(tag, tagEnd);
  return close < 0 ? text.length : close + tag.length;
}
