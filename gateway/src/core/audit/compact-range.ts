import { EMPTY_ROOT, type Hash, nodeHash } from './tree-hash.ts';

/** Told of every subtree that is full: `2 ** level` leaves from `index * 2 ** level` on. Level 0 is a leaf. */
export type OnSubtree = (level: number, index: number, hash: Hash) => void;

/** The roots of the full subtrees that a tree consists of: enough to append to it and to know its root. */
export class CompactRange {
  readonly #onSubtree: OnSubtree;
  /** By level; one that the size has no bit for is null. */
  readonly #subtrees: (Hash | null)[] = [];
  #size = 0;

  constructor(onSubtree: OnSubtree = () => undefined) {
    this.#onSubtree = onSubtree;
  }

  /** A tree of `size` leaves, whose full subtrees are known. */
  static of(size: number, subtreeAt: (level: number, index: number) => Hash, onSubtree?: OnSubtree) {
    const range = new CompactRange(onSubtree);
    range.#size = size;
    for (const { level, index } of fullSubtrees(size)) range.#subtrees[level] = subtreeAt(level, index);
    return range;
  }

  get size(): number {
    return this.#size;
  }

  append(leaf: Hash): void {
    let hash = leaf;
    let level = 0;
    let index = this.#size;
    this.#onSubtree(level, index, hash);
    for (; index % 2 === 1; level++) {
      const left = this.#subtrees[level];
      if (left === null || left === undefined) throw new Error('a compact range lacks a subtree');
      hash = nodeHash(left, hash);
      this.#subtrees[level] = null;
      index = (index - 1) / 2;
      this.#onSubtree(level + 1, index, hash);
    }
    this.#subtrees[level] = hash;
    this.#size += 1;
  }

  root(): Hash {
    let root: Hash | null = null;
    for (const subtree of this.#subtrees) {
      if (subtree === null || subtree === undefined) continue;
      root = root === null ? subtree : nodeHash(subtree, root);
    }
    return root ?? EMPTY_ROOT;
  }
}

/** The full subtrees that a tree of so many leaves consists of, largest first. */
export function fullSubtrees(size: number): Array<{ level: number; index: number }> {
  const subtrees: Array<{ level: number; index: number }> = [];
  for (let level = Math.floor(Math.log2(Math.max(size, 1))) + 1; level >= 0; level--) {
    const leaves = 2 ** level;
    if (Math.floor(size / leaves) % 2 === 1) {
      subtrees.push({ level, index: Math.floor(size / leaves) - 1 });
    }
  }
  return subtrees;
}
