import type { CoverageGap } from '../../../contract/coverage.ts';
import type { Facts } from '../../../contract/facts.ts';
import type { HostFacts, HostUse } from '../../../contract/host-facts.ts';
import type { ActionRecord } from '../../../contract/record.ts';

/** What of a record tells how far it was looked into. */
export type CoveredRecord = Pick<
  ActionRecord,
  'id' | 'at' | 'principalName' | 'target' | 'statement' | 'facts' | 'decision' | 'outcome'
>;

export type Gap = { gap: CoverageGap; why: string };

/** What the gateway could not look into of one action; empty where it was all told and decided. */
export function coverageGaps({ facts, decision, outcome }: CoveredRecord): Gap[] {
  const lost: Gap[] = outcome?.status === 'lost' ? [{ gap: 'lost', why: '' }] : [];
  if (facts === null) return [{ gap: 'notParsed', why: decision.sentence }, ...lost];
  return [...factGaps(facts), ...lost];
}

/** Whether it ran, as far as its record tells: what waits or was refused did not. */
export function didRun({ decision, outcome }: Pick<CoveredRecord, 'decision' | 'outcome'>): boolean {
  if (outcome?.status === 'refused') return false;
  if (decision.outcome === 'approve') return decision.approval !== undefined;
  return decision.outcome !== 'block';
}

function factGaps(facts: Facts): Gap[] {
  const unknown: Gap[] =
    facts.unknowns.length === 0 ? [] : [{ gap: 'notUnderstood', why: facts.unknowns.join('; ') }];
  if (facts.protocol === 'ssh') return [...unknown, ...hostGaps(facts)];
  const own = facts.functions.filter(
    ({ schema }) => schema !== 'pg_catalog' && schema !== 'information_schema',
  );
  if (own.length === 0) return unknown;
  return [
    ...unknown,
    { gap: 'reviewedFunction', why: own.map(({ schema, name }) => `${schema}.${name}`).join(', ') },
  ];
}

function hostGaps({ uses, letThrough = [] }: HostFacts): Gap[] {
  const found = new Map<CoverageGap, Set<string>>();
  for (const use of uses) {
    const gap = gapOf(use);
    if (gap === null) continue;
    const whys = found.get(gap) ?? new Set();
    found.set(gap, whys.add(wordsOf(use)));
  }
  const gaps = [...found].map(([gap, whys]) => ({ gap, why: [...whys].join(', ') }));
  return letThrough.length === 0 ? gaps : [{ gap: 'letThrough', why: letThrough.join('; ') }, ...gaps];
}

/** The other ends of transfers; `scp` and `sftp` as they come today carry files by SFTP, which is looked into. */
const CARRIERS: ReadonlySet<string> = new Set(
  'scp rsync git-upload-pack git-receive-pack git-upload-archive'.split(' '),
);

function gapOf(use: HostUse): CoverageGap | null {
  switch (use.kind) {
    case 'terminal':
      return 'rawTerminal';
    case 'agent':
      return 'lentAgent';
    case 'forward':
    case 'remoteForward':
      return 'forwarded';
    case 'interpreter':
    case 'editor':
    case 'pager':
    case 'remote':
    case 'option':
    case 'environment':
      return 'anyProgram';
    case 'run':
      return CARRIERS.has(use.program.program.split('/').at(-1) ?? '') ? 'carriedFiles' : null;
    default:
      return null;
  }
}

function wordsOf(use: HostUse): string {
  if ('program' in use) return use.program.program;
  if ('port' in use) return `${use.host}:${use.port}`;
  return '';
}
