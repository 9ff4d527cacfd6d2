import { BUILT_IN } from './built-in/built-in.ts';
import { DETECTORS, type Detector, type Finder, type Replacement } from './detector.ts';
import type { Beginning, Hallmark } from './hallmark.ts';
import { compilePattern, type OwnPattern } from './own-pattern.ts';
import { ALL_KINDS, kindsOf } from './prefilter/tables.ts';
import type { ByteClass } from './window.ts';

/** What a rule asks to be looked for: names of detectors and of patterns, and what becomes of it. */
export type Wanted = { detect: readonly string[]; patterns: readonly OwnPattern[]; replace: Replacement };

/** A detector, which of the set's beginnings is its own, and the kinds of shape that it begins with, a bit for each. */
export type Candidate = { detector: Detector; beginning: number; kinds: number };

/** Detectors that apply to the same text, for lookup by the byte that a match begins with. */
export class DetectorSet {
  readonly detectors: readonly Detector[];
  readonly finders: readonly Finder[];
  /** Each hallmark once, and all shapes together. */
  readonly beginnings: readonly Beginning[];
  /** For each byte the detectors whose matches can begin with it. */
  readonly byFirst: ReadonlyArray<readonly Candidate[]>;
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
    const shapes = this.detectors.flatMap(({ hallmark }) =>
      hallmark?.kind === 'shapes' ? hallmark.shapes : [],
    );
    const together: Hallmark = { kind: 'shapes', shapes };
    const shownBy = ({ hallmark }: Detector) => (hallmark?.kind === 'shapes' ? together : hallmark);
    const hallmarks = [...new Set(this.detectors.map(shownBy))];
    this.beginnings = hallmarks.map((hallmark) => ({
      hallmark,
      starts: anyOf(this.detectors.filter((one) => shownBy(one) === hallmark).map(({ starts }) => starts)),
    }));
    const candidates = this.detectors.map((detector) => ({
      detector,
      beginning: hallmarks.indexOf(shownBy(detector)),
      kinds: detector.hallmark?.kind === 'shapes' ? kindsOf(detector.hallmark.shapes) : ALL_KINDS,
    }));
    this.byFirst = Array.from({ length: 256 }, (_, byte) =>
      candidates.filter(({ detector }) => detector.starts[byte] === 1),
    );
  }

  replacementOf(name: string): Replacement {
    return this.#replacements.get(name) ?? 'label';
  }
}

/** The bytes that are in any of the classes. */
function anyOf(classes: readonly ByteClass[]): ByteClass {
  return Uint8Array.from({ length: 256 }, (_, byte) => (classes.some((one) => one[byte] === 1) ? 1 : 0));
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
