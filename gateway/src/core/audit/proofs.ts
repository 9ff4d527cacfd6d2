import { fullSubtrees } from './compact-range.ts';
import { EMPTY_ROOT, type Hash, nodeHash, sameHash } from './tree-hash.ts';

/** The hash of a full subtree: `2 ** level` leaves from `index * 2 ** level` on. */
export type SubtreeAt = (level: number, index: number) => Hash;

/** The root of the first `size` leaves. */
export function rootOf(size: number, subtreeAt: SubtreeAt): Hash {
  return size === 0 ? EMPTY_ROOT : rangeRoot(0, size, subtreeAt);
}

/** RFC 6962 section 2.1.1: the audit path of a leaf in the tree of the first `size`. */
export function inclusionProof(leaf: number, size: number, subtreeAt: SubtreeAt): Hash[] {
  const path: Hash[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (leaf < middle) {
      path.push(rangeRoot(middle, to, subtreeAt));
      to = middle;
    } else {
      path.push(rangeRoot(from, middle, subtreeAt));
      from = middle;
    }
  }
  return path.reverse();
}

/** RFC 6962 section 2.1.2: that the first `older` leaves of a tree are its older self. Both sizes are above 0. */
export function consistencyProof(older: number, newer: number, subtreeAt: SubtreeAt): Hash[] {
  const path: Hash[] = [];
  let from = 0;
  let to = newer;
  let isWhole = true;
  while (older !== to) {
    const middle = from + splitOf(to - from);
    if (older <= middle) {
      path.push(rangeRoot(middle, to, subtreeAt));
      to = middle;
    } else {
      path.push(rangeRoot(from, middle, subtreeAt));
      from = middle;
      isWhole = false;
    }
  }
  if (!isWhole) path.push(rangeRoot(from, to, subtreeAt));
  return path.reverse();
}

/** RFC 9162 section 2.1.3.2. */
export function includes(
  leafHash: Hash,
  leaf: number,
  size: number,
  path: readonly Hash[],
  root: Hash,
): boolean {
  if (!Number.isSafeInteger(leaf) || !Number.isSafeInteger(size) || leaf < 0 || leaf >= size) return false;
  let at = leaf;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameHash(hash, root);
}

/** A tree as a checkpoint tells of it. */
export type TreeHead = { size: number; root: Hash };

/** RFC 9162 section 2.1.4.2. */
export function isConsistent(older: TreeHead, newer: TreeHead, path: readonly Hash[]): boolean {
  if (older.size > newer.size || older.size < 0) return false;
  if (older.size === newer.size) return path.length === 0 && sameHash(older.root, newer.root);
  if (older.size === 0) return path.length === 0 && sameHash(older.root, EMPTY_ROOT);
  const rest = Number.isInteger(Math.log2(older.size)) ? [older.root, ...path] : [...path];
  const first = rest.shift();
  if (first === undefined) return false;
  let at = older.size - 1;
  let last = newer.size - 1;
  while (at % 2 === 1) {
    at = (at - 1) / 2;
    last = Math.floor(last / 2);
  }
  let olderRoot = first;
  let newerRoot = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      olderRoot = nodeHash(sibling, olderRoot);
      newerRoot = nodeHash(sibling, newerRoot);
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newerRoot = nodeHash(newerRoot, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameHash(olderRoot, older.root) && sameHash(newerRoot, newer.root);
}

/** The largest power of two below a number of leaves above 1. */
function splitOf(leaves: number): number {
  return 2 ** Math.ceil(Math.log2(leaves) - 1);
}

/** The root of leaves `from` to before `to`, which begin at a multiple of a power of two that is no smaller. */
function rangeRoot(from: number, to: number, subtreeAt: SubtreeAt): Hash {
  let root: Hash | null = null;
  for (const { level, index } of fullSubtrees(to - from).reverse()) {
    const subtree = subtreeAt(level, from / 2 ** level + index);
    root = root === null ? subtree : nodeHash(subtree, root);
  }
  if (root === null) throw new Error('a range of leaves is empty');
  return root;
}
