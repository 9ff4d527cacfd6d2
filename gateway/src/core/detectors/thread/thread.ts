import { parentPort } from 'node:worker_threads';
import { assertNever } from '../../../../contract/assert-never.ts';
import { detectorSetOf } from '../detector-set.ts';
import type { Counts } from '../redact.ts';
import { Redactor } from '../redactor.ts';
import type { FromThread, ToThread } from './messages.ts';

/** The thread's own end: looks through the texts that it is sent. */
const texts = new Map<number, { redactor: Redactor; counts: Counts }>();

parentPort?.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'begin': {
      const counts: Counts = new Map();
      texts.set(message.text, { redactor: new Redactor(detectorSetOf(message.wanted), counts), counts });
      return;
    }
    case 'piece':
      return answer(message.text, message.buffer, message.length);
    case 'end':
      answer(message.text, null, 0);
      texts.delete(message.text);
      return;
    case 'drop':
      texts.delete(message.text);
      return;
    default:
      return assertNever(message);
  }
});

/** @param buffer null at the end */
function answer(text: number, buffer: ArrayBuffer | null, length: number): void {
  const known = texts.get(text);
  if (known === undefined) return;
  const isLast = buffer === null;
  const piece = isLast ? new Uint8Array(0) : new Uint8Array(buffer, 0, length);
  const { bytes, of } = known.redactor.step(piece, isLast);
  const reply: FromThread = { text, of, bytes, counts: [...known.counts], isLast, buffer };
  parentPort?.postMessage(reply, isLast ? [] : [buffer]);
}
