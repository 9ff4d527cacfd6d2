import { type PendingHeredoc, readHeredoc } from './heredoc.ts';
import { incomplete, refuse } from './stop.ts';
import { readWord, type Word } from './words.ts';

export type Token =
  | { readonly kind: 'word'; readonly word: Word; readonly at: number }
  | { readonly kind: 'operator'; readonly text: string; readonly at: number }
  /** The number in front of a redirection: the `2` of `2>f`. */
  | { readonly kind: 'descriptor'; readonly number: number; readonly at: number }
  | { readonly kind: 'newline'; readonly at: number }
  | { readonly kind: 'end'; readonly at: number };

const operator = /&&|&>>|&>|&|\|\||\|&|\||;;&|;;|;&|;|\(|\)|<<<|<<-|<<|<&|<>|<|>>|>&|>\||>/y;

/** Cuts a line into the shell's tokens (POSIX shell, 2.3), one in advance. */
export class Tokens {
  readonly #line: string;
  #position = 0;
  #ahead: Token | null = null;
  #pending: PendingHeredoc[] = [];

  constructor(line: string) {
    this.#line = line;
  }

  peek(): Token {
    this.#ahead ??= this.#read();
    return this.#ahead;
  }

  next(): Token {
    const token = this.peek();
    this.#ahead = null;
    return token;
  }

  /** To be called before anything behind the here-document's delimiter is looked at. */
  expectHeredoc(pending: PendingHeredoc): void {
    this.#pending.push(pending);
  }

  #read(): Token {
    this.#skipBlanks();
    const at = this.#position;
    const character = this.#line.charAt(at);
    if (character === '') return this.#end(at);
    if (character === '\n') return this.#newline(at);
    const symbol = this.#match(operator);
    if (symbol !== null) {
      if (/^[<>]$/.test(symbol) && this.#line.charAt(this.#position) === '(') refuseProcess(symbol, at);
      return { kind: 'operator', text: symbol, at };
    }
    const word = readWord(this.#line, at);
    this.#position = word.end;
    if (!word.isQuoted && /^\d+$/.test(word.text) && /[<>]/.test(this.#line.charAt(word.end))) {
      return descriptor(word.text, at);
    }
    if (/^\{\w+\}$/.test(word.text) && /[<>]/.test(this.#line.charAt(word.end))) {
      refuse(at, `\`${word.text}\` names a variable of the shell for a file.`, 'Use a number from 0 to 9.');
    }
    return { kind: 'word', word, at };
  }

  #skipBlanks(): void {
    const before = this.#line.charAt(this.#position - 1);
    const blanks = this.#match(/(?:[ \t]|\\\n)+/y) ?? '';
    if (blanks.startsWith('\\') && /[&|;<>]/.test(before)) {
      refuse(
        this.#position - blanks.length,
        'The line may break in the middle of an operator here.',
        'Put a space in front of the `\\`.',
      );
    }
    // Blanks came before it, or a token ended there: a `#` within a word never gets here.
    if (this.#line.charAt(this.#position) === '#') this.#match(/[^\n]+/y);
  }

  #newline(at: number): Token {
    this.#position = at + 1;
    for (const pending of this.#pending.splice(0)) {
      this.#position = readHeredoc(this.#line, this.#position, pending);
    }
    return { kind: 'newline', at };
  }

  #end(at: number): Token {
    const [pending] = this.#pending;
    if (pending !== undefined) incomplete(`the line \`${pending.delimiter}\` that ends the text`);
    return { kind: 'end', at };
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#line)?.[0] ?? null;
    if (found !== null) this.#position += found.length;
    return found;
  }
}

function descriptor(digits: string, at: number): Token {
  if (digits.length > 1)
    refuse(at, `The descriptor ${digits} may be one of the shell's own.`, 'Use a number from 0 to 9.');
  return { kind: 'descriptor', number: Number(digits), at };
}

function refuseProcess(symbol: string, at: number): never {
  refuse(
    at,
    `\`${symbol}(…)\` runs a command and gives its name as a file.`,
    'Use a pipe `|` or a file in between.',
  );
}
