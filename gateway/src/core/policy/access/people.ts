import type { Principal } from '../../../../contract/principal.ts';
import type { RecordReader } from '../../recording/recorder.ts';

const PAGE = 500;

/** People as the newest so many records know them, the last seen first. */
export async function knownPeople(records: RecordReader, maxRecords: number): Promise<Principal[]> {
  const people = new Map<string, Principal>();
  let before: string | null = null;
  let left = maxRecords;
  do {
    const page = await records.list({ principal: null, target: null, before, limit: Math.min(PAGE, left) });
    for (const { question } of page.records) {
      if (question !== undefined && !people.has(question.principal.id)) {
        people.set(question.principal.id, question.principal);
      }
    }
    left -= page.records.length;
    before = page.records.length === 0 ? null : page.next;
  } while (before !== null && left > 0);
  return [...people.values()];
}
