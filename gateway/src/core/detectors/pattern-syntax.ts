import { WINDOW } from './window.ts';

/** A character takes up to four bytes; one more may be looked at behind the match, for \b. */
export const MAX_PATTERN_CHARACTERS = WINDOW / 4 - 1;
const MAX_SOURCE_CHARACTERS = 1000;
const MAX_DEPTH = 20;

/** Lengths of matches in characters. */
type Lengths = { min: number; max: number };

/**
 * Reads a pattern of the policy's: RE2's syntax without what makes a match endless or looks at where the text begins
 * and ends. Gives null, or a sentence that says what is wrong.
 */
export function patternProblem(source: string): string | null {
  if (source.length > MAX_SOURCE_CHARACTERS) return `it is longer than ${MAX_SOURCE_CHARACTERS} characters`;
  try {
    const { min, max } = new PatternReader(source).read();
    if (min === 0) return 'it matches the empty text, and so everywhere';
    if (max > MAX_PATTERN_CHARACTERS) {
      return `it can match ${max} characters; ${MAX_PATTERN_CHARACTERS} are the most, so that a match can be told while the text is still coming`;
    }
    return null;
  } catch (error) {
    if (error instanceof NotAllowed) return error.message;
    throw error;
  }
}

class NotAllowed extends Error {}

/** Adds up lengths by recursive descent. What is sound here and isn't RE2's is told when it is compiled. */
class PatternReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Lengths {
    const lengths = this.#alternatives(0);
    if (this.#at < this.#source.length) throw new NotAllowed('a ")" has no "("');
    return lengths;
  }

  #alternatives(depth: number): Lengths {
    if (depth > MAX_DEPTH) throw new NotAllowed('its groups are nested too deeply');
    let lengths = this.#sequence(depth);
    while (this.#take('|')) {
      const other = this.#sequence(depth);
      lengths = { min: Math.min(lengths.min, other.min), max: Math.max(lengths.max, other.max) };
    }
    return lengths;
  }

  #sequence(depth: number): Lengths {
    let min = 0;
    let max = 0;
    while (this.#at < this.#source.length && !'|)'.includes(this.#next)) {
      const one = this.#quantified(this.#atom(depth));
      min += one.min;
      max += one.max;
    }
    return { min, max };
  }

  get #next(): string {
    return this.#source[this.#at] ?? '';
  }

  #atom(depth: number): Lengths {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    switch (char) {
      case '(':
        return this.#group(depth);
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      case '^':
      case '$':
        throw new NotAllowed(
          `"${char}" is not known here: what is looked at is a piece of a text; write \\b`,
        );
      case '*':
      case '+':
      case '?':
      case '{':
        throw new NotAllowed(`"${char}" has nothing to repeat; write \\${char} for the character`);
      default:
        return ONE;
    }
  }

  #group(depth: number): Lengths {
    if (this.#take('?')) {
      if (!this.#take(':') && !this.#take('i:')) {
        throw new NotAllowed('of groups with "?" only (?:…) and (?i:…) are known here');
      }
    }
    const lengths = this.#alternatives(depth + 1);
    if (!this.#take(')')) throw new NotAllowed('a "(" has no ")"');
    return lengths;
  }

  #class(): Lengths {
    this.#take('^');
    let first = true;
    for (;;) {
      const char = this.#next;
      if (char === '') throw new NotAllowed('a "[" has no "]"');
      this.#at += char === '\\' ? 2 : 1;
      if (char === '[' && this.#next === ':') this.#at = this.#source.indexOf(':]', this.#at) + 2;
      if (char === ']' && !first) return ONE;
      first = false;
    }
  }

  #escape(): Lengths {
    const char = this.#next;
    this.#at += 1;
    if (char === 'b' || char === 'B') return NONE;
    if ('dDwWsStnr'.includes(char) && char !== '') return ONE;
    if (/^[^A-Za-z0-9]$/.test(char)) return ONE;
    throw new NotAllowed(
      `"\\${char}" is not known here; known are \\d, \\w, \\s, \\D, \\W, \\S, \\b, \\B and escaped signs`,
    );
  }

  #quantified(one: Lengths): Lengths {
    if (this.#next === '*' || this.#next === '+') {
      throw new NotAllowed(`"${this.#next}" has no upper bound; write how many at most, as in {1,40}`);
    }
    let times = ONE;
    if (this.#take('?')) times = { min: 0, max: 1 };
    else if (this.#next === '{') times = this.#times();
    else return one;
    this.#take('?');
    if ('*+?{'.includes(this.#next) && this.#next !== '')
      throw new NotAllowed('a repetition is repeated; put it in (?:…)');
    return { min: one.min * times.min, max: one.max * times.max };
  }

  #times(): Lengths {
    const match = /^\{(\d{1,3})(?:(,)(\d{1,3})?)?\}/.exec(this.#source.slice(this.#at));
    if (match === null)
      throw new NotAllowed('a "{" is no repetition such as {1,40}; write \\{ for the character');
    this.#at += match[0].length;
    const min = Number(match[1]);
    if (match[2] !== undefined && match[3] === undefined) {
      throw new NotAllowed(`"${match[0]}" has no upper bound; write how many at most, as in {${min},40}`);
    }
    const max = match[3] === undefined ? min : Number(match[3]);
    if (max < min) throw new NotAllowed(`"${match[0]}" ends before it begins`);
    return { min, max };
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
}

const ONE: Lengths = { min: 1, max: 1 };
const NONE: Lengths = { min: 0, max: 0 };
