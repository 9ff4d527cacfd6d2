import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SluiceError } from '../../../contract/error.ts';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** Makes a folder that only its owner may enter, with its parents. */
export function makePrivateFolder(folder: string): void {
  told(`The data folder ${folder} can't be made`, () => {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  });
}

/** Reads a file; null when there is none. */
export function readPrivateFile(file: string): string | null {
  return told(`${file} can't be read`, () => (existsSync(file) ? readFileSync(file, 'utf8') : null));
}

/** Writes a file that only its owner may read, whole or not at all. */
export function writePrivateFile(file: string, text: string): void {
  told(`${file} can't be written`, () => {
    mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
    const unfinished = `${file}.${process.pid}.tmp`;
    writeFileSync(unfinished, text, { mode: OWNER_ONLY });
    chmodSync(unfinished, OWNER_ONLY);
    renameSync(unfinished, file);
  });
}

function told<Result>(what: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SluiceError(
      'config.unreadable',
      `${what}: ${why}.`,
      'Check the folder’s owner and free space, or set dataDir to another folder.',
      { cause },
    );
  }
}
