import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../../../../contract/error.ts';
import { parsePrivateKey, privateKeyText, type Signer, signerOf } from '../../../core/audit/note.ts';
import { moveDurably, syncFolder, writeDurably } from '../durable-file.ts';

const SEED_BYTES = 32;

/**
 * The keys that sign checkpoints, in `audit/` of the data folder. A new one is on disk as `key.next` before the log
 * tells of it, and takes the place of `key` after that: whenever the gateway dies, the key that the log names is there.
 */
export class KeyFiles {
  readonly #key: string;
  readonly #next: string;

  constructor(dir: string) {
    const folder = join(dir, 'audit');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    syncFolder(dir);
    this.#key = join(folder, 'key');
    this.#next = join(folder, 'key.next');
  }

  /** The key in force: `named` by the log, or null where the log names none yet. @throws SluiceError `store.corrupt` when it is not there */
  inForce(named: string | null): Signer {
    if (existsSync(this.#next)) {
      if (read(this.#next)?.verifier.text === named) this.take();
      else rmSync(this.#next);
    }
    const kept = existsSync(this.#key) ? read(this.#key) : null;
    if (named === null) return kept ?? this.#first();
    if (kept?.verifier.text === named) return kept;
    throw new SluiceError(
      'store.corrupt',
      `${this.#key} does not hold the key that signs the log, ${named}.`,
      'Put that file back from your backup of the data folder.',
    );
  }

  /** Makes the key that comes after; `take` puts it in force. */
  next(name: string): Signer {
    return made(this.#next, name);
  }

  take(): void {
    moveDurably(this.#next, this.#key);
  }

  #first(): Signer {
    return made(this.#key, `sluice/${randomBytes(8).toString('hex')}`);
  }
}

function made(file: string, name: string): Signer {
  const seed = randomBytes(SEED_BYTES);
  writeDurably(file, `${privateKeyText(name, seed)}\n`);
  return signerOf(name, seed);
}

/** Null when it holds no key: it was cut off. */
function read(file: string): Signer | null {
  return parsePrivateKey(readFileSync(file, 'utf8'));
}
