import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { CompactRange } from '../../../core/audit/compact-range.ts';
import { commitmentTo, hashOfEntry, SALT_BYTES } from '../../../core/audit/leaf.ts';
import { type Subject, subjectOf } from '../../../core/audit/subject.ts';
import type { Hash } from '../../../core/audit/tree-hash.ts';
import type { Entry } from '../entries.ts';
import { StoredTree, TILE_LEAVES, TILE_LEVELS } from './stored-tree.ts';

const SizeRow = z.object({ size: z.int().nullable() });

/**
 * The log's one way in: each entry is a row and a leaf of the tree. Rows are numbered from 1 on without gaps, leaves
 * from 0. Appends belong into a transaction; one that is rolled back leaves this object useless.
 */
export class TreeLog {
  readonly stored: StoredTree;
  readonly #range: CompactRange;
  readonly #insert;
  readonly #begin;
  readonly #end;
  readonly #tile;
  #salts = Buffer.alloc(0);

  constructor(raw: DatabaseSync) {
    this.stored = new StoredTree(raw);
    this.#insert = raw.prepare(
      'insert into log (seq, kind, record, principal, target, body, salt, commitment) values (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#begin = raw.prepare('insert into running (record) values (?)');
    this.#end = raw.prepare('delete from running where record = ?');
    this.#tile = raw.prepare('insert into tiles (level, "index", hash) values (?, ?, ?)');
    this.#range = this.#restored(raw);
  }

  /** How many leaves there are. */
  get size(): number {
    return this.#range.size;
  }

  root(): Hash {
    return this.#range.root();
  }

  /** `subject`: what the body says of it, where that was read already. */
  append({ type, record, body }: Entry, subject: Subject = subjectOf(type, body)): void {
    const { principal, target } = subject;
    const salt = this.#salt();
    const commitment = commitmentTo(salt, body);
    this.#insert.run(this.size + 1, type, record, principal, target, body, salt, commitment);
    if (type === 'opened') this.#begin.run(record);
    if (type === 'closed') this.#end.run(record);
    this.#range.append(hashOfEntry(type, record, commitment));
  }

  /** Tiles tell of all leaves but the last few. Those of a log that is older than its tree are made here. */
  #restored(raw: DatabaseSync): CompactRange {
    const size = SizeRow.parse(raw.prepare('select max(seq) as size from log').get()).size ?? 0;
    const told = this.stored.tileCount(TILE_LEVELS) * TILE_LEAVES;
    const range = CompactRange.of(told, this.stored.subtreeAt, (level, index, hash) => {
      if (level > 0 && level % TILE_LEVELS === 0) this.#tile.run(level, index, hash);
    });
    raw.exec('begin immediate');
    for (let from = told; from < size; from += TILE_LEAVES) {
      for (const leaf of this.stored.leafHashes(from, Math.min(size, from + TILE_LEAVES))) range.append(leaf);
    }
    raw.exec('commit');
    return range;
  }

  #salt(): Buffer {
    if (this.#salts.length === 0) this.#salts = randomBytes(SALT_BYTES * 256);
    const salt = this.#salts.subarray(0, SALT_BYTES);
    this.#salts = this.#salts.subarray(SALT_BYTES);
    return salt;
  }
}
