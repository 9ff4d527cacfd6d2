/** An array's elements: text, NULL, or a nested array. */
export type ArrayValue = (string | null | ArrayValue)[];

/**
 * Reads an array's text form (PostgreSQL manual, 8.15.6 "Array Input and Output Syntax"), dimensions
 * prefix included: `[0:1]={a,NULL,"b,c"}`. Returns null for what isn't one, as a mask's text may be.
 */
export function parseArray(text: string): ArrayValue | null {
  const start = /^(?:\[-?\d+:-?\d+\])*=?/.exec(text)?.[0].length ?? 0;
  const reader = new ArrayReader(text, start);
  const value = reader.array();
  return value && reader.atEnd() ? value : null;
}

class ArrayReader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  array(): ArrayValue | null {
    if (!this.#take('{')) return null;
    const elements: ArrayValue = [];
    if (this.#take('}')) return elements;
    for (;;) {
      const element = this.#element();
      if (element === undefined) return null;
      elements.push(element);
      if (this.#take('}')) return elements;
      if (!this.#take(',')) return null;
    }
  }

  /** One element; undefined when there is none. */
  #element(): ArrayValue[number] | undefined {
    const next = this.#text[this.#at];
    if (next === '{') return this.array() ?? undefined;
    if (next === '"') return this.#quoted();
    return this.#bare();
  }

  #quoted(): string | undefined {
    let value = '';
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at];
      if (char === '"') {
        this.#at++;
        return value;
      }
      if (char === '\\') this.#at++;
      value += this.#text[this.#at] ?? '';
    }
    return undefined;
  }

  #bare(): string | null | undefined {
    const start = this.#at;
    while (this.#at < this.#text.length && !',{}"'.includes(this.#text[this.#at] ?? '')) this.#at++;
    const value = this.#text.slice(start, this.#at);
    if (value === '') return undefined;
    return value === 'NULL' ? null : value;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }
}
