import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file that only its owner may read. It is whole or as it was, also after the power went. */
export function writeDurably(file: string, text: string): void {
  const unfinished = `${file}.tmp`;
  const descriptor = openSync(unfinished, 'w', 0o600);
  try {
    // Goes on after a write in part, which a disk that is nearly full answers with.
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  moveDurably(unfinished, file);
}

export function moveDurably(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** A file's name is on disk only once its folder is; Windows keeps it with the file. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
