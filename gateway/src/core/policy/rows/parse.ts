import { nearest } from '../language/nearest.ts';
import { type Token, tokensOf } from './tokens.ts';
import { type Comparison, type Filter, type Operand, USER_FIELDS, type UserField } from './tree.ts';

/** Immutable, and never an error on any text or number. */
const FUNCTIONS: ReadonlySet<string> = new Set(['lower', 'upper', 'btrim', 'length', 'coalesce']);
const COMPARISONS: readonly Comparison[] = ['=', '<>', '<', '<=', '>', '>='];
const WORDS: ReadonlySet<string> = new Set('and or not in like ilike between is null true false'.split(' '));
const MAX_CHARACTERS = 4000;
const MAX_DEPTH = 50;

class Wrong extends Error {}

/** Reads a row filter, or says what is wrong with it. */
export function parseFilter(text: string): { filter: Filter } | { problem: string } {
  if (text.length > MAX_CHARACTERS) return { problem: `it is longer than ${MAX_CHARACTERS} characters` };
  const tokens = tokensOf(text);
  if (!Array.isArray(tokens)) return tokens;
  try {
    return { filter: new Parser(tokens).whole() };
  } catch (error) {
    if (error instanceof Wrong) return { problem: error.message };
    throw error;
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Filter {
    const filter = this.#or();
    if (this.#at < this.#tokens.length) throw new Wrong(`"${this.#shown()}" is not expected there`);
    return filter;
  }

  #or(): Filter {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new Wrong(`it nests more than ${MAX_DEPTH} levels`);
    const parts = [this.#and()];
    while (this.#takeWord('or')) parts.push(this.#and());
    this.#depth -= 1;
    return joined('or', parts);
  }

  #and(): Filter {
    const parts = [this.#not()];
    while (this.#takeWord('and')) parts.push(this.#not());
    return joined('and', parts);
  }

  #not(): Filter {
    let negations = 0;
    while (this.#takeWord('not')) negations += 1;
    const part = this.#predicate();
    return negations % 2 === 1 ? { kind: 'not', part } : part;
  }

  #predicate(): Filter {
    if (this.#takeSign('(')) {
      const inner = this.#or();
      this.#needSign(')');
      return inner;
    }
    const left = this.#operand();
    const operator = COMPARISONS.find((sign) => this.#takeSign(sign));
    if (operator !== undefined) return { kind: 'compare', operator, left, right: this.#operand() };
    if (this.#takeWord('is')) return this.#is(left);
    const negated = this.#takeWord('not');
    if (this.#takeWord('in')) return { kind: 'in', negated, left, right: this.#list() };
    if (this.#takeWord('like'))
      return { kind: 'like', operator: 'LIKE', negated, left, right: this.#operand() };
    if (this.#takeWord('ilike'))
      return { kind: 'like', operator: 'ILIKE', negated, left, right: this.#operand() };
    if (this.#takeWord('between')) {
      const low = this.#operand();
      if (!this.#takeWord('and')) throw new Wrong('BETWEEN needs AND');
      return { kind: 'between', negated, left, low, high: this.#operand() };
    }
    if (negated) throw new Wrong('after NOT stands IN, LIKE, ILIKE or BETWEEN');
    return { kind: 'holds', left };
  }

  #is(left: Operand): Filter {
    const negated = this.#takeWord('not');
    for (const what of ['null', 'true', 'false'] as const) {
      if (this.#takeWord(what)) {
        return { kind: 'is', negated, left, what: what.toUpperCase() as 'NULL' | 'TRUE' | 'FALSE' };
      }
    }
    throw new Wrong('after IS stands NULL, TRUE or FALSE');
  }

  /** `('a', 'b')`, or a claim that is a list. */
  #list(): Operand[] {
    if (!this.#takeSign('(')) return [this.#operand()];
    const items = [this.#operand()];
    while (this.#takeSign(',')) items.push(this.#operand());
    this.#needSign(')');
    return items;
  }

  #operand(): Operand {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Wrong('it ends where a value should stand');
    this.#at += 1;
    if (token.kind === 'string') return { kind: 'literal', text: token.text, quoted: true };
    if (token.kind === 'number') return { kind: 'literal', text: token.text, quoted: false };
    if (token.kind === 'sign') throw new Wrong(`"${token.text}" stands where a value should`);
    if (token.kind === 'name' && token.quoted) return { kind: 'column', name: token.text };
    return this.#named(token.text);
  }

  #named(written: string): Operand {
    const name = written.toLowerCase();
    if (name === 'true' || name === 'false') return { kind: 'literal', text: name, quoted: false };
    if (WORDS.has(name)) throw new Wrong(`${name.toUpperCase()} stands where a value should`);
    if (this.#takeSign('.')) return this.#member(name);
    if (this.#takeSign('(')) return this.#call(name);
    return { kind: 'column', name };
  }

  #member(owner: string): Operand {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'name') throw new Wrong(`a name stands after "${owner}."`);
    this.#at += 1;
    if (owner === 'claims') return { kind: 'claim', name: token.text };
    if (owner !== 'user') {
      throw new Wrong(
        `"${owner}.${token.text}" is not known; write a column by its name alone, claims.NAME or user.NAME`,
      );
    }
    const field = USER_FIELDS.find((known) => known === token.text);
    if (field === undefined)
      throw new Wrong(`"user.${token.text}" is not known; known are ${USER_FIELDS.join(', ')}`);
    return { kind: 'user', field: field satisfies UserField };
  }

  #call(name: string): Operand {
    if (!FUNCTIONS.has(name)) {
      const near = nearest(name, FUNCTIONS);
      const hint = near === undefined ? '' : `did you mean "${near}"? `;
      throw new Wrong(`function "${name}" is not known; ${hint}known are ${[...FUNCTIONS].join(', ')}`);
    }
    const args = [this.#operand()];
    while (this.#takeSign(',')) args.push(this.#operand());
    this.#needSign(')');
    if (name !== 'coalesce' && args.length !== 1) throw new Wrong(`${name} takes one value`);
    return { kind: 'call', name, args };
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#at];
    const is = token?.kind === 'name' && !token.quoted && token.text.toLowerCase() === word;
    if (is) this.#at += 1;
    return is;
  }

  #takeSign(sign: string): boolean {
    const token = this.#tokens[this.#at];
    const is = token?.kind === 'sign' && token.text === sign;
    if (is) this.#at += 1;
    return is;
  }

  #needSign(sign: string): void {
    if (!this.#takeSign(sign)) throw new Wrong(`"${sign}" is missing before "${this.#shown()}"`);
  }

  #shown(): string {
    return this.#tokens[this.#at]?.text ?? 'its end';
  }
}

function joined(kind: 'and' | 'or', parts: Filter[]): Filter {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}
