import type { Action, Enforce } from '../../core/flow/govern.ts';
import type { Session } from '../../core/flow/session.ts';
import type { StrictReading } from '../../shell/strict/read-strict.ts';
import type { Granted } from './context.ts';
import { hostFactsOf } from './exec/uses.ts';

/** Where a line of shell would run. */
export type Place = {
  session: Session;
  account: string;
  /** Where relative paths begin; null when that isn't known. */
  folder: string | null;
};

export type Decidable = { action: Action; enforce: Enforce<Granted> };

/** A line of shell as the flow takes it: what is not understood to its last word is refused by it. */
export function decidable(
  line: string,
  reading: StrictReading,
  { session, account, folder }: Place,
): Decidable {
  const base = { session, statement: line, columns: [], through: [] } as const;
  if (reading.outcome !== 'complete') {
    const unparsed = whyNot(reading);
    const planKey = JSON.stringify(['unread', line]);
    return {
      action: { ...base, facts: null, unparsed, planKey },
      enforce: async () => ({ kind: 'refused', why: unparsed, next: '' }),
    };
  }
  const facts = hostFactsOf(reading.facts, account, folder);
  const planKey = JSON.stringify(['line', account, folder, line]);
  const asked = { parameters: [], parametersKey: '', shapeKey: null };
  const command = reading.text;
  return {
    action: { ...base, facts, unparsed: null, planKey, asked },
    enforce: async () => ({ kind: 'enforced', payload: { kind: 'exec', command } }),
  };
}

function whyNot(reading: Exclude<StrictReading, { outcome: 'complete' }>): string {
  if (reading.outcome === 'incomplete') return `${reading.awaits} is missing`;
  return `${reading.message} ${reading.advice}`.trim();
}
