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
      return answer(message.text, message.bytes, false);
    case 'end':
      answer(message.text, new Uint8Array(0), true);
      texts.delete(message.text);
      return;
    case 'drop':
      texts.delete(message.text);
      return;
    default:
      return assertNever(message);
  }
});

function answer(text: number, piece: Uint8Array, isLast: boolean): void {
  const known = texts.get(text);
  if (known === undefined) return;
  const { bytes, of, isAsItWas } = known.redactor.step(piece, isLast);
  const reply: FromThread = { text, of, bytes: isAsItWas ? null : bytes, counts: [...known.counts], isLast };
  parentPort?.postMessage(reply);
}
