import type { BodyReader } from '../bytes/body-reader.ts';
import { frame } from '../bytes/frame-builder.ts';

/** Messages that are a type and a length of 4, and nothing else. */
const BACKEND_LETTERS = {
  parseComplete: '1',
  bindComplete: '2',
  closeComplete: '3',
  emptyQueryResponse: 'I',
  noData: 'n',
  portalSuspended: 's',
} as const;
const FRONTEND_LETTERS = { flush: 'H', sync: 'S', terminate: 'X' } as const;
/** Sent by both sides. */
const EITHER_LETTERS = { copyDone: 'c' } as const;

const LETTERS = { ...BACKEND_LETTERS, ...FRONTEND_LETTERS, ...EITHER_LETTERS };

export type CopyDone = { type: 'copyDone' };
export type BodilessBackend = { type: keyof typeof BACKEND_LETTERS } | CopyDone;
export type BodilessFrontend = { type: keyof typeof FRONTEND_LETTERS } | CopyDone;

export function decodeBodiless<Type extends keyof typeof LETTERS>(
  type: Type,
  body: BodyReader,
): { type: Type } {
  body.end();
  return { type };
}

export function encodeBodiless(message: { type: keyof typeof LETTERS }): Buffer {
  return frame(LETTERS[message.type]).end();
}
