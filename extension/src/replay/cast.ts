import type { TapePiece } from '../../contract/replay-messages.ts';

/** So much is handed on at once: small enough that nothing stands still while it is taken in. */
export const PIECE_CHARACTERS = 256 * 1024;

/** A recording of a terminal, in pieces of whole lines, as fast as they are taken. */
export type Cast = {
  /** What follows. @throws SluiceError when there is no more to be had */
  read(): Promise<TapePiece>;
  close(): void;
};
