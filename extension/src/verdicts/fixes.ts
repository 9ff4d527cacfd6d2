import { approversInWords } from '../../../gateway/contract/ask.ts';
import type { Verdict } from '../../../gateway/contract/verdict.ts';

/** A change that would let a stopped statement pass, or a way to ask for it. */
export type Fix =
  /** `text` goes in at `offset` of the document; the cursor follows it. */
  | { kind: 'insert'; title: string; offset: number; text: string }
  /** `text` takes the place of `[start, end)`; the gateway has decided that the statement then runs. */
  | { kind: 'replace'; title: string; start: number; end: number; text: string }
  /** Asks those who may approve it, before it is run. */
  | { kind: 'ask'; title: string }
  | { kind: 'request'; title: string; to: string };

/** What helps with a stopped statement. */
export function fixesFor(verdict: Verdict): Fix[] {
  const { decision, facts } = verdict;
  if (decision.outcome !== 'block' && decision.outcome !== 'approve') return [];
  const [rule] = decision.rules;
  const to = decision.asks.length > 0 ? approversInWords(decision.asks) : rule?.owner;
  const fixes: Fix[] = (verdict.fixes ?? []).map(({ title, start, end, replacement }) => {
    return { kind: 'replace', title, start, end, text: replacement };
  });
  if (facts?.hasWhere === false) {
    fixes.push({ kind: 'insert', title: 'Add a WHERE clause', offset: verdict.end, text: '\nwhere ' });
  }
  if (decision.outcome === 'approve')
    fixes.push({ kind: 'ask', title: `Ask ${to} for approval beforehand…` });
  else if (to !== undefined) fixes.push({ kind: 'request', title: `Copy a request to ${to}`, to });
  return fixes;
}
