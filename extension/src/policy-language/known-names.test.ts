import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { TargetName } from '../../../gateway/contract/ids.ts';
import type { PolicyNames } from '../../../gateway/contract/policy-draft.ts';
import type { Target } from '../../../gateway/contract/target.ts';
import { KnownNamesBook, type NamesSource } from './known-names.ts';

const SHOP = TargetName.parse('shop');
const TARGET: Target = { name: SHOP, kind: 'postgres', labels: {} };
const NAMES: PolicyNames = { targets: [TARGET], groups: ['dba'], people: [] };
const SCHEMAS = [{ name: 'public', relations: [{ name: 'orders', columns: ['id'] }], functions: [] }];

function book(part: Partial<NamesSource> = {}) {
  const clock = { nowMs: 0 };
  const names = new KnownNamesBook({
    names: async () => NAMES,
    targetNames: async () => ({ kind: 'names', version: 'v1', schemas: SCHEMAS }),
    ownTargets: () => [],
    ownCatalogue: async () => ({ version: 'v1', schemas: [] }),
    now: () => clock.nowMs,
    ...part,
  });
  return { names, clock };
}

test('a catalogue is asked for again by its fingerprint, and no more often than there is need', async () => {
  const known: (string | undefined)[] = [];
  const { names, clock } = book({
    targetNames: async (_, version) => {
      known.push(version);
      return version === undefined
        ? { kind: 'names', version: 'v1', schemas: SCHEMAS }
        : { kind: 'unchanged' };
    },
  });
  await Promise.all([names.catalogues(['shop']), names.catalogues(['shop'])]);
  await names.catalogues(['shop']);
  clock.nowMs = 60_000;
  await names.catalogues(['shop', 'Not a Name']);
  assert.deepEqual(known, [undefined, 'v1']);
  assert.deepEqual(names.now.catalogues.get(SHOP), SCHEMAS);
});

test('who may not ask for all names gets those of their own targets', async () => {
  const { names } = book({
    names: async () => {
      throw new SluiceError('identity.forbidden', 'Only admins may ask.');
    },
    targetNames: async () => assert.fail('it was refused before'),
    ownTargets: () => [TARGET],
    ownCatalogue: async () => ({
      version: 'v1',
      schemas: [{ name: 'public', relations: [], functions: [] }],
    }),
  });
  await names.general();
  await names.catalogues(['shop']);
  assert.deepEqual(names.now.targets, [TARGET]);
  assert.deepEqual(names.now.groups, []);
  assert.deepEqual(
    names.now.catalogues.get(SHOP)?.map(({ name }) => name),
    ['public'],
  );
});

test('what one person was told is nothing for the next, even when it comes late', async () => {
  const late = Promise.withResolvers<PolicyNames>();
  const { names } = book({ names: () => late.promise });
  const asked = names.general();
  names.forget();
  late.resolve(NAMES);
  await asked;
  assert.deepEqual(names.now.groups, []);
});

test('a gateway that fails leaves what is known, and is asked again after a while', async () => {
  let fails = false;
  const { names, clock } = book({
    names: async () => {
      if (fails) throw new SluiceError('target.unreachable', 'It does not answer.');
      return NAMES;
    },
  });
  await names.general();
  fails = true;
  clock.nowMs = 60_000;
  await names.general();
  assert.deepEqual(names.now.groups, ['dba']);
});
