import type { HostUse } from '../../../contract/host-facts.ts';
import type { Action, Enforce } from '../../core/flow/govern.ts';
import type { Session } from '../../core/flow/session.ts';
import { normalised } from '../../shell/match/paths.ts';
import { withFilePaths } from '../../shell/strict/file-paths.ts';
import { serialise } from '../../shell/strict/serialise.ts';
import type { Granted } from './context.ts';
import { hostFactsOf, isTransfer } from './exec/uses.ts';
import type { Reading } from './shell/read-line.ts';

/** Where a line of shell would run. */
export type Place = {
  session: Session;
  account: string;
  /** Where relative paths begin; null when that isn't known. */
  folder: string | null;
};

export type Decidable = { action: Action; enforce: Enforce<Granted> };

/** A line of shell as the flow takes it: what is not understood is refused by it. */
export function decidable(line: string, reading: Reading, { session, account, folder }: Place): Decidable {
  const base = { session, statement: line, columns: [], through: [] } as const;
  if (reading.outcome !== 'complete') {
    const unparsed = whyNot(reading);
    const planKey = JSON.stringify(['unread', line]);
    return {
      action: { ...base, facts: null, unparsed, planKey },
      enforce: async () => ({ kind: 'refused', why: unparsed, next: '' }),
    };
  }
  const known = hostFactsOf(reading.facts, account, folder);
  const isAudited = reading.mode === 'audit';
  const facts = isAudited ? { ...known, unknowns: [], letThrough: known.unknowns } : known;
  const planKey = JSON.stringify([reading.mode, account, folder, line]);
  const asked = { parameters: [], parametersKey: '', shapeKey: null };
  // A path is opened as it was decided, wherever the shell stands by then; what isn't known is refused.
  const command = isAudited
    ? reading.text
    : serialise(withFilePaths(reading.script, (path) => normalised(path, folder) ?? path));
  const carriesFiles = isTransfer(reading.facts);
  return {
    action: { ...base, facts, unparsed: null, planKey, asked },
    enforce: async ({ detections = [] }) =>
      carriesFiles && detections.length > 0
        ? { kind: 'refused', ...NOT_SCANNED }
        : { kind: 'enforced', payload: { kind: 'exec', command } },
  };
}

/** A transfer's bytes are a protocol of its own, in which nothing is found and nothing can be replaced. */
const NOT_SCANNED = {
  why: 'A rule looks for something in what leaves the host, and this carries files in a way that can not be looked into.',
  next: 'Use sftp, or scp without -O.',
} as const;

/** What is done with a host other than by a line of shell. */
export type Deed = {
  /** In words, as records and approvers are shown it. */
  statement: string;
  uses: HostUse[];
  readOnly: boolean;
  /** A sentence for each thing that can't be known of it. */
  unknowns?: string[];
  /** What happens once it was granted. */
  granted: Granted;
};

/** A deed as the flow takes it. */
export function decidableDeed(
  { session, account }: Omit<Place, 'folder'>,
  { statement, uses, readOnly, unknowns = [], granted }: Deed,
): Decidable {
  return {
    action: {
      session,
      statement,
      facts: { protocol: 'ssh', account, uses, readOnly, unknowns },
      unparsed: null,
      columns: [],
      through: [],
      planKey: JSON.stringify(['deed', account, granted, uses, unknowns]),
      asked: { parameters: [], parametersKey: '', shapeKey: null },
    },
    enforce: async () => ({ kind: 'enforced', payload: granted }),
  };
}

function whyNot(reading: Exclude<Reading, { outcome: 'complete' }>): string {
  if (reading.outcome === 'incomplete') return `${reading.awaits} is missing`;
  return `${reading.message} ${reading.advice}`.trim();
}
