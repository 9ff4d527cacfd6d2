import { assertNever } from '../../../contract/assert-never.ts';
import type { DetectorSet } from './detector-set.ts';
import type { Found } from './scan.ts';
import { ALNUM, isIn } from './window.ts';

const KEPT = 4;

/**
 * What stands in place of a match: letters, digits, `*`, `-` and brackets alone, so that no syntax around it (JSON,
 * CSV, array literals) breaks.
 */
export function replacementOf(set: DetectorSet, found: Found, bytes: Uint8Array): string {
  const replacement = set.replacementOf(found.by.name);
  switch (replacement) {
    case 'label':
      return found.continues ? '' : `[${found.by.label}]`;
    case 'stars':
      return '*'.repeat(characters(bytes, found.start, found.end));
    case 'last4': {
      // The end of what has a tail may be in another piece.
      const kept =
        'tail' in found.by && found.by.tail !== undefined ? '' : lastFour(bytes, found.start, found.end);
      return '*'.repeat(characters(bytes, found.start, found.end) - kept.length) + kept;
    }
    default:
      return assertNever(replacement);
  }
}

/** Characters of UTF-8: bytes that begin one. */
function characters(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) count += 1;
  return count;
}

/** The last four bytes as far as they are letters and digits, and no more than half of it. */
function lastFour(bytes: Uint8Array, start: number, end: number): string {
  let kept = '';
  for (let at = end - 1; at >= start && kept.length < KEPT && kept.length < (end - start) / 2 - 1; at -= 1) {
    const byte = bytes[at] ?? 0;
    if (!isIn(ALNUM, byte)) break;
    kept = String.fromCharCode(byte) + kept;
  }
  return kept;
}
