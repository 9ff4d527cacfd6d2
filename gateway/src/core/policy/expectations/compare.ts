import type { ColumnMask, Decision } from '../../../../contract/decision.ts';
import { splitName } from '../language/name.ts';
import type { Expected, MaskWord } from './schema.ts';

/** One way in which a decision is not as expected. */
export type Difference = { what: string; expected: string; actual: string };

/** How a decision differs from what is expected of it; empty when it is as expected. */
export function differences(expected: Expected, decision: Decision): Difference[] {
  const { outcome, by, masks, rules, says } = typeof expected === 'string' ? { outcome: expected } : expected;
  const found: Difference[] = [];
  const isIt =
    outcome === undefined || outcome === decision.outcome || (outcome === 'runs' && runs(decision));
  if (!isIt) found.push({ what: 'outcome', expected: outcome, actual: decision.outcome });
  const asked = [...new Set(decision.asks.flatMap(({ groups }) => groups))].toSorted();
  const wanted = by?.toSorted();
  if (wanted !== undefined && wanted.join('\n') !== asked.join('\n')) {
    found.push({ what: 'approval by', expected: listed(wanted), actual: listed(asked) });
  }
  for (const [column, word] of Object.entries(masks ?? {})) {
    const actual = wordFor(column, decision);
    if (actual === word || (word === 'masked' && actual !== 'clear' && actual !== UNTOLD)) continue;
    found.push({ what: column, expected: word, actual });
  }
  const counted = decision.rules.map(({ id }): string => id);
  const missing = (rules ?? []).filter((rule) => !counted.includes(rule));
  if (missing.length > 0) {
    found.push({ what: 'rules', expected: listed(missing), actual: listed(counted) });
  }
  const told = `${decision.sentence} ${decision.next}`;
  for (const part of [says ?? []].flat()) {
    if (!told.includes(part)) found.push({ what: 'says', expected: `…${part}…`, actual: told.trim() });
  }
  return found;
}

/** Nothing is masked in what doesn't run. */
const UNTOLD = 'not told: it does not run';

function runs({ outcome }: Decision): boolean {
  return outcome === 'allow' || outcome === 'mask';
}

function wordFor(name: string, { masks, outcome }: Decision): MaskWord | typeof UNTOLD {
  if (outcome === 'block') return UNTOLD;
  const [column = '', relation = '', schema = 'public'] = (splitName(name) ?? []).toReversed();
  const found = masks.find(
    (mask) =>
      mask.column.column === column && mask.column.relation === relation && mask.column.schema === schema,
  );
  return found === undefined ? 'clear' : maskWord(found.mask);
}

/** A mask as expectations and reports write it. */
export function maskWord(mask: ColumnMask['mask']): MaskWord {
  if (mask.method === 'partial') return mask.keep;
  return mask.method === 'redact' && mask.fixed === true ? 'fixed' : mask.method;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
