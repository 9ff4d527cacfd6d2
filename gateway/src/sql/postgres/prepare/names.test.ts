import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MaskMethod } from '../../../../contract/decision.ts';
import { maskedColumn, maskingViewName, openColumn, sameMask, targetRoles } from './names.ts';

const NAME = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '.', '~', '"', 'é'), minLength: 1, maxLength: 31 }),
  fc.string({ unit: fc.constantFrom('x', 'ü'), minLength: 25, maxLength: 31 }),
);
const METHODS: readonly MaskMethod[] = [
  { method: 'redact' },
  { method: 'redact', fixed: true },
  { method: 'partial', keep: 'domain' },
  { method: 'partial', keep: 'last4' },
  { method: 'token' },
  { method: 'null' },
];
const METHOD = fc.constantFrom(...METHODS);

test('columns keep their names, or say by which method they are masked', () => {
  assert.equal(openColumn('email'), 'email');
  assert.equal(maskedColumn('email', { method: 'partial', keep: 'domain' }), 'email~partial-domain');
  assert.equal(maskedColumn('balance', { method: 'redact', fixed: true }), 'balance~redact-fixed');
  assert.equal(maskingViewName({ schema: 'public', name: 'customers' }, false), 'public.customers');
  assert.equal(maskingViewName({ schema: 'public', name: 'people' }, true), 'public.people~only');
  assert.deepEqual(targetRoles('shop'), { least: 'sluice_shop', owner: 'masks_of_sluice_shop' });
});

test('a name fits the 63 bytes that the server keeps', () => {
  fc.assert(
    fc.property(NAME, NAME, METHOD, fc.boolean(), (schema, name, method, only) => {
      for (const made of [
        openColumn(name),
        maskedColumn(name + name, method),
        maskingViewName({ schema, name }, only),
        targetRoles(`a${'b'.repeat(62)}`).owner,
      ]) {
        assert.ok(Buffer.byteLength(made) <= 63, made);
      }
    }),
  );
});

test('two columns, or two relations, never share a name', () => {
  fc.assert(
    fc.property(NAME, NAME, METHOD, METHOD, (one, other, left, right) => {
      const same = one === other;
      assert.equal(openColumn(one) === openColumn(other), same);
      assert.equal(maskedColumn(one, left) === maskedColumn(other, right), same && sameMask(left, right));
      assert.notEqual(openColumn(one), maskedColumn(other, left));
    }),
  );
  fc.assert(
    fc.property(fc.tuple(NAME, NAME, fc.boolean()), fc.tuple(NAME, NAME, fc.boolean()), (one, other) => {
      const named = ([schema, name, only]: typeof one) => maskingViewName({ schema, name }, only);
      assert.equal(named(one) === named(other), JSON.stringify(one) === JSON.stringify(other));
    }),
  );
});

test('the order in which a method is written means nothing', () => {
  assert.ok(sameMask({ method: 'partial', keep: 'last4' }, { keep: 'last4', method: 'partial' }));
  assert.ok(!sameMask({ method: 'partial', keep: 'last4' }, { method: 'partial', keep: 'domain' }));
});
