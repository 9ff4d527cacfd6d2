import type { Detection } from '../../../../contract/detection.ts';
import { DETECTORS } from '../../detectors/detector.ts';
import { compilePattern, type OwnPattern } from '../../detectors/own-pattern.ts';
import type { Detect } from '../language/detect.ts';
import { nearest } from '../language/nearest.ts';
import type { Problem } from '../language/problem.ts';
import type { ReadDocument } from '../language/read.ts';
import type { Rule } from '../language/schema.ts';

/** What a rule looks for, with its patterns resolved. */
export type CompiledDetect = Pick<Detection, 'detect' | 'patterns' | 'replace'>;

const BUILT_IN: ReadonlySet<string> = new Set(DETECTORS);

/** The section `patterns` of all documents, by name; each is compiled once, so that what is wrong is told. */
export function compilePatterns(
  documents: readonly ReadDocument[],
  problems: Problem[],
): ReadonlyMap<string, OwnPattern> {
  const patterns = new Map<string, OwnPattern>();
  for (const { source, document } of documents) {
    for (const [name, matches] of Object.entries(document.patterns)) {
      const compiled = compilePattern({ name, matches });
      const wrong = BUILT_IN.has(name)
        ? `"${name}" is a detector of the gateway's own; choose another name`
        : patterns.has(name)
          ? `the pattern "${name}" stands in the policy twice`
          : 'problem' in compiled
            ? `the pattern "${name}" can't be used: ${compiled.problem}`
            : null;
      if (wrong === null) patterns.set(name, { name, matches });
      else problems.push(source.problem(['patterns', name], wrong));
    }
  }
  return patterns;
}

/** Names that no detector and no pattern has. */
export function unknownDetectors(
  rule: Rule,
  patterns: ReadonlyMap<string, OwnPattern>,
): Array<{ at: number; what: string }> {
  if (typeof rule.then !== 'object' || !('detect' in rule.then)) return [];
  const known = [...DETECTORS, ...patterns.keys()];
  return rule.then.detect.flatMap((name, at) => {
    if (known.includes(name)) return [];
    const near = nearest(name, known);
    const hint = near === undefined ? '' : `did you mean "${near}"? `;
    return [{ at, what: `there is no detector "${name}"; ${hint}Known are ${known.join(', ')}` }];
  });
}

export function compileDetect(then: Detect, patterns: ReadonlyMap<string, OwnPattern>): CompiledDetect {
  return {
    detect: then.detect,
    patterns: then.detect.flatMap((name) => patterns.get(name) ?? []),
    replace: then.replace ?? 'label',
  };
}
