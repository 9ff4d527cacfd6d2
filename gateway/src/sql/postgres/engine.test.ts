import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CatalogueVersion } from '../../../contract/ids.ts';
import type { AnalyseRequest } from '../engine.ts';
import { Snapshot } from './catalogue/snapshot.ts';
import { createPostgresEngine } from './engine.ts';

const engine = createPostgresEngine();
after(() => engine.close());

const version = CatalogueVersion.parse('v1');
const empty = Object.fromEntries(Object.keys(Snapshot.shape).map((name) => [name, []]));

const request = (text: string): AnalyseRequest => ({
  text,
  catalogue: version,
  session: { searchPath: ['public'], role: 'r', temporary: [], prepared: new Map(), cursors: new Map() },
  reviewedFunctions: new Set(),
});

test('a catalogue that was not taught is an answer', async () => {
  const analysis = await engine.analyse(request('select 1'));
  assert.equal(analysis.kind, 'unparsed');
});

test('of a target the versions that were used last are known, however often they change places', async () => {
  const of = (name: string) => CatalogueVersion.parse(`used ${name}`);
  const learn = (name: string) => engine.learn('used', of(name), empty);
  const knows = async (name: string) =>
    (await engine.analyse({ ...request('select 1'), catalogue: of(name) })).kind === 'analysed';
  for (const name of ['a', 'b', 'c', 'a', 'd']) await learn(name);
  assert.deepEqual(await Promise.all(['a', 'b', 'c', 'd'].map(knows)), [true, false, true, true]);
  // A worker that is new is taught the same.
  const deep = `select ${'('.repeat(200_000)}1${')'.repeat(200_000)}`;
  assert.equal((await engine.analyse(request(deep))).kind, 'unparsed');
  assert.deepEqual(await Promise.all(['a', 'b', 'c', 'd'].map(knows)), [true, false, true, true]);
  void learn('b');
  assert.ok(await knows('b'));
});

test('it is told which statements make lasting, or have checked, what was done before them', async () => {
  await engine.learn('t', version, empty);
  const concludes = async (text: string) => {
    const analysis = await engine.analyse(request(text));
    return analysis.kind === 'analysed' && analysis.statements.map((statement) => statement.concludes);
  };
  const ends = "commit; end; commit and chain; prepare transaction 'a'; commit prepared 'a'";
  assert.deepEqual(await concludes(ends), [true, true, true, true, true]);
  assert.deepEqual(await concludes('set constraints all immediate; set constraints a immediate'), [
    true,
    true,
  ]);
  const others =
    'begin; savepoint a; release a; rollback to a; rollback; set constraints all deferred; select 1';
  assert.deepEqual(await concludes(others), Array(7).fill(false));
});

test('a statement that kills its worker is refused, and the next one finds a new worker that knows the catalogue', async () => {
  await engine.learn('t', version, empty);
  assert.equal((await engine.analyse(request('select 1'))).kind, 'analysed');
  const deep = `select ${'('.repeat(200_000)}1${')'.repeat(200_000)}`;
  assert.equal((await engine.analyse(request(deep))).kind, 'unparsed');
  const chain = `select ${'1+'.repeat(300_000)}1`;
  assert.equal((await engine.analyse(request(chain))).kind, 'unparsed');
  const next = await engine.analyse(request('select 1'));
  assert.equal(next.kind, 'analysed');
});

test('who waits behind a statement that kills the worker gets an answer', async () => {
  const chain = `select ${'1+'.repeat(15_000)}1`;
  const kill = engine.analyse(request(`select ${'('.repeat(16_000)}1${')'.repeat(16_000)}`));
  const behind = Array.from({ length: 5 }, (_, index) => engine.analyse(request(`select ${index}`)));
  await Promise.all([kill, engine.analyse(request(chain))]);
  for (const analysis of await Promise.all(behind)) assert.equal(analysis.kind, 'analysed');
});

test('a WITH whose first term refers to itself is an answer', async () => {
  for (const ctes of [
    'x(n) as (select n from x union all select 1)',
    'x(n) as (select n from y union all select 1), y(n) as (select n from x union select 2)',
    'x(n) as ((with z as (select n from x) select n from z) union select 1)',
  ]) {
    const analysis = await engine.analyse(request(`with recursive ${ctes} select * from x`));
    const unknowns = analysis.kind === 'analysed' ? analysis.statements[0]?.facts.unknowns : [];
    assert.ok(unknowns?.includes('WITH x refers to itself where it begins'), ctes);
  }
});

test('columns that double with each WITH are given up on', async () => {
  const names = Array.from(
    { length: 30 },
    (_, index) => `c${index + 1} as (select * from c${index} x, c${index} y)`,
  );
  const analysis = await engine.analyse(
    request(`with c0 as (select 1 a, 2 b), ${names.join(', ')} select 1`),
  );
  assert.equal(analysis.kind, 'analysed');
  const unknowns = analysis.kind === 'analysed' ? analysis.statements[0]?.facts.unknowns : [];
  assert.deepEqual(unknowns, ['a query has more than 1664 columns']);
});

test('what the server would run by itself counts: event triggers, casts that nobody writes', async () => {
  const other = CatalogueVersion.parse('v2');
  const own = { extension: null, functionSchema: 'public', function: 'spy' };
  await engine.learn('u', other, {
    ...empty,
    types: [
      {
        oid: 20000,
        schema: 'public',
        name: 'money2',
        kind: 'e',
        extension: null,
        base: 0,
        element: 0,
        parts: [],
      },
    ],
    casts: [{ ...own, source: 20000, target: 25, unasked: true, shown: 'money2 to text' }],
    eventTriggers: [{ name: 'watch', schema: 'public', function: 'spy' }],
  });
  const unknowns = async (text: string) => {
    const analysis = await engine.analyse({ ...request(text), catalogue: other });
    return analysis.kind === 'analysed' ? analysis.statements[0]?.facts.unknowns : [analysis.message];
  };
  assert.deepEqual(await unknowns('create schema s'), [
    'event trigger watch: function public.spy is not reviewed',
  ]);
  assert.deepEqual(await unknowns("select 'a'::money2"), [
    'the cast from money2 to text: function public.spy is not reviewed',
  ]);
  assert.deepEqual(await unknowns('select 1'), []);
});

test('unknown relations, functions and syntax are told in sentences', async () => {
  const unknowns = async (sql: string) => {
    const analysis = await engine.analyse(request(sql));
    return analysis.kind === 'analysed' ? analysis.statements[0]?.facts.unknowns : [analysis.message];
  };
  assert.deepEqual(await unknowns('select * from nowhere'), ['relation nowhere is not in the catalogue']);
  assert.deepEqual(await unknowns('select f()'), ['function f is not known']);
  assert.deepEqual(await unknowns('do $$begin end$$'), ['DO runs code that is not analysed']);
  assert.deepEqual(await unknowns("copy (select 1) to program 'x'"), ['COPY with a program on the server']);
  assert.deepEqual(await unknowns("prepare transaction 'x'"), [
    'two-phase commit outlives the session that was checked',
  ]);
  assert.deepEqual(await unknowns("set log_statement = 'all'"), [
    'setting log_statement is not among those that may be changed',
  ]);
});
