import type { Decision } from '../../../../contract/decision.ts';
import { told } from '../words.ts';

/** Why the transfer of a file ends; never what was found. */
export function foundWords(path: string, { detections = [], rules }: Decision): string {
  const ids = new Set(detections.map(({ rule }) => rule));
  const whose = rules
    .filter(({ id }) => ids.has(id))
    .map(({ id, owner, because }) => `rule ${id} of ${owner} looks for (${because})`);
  return told(
    `${path} holds what ${whose.join(' and what ')}, so that its transfer was stopped.`,
    'Ask them.',
  );
}
