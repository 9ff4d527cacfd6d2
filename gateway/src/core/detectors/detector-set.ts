import { BUILT_IN } from './built-in/built-in.ts';
import { DETECTORS, type Detector, type Finder, type Replacement } from './detector.ts';
import { compilePattern, type OwnPattern } from './own-pattern.ts';

/** What a rule asks to be looked for: names of detectors and of patterns, and what becomes of it. */
export type Wanted = { detect: readonly string[]; patterns: readonly OwnPattern[]; replace: Replacement };

/** Detectors that apply to the same text, for lookup by the byte that a match begins with. */
export class DetectorSet {
  readonly detectors: readonly Detector[];
  readonly finders: readonly Finder[];
  /** For each byte the detectors whose matches can begin with it. */
  readonly byFirst: ReadonlyArray<readonly Detector[]>;
  readonly #replacements: ReadonlyMap<string, Replacement>;

  /** @throws Error for a name or pattern that the policy's compilation should have refused. */
  constructor(wanted: readonly Wanted[]) {
    const replacements = new Map<string, Replacement>();
    const patterns = new Map<string, OwnPattern>();
    for (const { detect, patterns: own, replace } of wanted) {
      for (const name of detect) replacements.set(name, stricter(replacements.get(name), replace));
      for (const pattern of own) patterns.set(pattern.name, pattern);
    }
    this.#replacements = replacements;
    this.detectors = DETECTORS.filter((name) => replacements.has(name)).flatMap((name) => BUILT_IN[name]);
    this.finders = [...patterns.values()].map((pattern) => {
      const compiled = compilePattern(pattern);
      if ('problem' in compiled) throw new Error(`pattern ${pattern.name}: ${compiled.problem}`);
      return compiled.finder;
    });
    this.byFirst = Array.from({ length: 256 }, (_, byte) =>
      this.detectors.filter(({ starts }) => starts[byte] === 1),
    );
  }

  replacementOf(name: string): Replacement {
    return this.#replacements.get(name) ?? 'label';
  }
}

const STRICTNESS: Readonly<Record<Replacement, number>> = { last4: 0, stars: 1, label: 2 };

function stricter(left: Replacement | undefined, right: Replacement): Replacement {
  return left === undefined || STRICTNESS[right] > STRICTNESS[left] ? right : left;
}

const MAX_SETS = 200;
const sets = new Map<string, DetectorSet>();

/** Sets of detectors are made once for each combination of rules. */
export function detectorSetOf(wanted: readonly Wanted[]): DetectorSet {
  const key = JSON.stringify(wanted.map(({ detect, patterns, replace }) => [detect, patterns, replace]));
  const known = sets.get(key);
  if (known !== undefined) return known;
  const made = new DetectorSet(wanted);
  if (sets.size >= MAX_SETS) sets.clear();
  sets.set(key, made);
  return made;
}
