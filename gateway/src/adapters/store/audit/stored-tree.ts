import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { CompactRange } from '../../../core/audit/compact-range.ts';
import { hashOfEntry } from '../../../core/audit/leaf.ts';
import { HASH_BYTES, type Hash } from '../../../core/audit/tree-hash.ts';

/** Subtrees of every so many levels are kept, so that no proof reads more than a few hundred hashes. */
export const TILE_LEVELS = 8;
export const TILE_LEAVES = 2 ** TILE_LEVELS;

const HashBytes = z.instanceof(Uint8Array).refine(({ length }) => length === HASH_BYTES, 'is no hash');
const LeafRow = z.object({
  kind: z.enum(['opened', 'closed', 'kept', 'event']),
  record: z.string(),
  commitment: HashBytes,
});
const TileRow = z.object({ hash: HashBytes });
const CountRow = z.object({ count: z.int() });

/** The tree as it stands in the database. */
export class StoredTree {
  readonly #leaves: StatementSync;
  readonly #tiles: StatementSync;
  readonly #count: StatementSync;

  constructor(raw: DatabaseSync) {
    this.#leaves = raw.prepare(
      'select kind, record, commitment from log where seq > ? and seq <= ? order by seq',
    );
    this.#tiles = raw.prepare(
      'select hash from tiles where level = ? and "index" >= ? and "index" < ? order by "index"',
    );
    this.#count = raw.prepare('select coalesce(max("index") + 1, 0) as count from tiles where level = ?');
  }

  tileCount(level: number): number {
    return CountRow.parse(this.#count.get(level)).count;
  }

  /** @throws Error when a row of these is missing, or is none */
  leafHashes(from: number, to: number): Hash[] {
    const rows = this.#leaves.all(from, to).map((row) => LeafRow.parse(row));
    return whole(
      rows.map(({ kind, record, commitment }) => hashOfEntry(kind, record, commitment)),
      to - from,
    );
  }

  /** The hash of a subtree that is full. @throws Error when what it is made of is not there */
  readonly subtreeAt = (level: number, index: number): Hash => {
    const above = level % TILE_LEVELS;
    const count = 2 ** above;
    const parts = this.#stored(level - above, index * count, count);
    const range = new CompactRange();
    for (const part of parts) range.append(part);
    return range.root();
  };

  #stored(level: number, from: number, count: number): Hash[] {
    if (level === 0) return this.leafHashes(from, from + count);
    const rows = this.#tiles.all(level, from, from + count).map((row) => TileRow.parse(row));
    return whole(
      rows.map(({ hash }) => hash),
      count,
    );
  }
}

function whole(hashes: Hash[], count: number): Hash[] {
  if (hashes.length === count) return hashes;
  throw new Error('rows that the tree of the log is made of are missing');
}
