import type { CoarseRun } from '../hallmark.ts';
import { byteClass } from '../window.ts';

/** Digits, with what may stand between them. */
export const NUMBER: CoarseRun = { of: byteClass('0-9+ .()/-'), length: 6 };
/** Letters and digits as keys and tokens have them. */
export const TOKEN: CoarseRun = { of: byteClass('A-Za-z0-9_./+=-'), length: 20 };
