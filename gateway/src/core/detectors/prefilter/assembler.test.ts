import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  branchIf,
  type Code,
  I32,
  i32,
  localGet,
  localSet,
  localTee,
  loop,
  moduleOf,
  unsigned,
  V128,
  v128,
  whenTrue,
} from './assembler.ts';

declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (
    module: object,
  ) => {
    exports: { memory: { buffer: ArrayBuffer }; run: (value: number) => number };
  };
};

function made(body: Code) {
  const bytes = moduleOf(
    1,
    [
      [2, I32],
      [1, V128],
    ],
    body,
  );
  const { memory, run } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  return { memory: new Uint8Array(memory.buffer), run };
}

test('numbers are written as LEB128 has them', () => {
  for (const [value, bytes] of [
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 1]],
    [624485, [0xe5, 0x8e, 0x26]],
  ] as const)
    assert.deepEqual(unsigned(value), bytes);
  for (const value of [0, 1, -1, 63, 64, -64, -65, 127, 128, 0xffff, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)])
    assert.equal(made([...i32.constant(value)]).run(0), value);
});

test('code runs: a loop, a condition, locals', () => {
  // The sum of the numbers from the parameter down to 1.
  const sum = [
    ...localGet(0),
    ...whenTrue(
      loop(
        [...localGet(1), ...localGet(0), ...i32.add, ...localSet(1)],
        [...localGet(0), ...i32.constant(1), ...i32.subtract, ...localTee(0)],
        branchIf(0),
      ),
    ),
    ...localGet(1),
  ];
  assert.deepEqual(
    [0, 1, 4, 100].map((value) => made(sum).run(value)),
    [0, 1, 10, 5050],
  );
});

test('sixteen bytes at once: loaded, looked up, compared, stored', () => {
  const { memory, run } = made([
    ...i32.constant(64),
    ...i32.constant(0),
    ...v128.load(0),
    ...i32.constant(0),
    ...v128.load(16),
    ...v128.swizzle,
    ...localTee(3),
    ...v128.store(0),
    ...localGet(3),
    ...v128.bytes(7),
    ...v128.bytesEqual,
    ...v128.bitmask,
  ]);
  memory.set([9, 7, 5], 0);
  memory.set([2, 1, 0, 1, 200], 16);
  assert.equal(run(0), 0b01010);
  assert.deepEqual([...memory.subarray(64, 70)], [5, 7, 9, 7, 0, 9]);
});
