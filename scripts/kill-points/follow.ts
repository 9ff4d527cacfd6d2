import { examine } from '../../gateway/src/adapters/store/audit/examine.ts';
import { readFolder } from '../../gateway/src/adapters/store/audit/kept-folder.ts';
import {
  type KeptCheckpoint,
  type KeptLeaf,
  LogVerifier,
  problemInWords,
} from '../../gateway/src/core/audit/verify.ts';

/** Reads a log as it grows, and checks what came to it since the last time. */
export class Follower {
  readonly #dir: string;
  readonly #verifier = new LogVerifier({ tiles: null });
  #seq = 0;
  #checkpoint = 0;
  #keys = new Set<string>();
  #keysBefore = new Set<string>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  get size(): number {
    return this.#seq;
  }

  /** @throws Error when what is new does not verify */
  read(): void {
    this.#keysBefore = this.#keys;
    this.#keys = new Set();
    const log = readFolder(this.#dir, { seq: this.#seq, checkpoint: this.#checkpoint });
    try {
      this.#verifier.take({
        leaves: this.#noted(log.leaves),
        checkpoints: this.#passed(log.checkpoints),
        copies: log.copies,
      });
      mustBeSound(this.#verifier.verdict(null).problems.map(problemInWords));
    } finally {
      log.close();
    }
  }

  /** What was acknowledged, as `kind record`, and is not in what was read the last two times. */
  missing(acknowledged: readonly string[]): string[] {
    return acknowledged.filter((line) => !this.#keys.has(line) && !this.#keysBefore.has(line));
  }

  /** Verifies all of the log, tiles and database too. @throws Error when something is wrong */
  readAll(): void {
    const log = readFolder(this.#dir);
    try {
      mustBeSound(examine(log, null).problems.map(problemInWords));
    } finally {
      log.close();
    }
  }

  *#noted(leaves: Iterable<KeptLeaf>): Generator<KeptLeaf> {
    for (const leaf of leaves) {
      const { seq, kind, record, body } = leaf;
      this.#seq = seq;
      if (kind !== 'closed' || body === null || !body.includes('"lost"')) this.#keys.add(`${kind} ${record}`);
      // Opened and closed in one batch.
      if (kind === 'kept') for (const part of ['opened', 'closed']) this.#keys.add(`${part} ${record}`);
      yield leaf;
    }
  }

  *#passed(checkpoints: Iterable<KeptCheckpoint>): Generator<KeptCheckpoint> {
    for (const checkpoint of checkpoints) {
      this.#checkpoint = checkpoint.number;
      yield checkpoint;
    }
  }
}

function mustBeSound(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`the log does not verify:\n${problems.join('\n')}`);
}
