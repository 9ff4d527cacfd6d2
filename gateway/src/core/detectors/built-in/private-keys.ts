import type { Detector, Tail } from '../detector.ts';
import { text } from '../prefilter/shape.ts';
import { byteClass, isIn } from '../window.ts';

const BEGIN = '-----BEGIN ';
const LABEL = byteClass('A-Z0-9 ');
/** Base64, lines' ends (as they are, or as JSON and source code have them), and headers such as DEK-Info. */
const BODY = byteClass('A-Za-z0-9+/=\n\r\t \\:,-');
const HYPHEN = 0x2d;
const MAX_LABEL_BYTES = 48;

/** Private keys in textual encoding (RFC 7468), from BEGIN to END. */
export const privateKeys: Detector = {
  name: 'secrets',
  label: 'secret',
  starts: byteClass('-'),
  hallmark: { kind: 'shapes', shapes: [text(BEGIN)] },
  match: (window, at) => {
    if (!window.has(at, BEGIN)) return 0;
    const from = at + BEGIN.length;
    const end = window.run(from, Math.min(window.end, from + MAX_LABEL_BYTES), LABEL);
    if (!window.latin1(from, end).includes('PRIVATE KEY') || !window.has(end, '-----')) return 0;
    return end + 5 - at;
  },
  tail: untilEnd,
};

/** Through the five hyphens after END; a key that breaks off ends where it can be none any more. */
function untilEnd(): Tail {
  let hyphens = 0;
  let state: 'body' | 'label' | 'closing' = 'body';
  return (byte) => {
    if (!isIn(BODY, byte)) return 'out';
    if (byte === HYPHEN) {
      hyphens += 1;
      if (state !== 'body') state = 'closing';
      if (hyphens < 5) return 'in';
      if (state === 'closing') return 'last';
      state = 'label';
      hyphens = 0;
      return 'in';
    }
    hyphens = 0;
    return 'in';
  };
}
