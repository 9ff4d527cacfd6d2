import { approversInWords } from '../../../contract/ask.ts';
import { visibleLines } from '../../core/approvals/words.ts';
import type { Held } from '../../core/flow/govern.ts';

/** What a person reads of a decision in their terminal: one paragraph, and nothing in it moves the cursor. */
export function told(sentence: string, next: string): string {
  return visibleLines(`sluice: ${[sentence, next].filter((part) => part !== '').join(' ')}`);
}

/** For whom a held line waits, and how to give up. */
export function waitingWords({ hold: { request }, decision }: Held): string {
  const hint =
    request.status === 'pending'
      ? `Request ${request.id} waits for ${approversInWords(request.asks)} until ${request.lapsesAt}; it then goes on by itself. Ctrl-C withdraws it.`
      : '';
  return told(decision.sentence, hint);
}

/** What a person reads whose terminal can't be recorded; why stands in the gateway's log. */
export const UNRECORDED =
  'This session has ended, for it can not be recorded. Nothing runs unrecorded; tell whoever runs the gateway.';

export const RECORDING_FULL =
  'This session has ended, for its recording is full, and nothing else tells what is done in a raw terminal. Open another one.';
