import type { Detector } from '../detector.ts';
import { begins, byteClass, type Window } from '../window.ts';

/** Every byte of non-ASCII UTF-8 counts as a letter: internationalised addresses (RFC 6531). */
const FIRST = byteClass('A-Za-z0-9_', true);
const LOCAL = byteClass("A-Za-z0-9._%+'-", true);
const DOMAIN = byteClass('A-Za-z0-9.-', true);
const LETTERS = byteClass('A-Za-z', true);
/** RFC 5321, section 4.5.3.1. */
const MAX_LOCAL_BYTES = 64;
const MAX_DOMAIN_BYTES = 255;
const AT = 0x40;
const BACKSLASH = 0x5c;
const ESCAPES = byteClass('bfnrt');
const DOT = 0x2e;

/** E-mail addresses with a domain of at least two labels (RFC 5321). */
export const emails: Detector = {
  name: 'emails',
  label: 'e-mail',
  starts: FIRST,
  hallmark: { kind: 'ahead', byte: AT, within: MAX_LOCAL_BYTES },
  match: (window, at) => {
    if (!begins(window, at, FIRST) || isEscape(window, at)) return 0;
    const local = window.run(at, Math.min(window.end, at + MAX_LOCAL_BYTES + 1), LOCAL);
    if (local - at > MAX_LOCAL_BYTES || window.at(local) !== AT) return 0;
    const end = domainEnd(window, local + 1);
    return end === 0 ? 0 : end - at;
  },
};

/** The letter of an escape such as \n that stands before an address. */
function isEscape(window: Window, at: number): boolean {
  return window.at(at - 1) === BACKSLASH && ESCAPES[window.at(at)] === 1;
}

/** Where a domain that begins at `from` ends; 0 when it is none. Dots and hyphens that follow it don't belong to it. */
function domainEnd(window: Window, from: number): number {
  let end = window.run(from, Math.min(window.end, from + MAX_DOMAIN_BYTES), DOMAIN);
  while (end > from) {
    const label = labelStart(window, from, end);
    if (label === from) return 0;
    if (end - label >= 2 && isTop(window, label, end)) return end;
    end = label - 1;
  }
  return 0;
}

function labelStart(window: Window, from: number, end: number): number {
  let at = end;
  while (at > from && window.at(at - 1) !== DOT) at -= 1;
  return at;
}

function isTop(window: Window, from: number, to: number): boolean {
  return window.has(from, 'xn--') || window.run(from, to, LETTERS) === to;
}
