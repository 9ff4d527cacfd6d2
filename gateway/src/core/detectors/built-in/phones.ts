import type { Detector } from '../detector.ts';
import { text, times } from '../prefilter/shape.ts';
import { begins, byteClass, DIGITS, isDigit, isIn, type Window, WORD } from '../window.ts';

const SEPARATORS = byteClass(' .()/-');
const BASE64 = byteClass('A-Za-z0-9+/=_');
const OPEN = 0x28;
const MAX_BYTES = 32;

/** +31 6 1234 5678: international numbers (E.164) of 8 to 15 digits. */
const international: Detector = {
  name: 'phones',
  label: 'phone',
  starts: byteClass('+'),
  hallmark: {
    kind: 'shapes',
    shapes: [[...text('+'), byteClass('1-9'), ...times(7, byteClass('0-9 .()/-'))]],
  },
  match: (window, at) => {
    if (!begins(window, at, BASE64)) return 0;
    const first = window.at(at + 1);
    // No country code begins with 0, and offsets of time zones do.
    if (first < 0x31 || first > 0x39) return 0;
    let digits = 0;
    let end = at + 1;
    for (let index = at + 1; index < Math.min(window.end, at + MAX_BYTES); index += 1) {
      const byte = window.at(index);
      if (isDigit(byte)) {
        digits += 1;
        end = index + 1;
      } else if (!isIn(SEPARATORS, byte) || index - end >= 2) {
        break;
      }
    }
    return digits >= 8 && digits <= 15 && !isIn(WORD, window.at(end)) ? end - at : 0;
  },
};

const HOME_SEPARATORS = byteClass(' .-');
const CODE = [byteClass('2-9'), DIGITS, DIGITS];
const HOME_SHAPES = [
  [...CODE, HOME_SEPARATORS, ...CODE, HOME_SEPARATORS, ...times(4, DIGITS)],
  [...text('('), ...CODE, ...text(')'), byteClass(' 2-9'), DIGITS, DIGITS],
];

/** (212) 555-0123 and 212-555-0123: North American numbers as they are written at home. */
const northAmerican: Detector = {
  name: 'phones',
  label: 'phone',
  starts: byteClass('(2-9'),
  hallmark: { kind: 'shapes', shapes: HOME_SHAPES },
  match: (window, at) => {
    if (!begins(window, at, byteBefore)) return 0;
    const isOpen = window.at(at) === OPEN;
    const area = isOpen ? at + 1 : at;
    if (!isCode(window, area)) return 0;
    if (isOpen && window.at(area + 3) !== 0x29) return 0;
    let exchange = area + 3;
    if (isOpen) exchange += window.at(exchange + 1) === 0x20 ? 2 : 1;
    else if (isIn(HOME_SEPARATORS, window.at(exchange))) exchange += 1;
    else return 0;
    const line = exchange + 4;
    if (!isCode(window, exchange) || !isIn(HOME_SEPARATORS, window.at(line - 1))) return 0;
    const end = line + 4;
    const isWhole = window.run(line, Math.min(window.end, end), DIGITS) === end;
    return isWhole && !isIn(AFTER, window.at(end)) ? end - at : 0;
  },
};

const byteBefore = byteClass('A-Za-z0-9_+.-');
const AFTER = byteClass('A-Za-z0-9_-');

/** Area codes and exchanges are three digits that begin with 2 to 9 (NANP). */
function isCode(window: Window, at: number): boolean {
  const first = window.at(at);
  return first >= 0x32 && first <= 0x39 && isDigit(window.at(at + 1)) && isDigit(window.at(at + 2));
}

export const phones: readonly Detector[] = [international, northAmerican];
