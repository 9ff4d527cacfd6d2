import type { FileUse } from '../../../../contract/host-facts.ts';

/** Whether a rule about paths means what is done with a file. */
export type PathSelector = {
  /** Whether any of the files may be meant: what a rule that blocks or asks is about. */
  may: (use: FileUse) => boolean;
  /** Whether all of them are: what a rule that allows is about. */
  surely: (use: FileUse) => boolean;
};

/** Several patterns mean what any of them means. `*` stays within one part of a path; `**` stands for any. */
export function compilePaths(patterns: readonly string[]): PathSelector {
  const all = patterns.map((pattern) => new PathPattern(pattern));
  const means = (path: string) => all.some((pattern) => pattern.matches(path));
  return {
    may: ({ path, extent }) =>
      (extent !== 'contents' && means(path)) ||
      (extent !== undefined && all.some((pattern) => pattern.mayMatchBelow(path))),
    surely: ({ path, extent }) =>
      (extent === 'contents' || means(path)) &&
      (extent === undefined || all.some((pattern) => pattern.matchesAllBelow(path))),
  };
}

type Token = { kind: 'character'; is: string } | { kind: 'any' } | { kind: 'part' } | { kind: 'everything' };

/** A regular expression tries, to fail, as many ways as the path's length to the power of the number of its stars. */
const MAX_TRIED_LENGTH = 256;
const MAX_TRIED_STARS = 2;

class PathPattern {
  readonly #expression: RegExp;
  readonly #tokens: readonly Token[];
  readonly #isTried: boolean;

  constructor(pattern: string) {
    this.#tokens = (pattern.match(/\*\*|[\s\S]/gu) ?? []).map(tokenOf);
    const stars = this.#tokens.filter(({ kind }) => kind === 'everything' || kind === 'part');
    this.#isTried = stars.length <= MAX_TRIED_STARS;
    this.#expression = new RegExp(`^${this.#tokens.map(sourceOf).join('')}$`, 'su');
  }

  matches(path: string): boolean {
    if (this.#isTried && path.length <= MAX_TRIED_LENGTH) return this.#expression.test(path);
    return this.#statesBehind(path).includes(this.#tokens.length);
  }

  /** Whatever a path goes on with, a last `**` takes it too. */
  matchesAllBelow(folder: string): boolean {
    return this.#tokens.at(-1)?.kind === 'everything' && this.matches(withSlash(folder));
  }

  /** Whether it matches some path that begins with the folder's. */
  mayMatchBelow(folder: string): boolean {
    return this.#statesBehind(withSlash(folder)).some((state) => state < this.#tokens.length);
  }

  /** Where the pattern may stand behind a text: each character is looked at once. */
  #statesBehind(text: string): number[] {
    let states = this.#closed([0]);
    for (const character of text) {
      if (states.length === 0) return states;
      states = this.#closed([...new Set(states.flatMap((state) => this.#after(state, character)))]);
    }
    return states;
  }

  /** Where a pattern may stand once it has passed what need not match anything. */
  #closed(states: readonly number[]): number[] {
    const all = new Set(states);
    for (const state of all) {
      const kind = this.#tokens[state]?.kind;
      if (kind === 'part' || kind === 'everything') all.add(state + 1);
    }
    return [...all];
  }

  #after(state: number, character: string): number[] {
    const token = this.#tokens[state];
    if (token === undefined) return [];
    if (token.kind === 'everything') return [state];
    if (token.kind === 'part') return character === '/' ? [] : [state];
    const fits = token.kind === 'any' ? character !== '/' : token.is === character;
    return fits ? [state + 1] : [];
  }
}

function tokenOf(piece: string): Token {
  if (piece === '**') return { kind: 'everything' };
  if (piece === '*') return { kind: 'part' };
  return piece === '?' ? { kind: 'any' } : { kind: 'character', is: piece };
}

function sourceOf(token: Token): string {
  if (token.kind === 'everything') return '.*';
  if (token.kind === 'part') return '[^/]*';
  return token.kind === 'any' ? '[^/]' : token.is.replace(/[.+^${}()|[\]\\/*?]/, '\\$&');
}

function withSlash(folder: string): string {
  return folder === '/' ? '/' : `${folder}/`;
}
