import { SluiceError } from '../../../contract/error.ts';

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/** What SQLite or the disk said, in words: what happened, why, what to do. */
export function asError(dir: string, error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  const said = error instanceof Error ? error.message : String(error);
  const options = { cause: error };
  switch (isFull(error) ? SQLITE_FULL : primaryCode(error)) {
    case SQLITE_BUSY:
      return new SluiceError(
        'record.unavailable',
        `Another gateway already uses the data folder ${dir}.`,
        'Stop it, or give this one a folder of its own (`dataDir`).',
        options,
      );
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new SluiceError(
        'store.corrupt',
        `The database in ${dir} is damaged (${said}).`,
        'Keep the folder for examination, and start with a copy from your backup or with another `dataDir`.',
        options,
      );
    case SQLITE_FULL:
      return unavailable(
        `the disk that holds ${dir} is full`,
        'Free some space, then restart the gateway.',
        options,
      );
    default:
      return unavailable(
        `${dir}: ${said}`,
        'Check the disk and the folder, then restart the gateway.',
        options,
      );
  }
}

function unavailable(why: string, next: string, options: ErrorOptions): SluiceError {
  return new SluiceError(
    'record.unavailable',
    `The record can't be kept: ${why}. Nothing runs unrecorded.`,
    next,
    options,
  );
}

function isFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** SQLite's primary result code (the low byte), where the error carries one. */
function primaryCode(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}
