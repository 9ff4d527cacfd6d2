import type { HostFacts } from '../../../contract/host-facts.ts';
import { type Impact, onlySummary } from '../../../contract/impact.ts';
import { useWords } from '../../core/policy/decide/use-words.ts';

/** What would be done with a host, for those who decide on it. */
export function impactOf({ account, uses }: HostFacts, target: string): Impact {
  const deeds = [...new Set(uses.map(useWords))];
  const runsPrograms = uses.some((use) => 'program' in use);
  return {
    ...onlySummary(`On ${target}, as ${account}: ${deeds.join('; ')}.`),
    unknown: runsPrograms ? ['What a program changes is not known before it runs.'] : [],
  };
}
