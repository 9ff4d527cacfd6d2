import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompactRange } from './compact-range.ts';
import { consistencyProof, includes, inclusionProof, isConsistent, rootOf } from './proofs.ts';
import { EMPTY_ROOT, type Hash, leafHash } from './tree-hash.ts';

/** The leaves, roots and paths that implementations of Certificate Transparency test themselves with. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const INCLUSION: ReadonlyArray<[leaf: number, size: number, path: string[]]> = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const CONSISTENCY: ReadonlyArray<[older: number, newer: number, path: string[]]> = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** A tree that keeps every full subtree; `roots[n]` is the root of its first `n` leaves. */
function treeOf(leaves: readonly Uint8Array[]) {
  const subtrees = new Map<string, Hash>();
  const range = new CompactRange((level, index, hash) => subtrees.set(`${level} ${index}`, hash));
  const roots = [range.root()];
  for (const leaf of leaves) {
    range.append(leafHash(leaf));
    roots.push(range.root());
  }
  const subtreeAt = (level: number, index: number): Hash => {
    const hash = subtrees.get(`${level} ${index}`);
    assert.ok(hash, `subtree ${index} of level ${level} is full`);
    return hash;
  };
  const root = (size: number): Hash => roots[size] ?? EMPTY_ROOT;
  return { root, subtreeAt, head: (size: number) => ({ size, root: root(size) }) };
}

test('roots and proofs are those that are published', () => {
  const leaves = LEAVES.map((text) => Buffer.from(text, 'hex'));
  const tree = treeOf(leaves);
  assert.equal(hex(tree.root(0)), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.deepEqual(
    ROOTS.map((_, at) => hex(tree.root(at + 1))),
    ROOTS,
  );
  for (const [leaf, size, path] of INCLUSION) {
    assert.deepEqual(inclusionProof(leaf, size, tree.subtreeAt).map(hex), path);
  }
  for (const [older, newer, path] of CONSISTENCY) {
    assert.deepEqual(consistencyProof(older, newer, tree.subtreeAt).map(hex), path);
  }
});

const SIZE = 300;
const tree = treeOf(Array.from({ length: SIZE }, (_, at) => Buffer.from(`leaf ${at}`)));

/** A few sizes around every leaf: all of them would be 45,000 proofs. */
const sizesFrom = (from: number) =>
  [from, from + 1, from + 2, from + 7, (from * 7) % SIZE, SIZE].filter(
    (size) => size >= from && size <= SIZE,
  );

test('every leaf is proved to be in trees around it, and in no other place, tree or root', () => {
  for (let leaf = 0; leaf < SIZE; leaf++) {
    const hash = tree.subtreeAt(0, leaf);
    for (const size of sizesFrom(leaf + 1)) {
      const path = inclusionProof(leaf, size, tree.subtreeAt);
      const root = tree.root(size);
      assert.ok(includes(hash, leaf, size, path, root), `${leaf} in ${size}`);
      assert.ok(!includes(hash, leaf + 1, size, path, root), `${leaf} is not at ${leaf + 1} of ${size}`);
      assert.ok(!includes(leafHash(Buffer.from('other')), leaf, size, path, root));
      assert.ok(!includes(hash, leaf, size, [...path, hash], root));
      if (path.length > 0) assert.ok(!includes(hash, leaf, size, path.slice(1), root));
      assert.ok(!includes(hash, leaf, size, path, tree.root(size - 1)));
    }
  }
});

test('every tree is proved to begin with the smaller ones, and with no others', () => {
  for (let older = 1; older <= SIZE; older++) {
    for (const newer of sizesFrom(older)) {
      const path = consistencyProof(older, newer, tree.subtreeAt);
      const heads = [tree.head(older), tree.head(newer)] as const;
      assert.ok(isConsistent(...heads, path), `${older} in ${newer}`);
      assert.ok(!isConsistent({ size: older, root: tree.root(older - 1) }, heads[1], path));
      assert.ok(!isConsistent(heads[0], { size: newer, root: tree.root(newer - 1) }, path));
      assert.ok(!isConsistent(...heads, [...path, EMPTY_ROOT]));
      if (path.length > 0) assert.ok(!isConsistent(...heads, path.slice(1)));
    }
  }
  assert.ok(isConsistent(tree.head(0), tree.head(5), []));
});

test('a tree is gone on with from its full subtrees alone, at any size', () => {
  for (let size = 0; size < SIZE; size++) {
    assert.deepEqual(rootOf(size, tree.subtreeAt), tree.root(size));
    const range = CompactRange.of(size, tree.subtreeAt);
    assert.deepEqual(range.root(), tree.root(size));
    range.append(tree.subtreeAt(0, size));
    assert.deepEqual(range.root(), tree.root(size + 1));
  }
});
