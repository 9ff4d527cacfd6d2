/** Where psql stops reading: at the end of a statement, at a command of its own, at the end of the file. */
export type Stop = 'semicolon' | 'command' | 'end';

const IDENTIFIER = /[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*/y;
const VARIABLE = /:(?:([A-Za-z_][\w]*)|'([A-Za-z_]\w*)'|"([A-Za-z_]\w*)"|\{\?([A-Za-z_]\w*)\})/y;
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$/y;
const ESCAPE_STRING = /[eE]'(?:[^'\\]|\\[\s\S]|'')*'?/y;
const STRING = /'(?:[^']|'')*'?/y;
const QUOTED_NAME = /"(?:[^"]|"")*"?/y;
const LINE_COMMENT = /--[^\n]*/y;
/** A number's digits belong together with letters behind them: 1e5 holds no word. */
const NUMBER = /\d[\w.]*/y;

export type Variables = ReadonlyMap<string, string>;

/**
 * Reads statements of a psql script as psql does: quotes, comments, parentheses and SQL-standard bodies hide
 * semicolons, and variables are put in. What follows the stop is read by whoever drives this.
 */
export class PsqlLexer {
  readonly #text: string;
  at = 0;
  /** What has been read of the statement. */
  buffer = '';
  #parentheses = 0;
  /** Words of the statement, as far as they tell that it is CREATE FUNCTION or PROCEDURE. */
  #words: string[] = [];
  #begins = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get line(): number {
    return this.#text.slice(0, this.at).split('\n').length;
  }

  clear(): void {
    this.buffer = '';
    this.#parentheses = 0;
    this.#words = [];
    this.#begins = 0;
  }

  /** Reads to the next stop; leaves `at` behind the semicolon or at the backslash. */
  read(variables: Variables): Stop {
    while (this.at < this.#text.length) {
      const character = this.#text[this.at] ?? '';
      if (character === ';' && this.#parentheses === 0 && this.#begins === 0) {
        this.at += 1;
        return 'semicolon';
      }
      if (character === '\\') {
        const next = this.#text[this.at + 1] ?? '';
        if (next !== ';' && next !== ':') return 'command';
        this.buffer += next;
        this.at += 2;
        continue;
      }
      this.#take(this.#token(character, variables));
    }
    return 'end';
  }

  /** The rest of the line, which belongs to a command. */
  restOfLine(): string {
    const end = this.#text.indexOf('\n', this.at);
    const rest = this.#text.slice(this.at, end < 0 ? this.#text.length : end);
    this.at += rest.length;
    return rest;
  }

  /** Lines of COPY data, from the next line on, up to the one that ends them. */
  copyData(): string {
    this.restOfLine();
    const from = this.at + 1;
    const end = /^\\\.\r?$/m;
    const rest = this.#text.slice(from);
    const found = end.exec(rest);
    this.at = found === null ? this.#text.length : from + found.index + found[0].length;
    return rest.slice(0, found?.index ?? rest.length);
  }

  /** The next token, with a variable's value in its place. */
  #token(character: string, variables: Variables): { read: number; put: string } {
    const text = this.#text;
    const plain = (token: string) => ({ read: token.length, put: token });
    const whole = (pattern: RegExp): string | null => {
      pattern.lastIndex = this.at;
      return pattern.exec(text)?.[0] ?? null;
    };
    switch (character) {
      case "'":
        return plain(whole(STRING) ?? character);
      case '"':
        return plain(whole(QUOTED_NAME) ?? character);
      case '-':
        return plain(whole(LINE_COMMENT) ?? character);
      case '/':
        return plain(text.startsWith('/*', this.at) ? this.#blockComment() : character);
      case '$':
        return plain(this.#dollarQuoted(whole(DOLLAR_QUOTE)));
      case ':':
        return this.#variable(variables);
      case '(':
        this.#parentheses += 1;
        return plain(character);
      case ')':
        this.#parentheses = Math.max(0, this.#parentheses - 1);
        return plain(character);
      default:
        return plain(whole(ESCAPE_STRING) ?? this.#word(whole(IDENTIFIER)) ?? whole(NUMBER) ?? character);
    }
  }

  #take({ read, put }: { read: number; put: string }): void {
    this.at += read;
    // White space before a statement is not part of it.
    if (this.buffer === '' && put.trim() === '') return;
    this.buffer += put;
  }

  #blockComment(): string {
    let depth = 0;
    const marks = /\/\*|\*\//g;
    marks.lastIndex = this.at;
    for (let mark = marks.exec(this.#text); mark !== null; mark = marks.exec(this.#text)) {
      depth += mark[0] === '/*' ? 1 : -1;
      if (depth === 0) return this.#text.slice(this.at, marks.lastIndex);
    }
    return this.#text.slice(this.at);
  }

  #dollarQuoted(quote: string | null): string {
    if (quote === null) return '$';
    const end = this.#text.indexOf(quote, this.at + quote.length);
    return this.#text.slice(this.at, end < 0 ? this.#text.length : end + quote.length);
  }

  #variable(variables: Variables): { read: number; put: string } {
    if (this.#text.startsWith('::', this.at)) return { read: 2, put: '::' };
    VARIABLE.lastIndex = this.at;
    const found = VARIABLE.exec(this.#text);
    const put = found === null ? null : interpolate(found, variables);
    if (found === null || put === null) return { read: 1, put: ':' };
    return { read: found[0].length, put };
  }

  /** psql's own way to find the bodies of SQL-standard functions, BEGIN ATOMIC … END. */
  #word(token: string | null): string | null {
    if (token !== null) this.#follow(token.toLowerCase());
    return token;
  }

  #follow(word: string): void {
    if (this.#words.length < 4) this.#words.push(word);
    const [create, second, replace, fourth] = this.#words;
    const kind = second === 'or' && replace === 'replace' ? fourth : second;
    if (create !== 'create' || (kind !== 'function' && kind !== 'procedure')) return;
    if (this.#parentheses > 0) return;
    if (word === 'begin' || (word === 'case' && this.#begins > 0)) this.#begins += 1;
    else if (word === 'end' && this.#begins > 0) this.#begins -= 1;
  }
}

/** Null when there is no such variable: the text stays as it is. */
export function interpolate(found: RegExpExecArray, variables: Variables): string | null {
  const [, plain, literal, name, asked] = found;
  if (asked !== undefined) return variables.has(asked) ? 'TRUE' : 'FALSE';
  const value = variables.get(plain ?? literal ?? name ?? '');
  if (value === undefined) return null;
  if (literal !== undefined) return quotedLiteral(value);
  return name === undefined ? value : `"${value.replaceAll('"', '""')}"`;
}

function quotedLiteral(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
