import { Transform } from 'node:stream';
import type { Detection } from '../../../../contract/detection.ts';
import { detectorSetOf } from '../../../core/detectors/detector-set.ts';
import type { Counts } from '../../../core/detectors/redact.ts';
import { Redactor } from '../../../core/detectors/redactor.ts';

/** What is held back is let go when nothing came for so long: somebody looks at the screen. */
const IDLE_MS = 50;

/** What a command shows in a terminal, with what detectors find replaced, and nothing held back while it waits. */
export function promptRedacting(detections: readonly Detection[], counts: Counts): Transform {
  const redactor = new Redactor(detectorSetOf(detections), counts);
  let idle: NodeJS.Timeout | undefined;
  const letGo = () => {
    clearTimeout(idle);
    // Whoever takes nothing looks at nothing, and is not to say where a text is cut.
    if (stream.isPaused() || stream.readableLength > 0) {
      idle = setTimeout(letGo, IDLE_MS);
      return;
    }
    const held = redactor.release();
    if (held.byteLength > 0) stream.push(held);
  };
  const stream: Transform = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      clearTimeout(idle);
      idle = setTimeout(letGo, IDLE_MS);
      done(null, redactor.push(chunk));
    },
    flush: (done) => {
      clearTimeout(idle);
      done(null, redactor.end());
    },
    destroy: (error, done) => {
      clearTimeout(idle);
      done(error);
    },
  });
  return stream;
}
