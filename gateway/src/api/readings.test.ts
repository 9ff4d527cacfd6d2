import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventLog } from '../core/recording/event-log.ts';
import { testApi } from './api.fixture.ts';

test('whoever reads about others stands in the log with what they looked for, but for words that may be values', async (context) => {
  const api = await testApi(context);
  const searches = [
    '',
    '?target=shop&principal=ana&outcome=refused',
    '?text=4111111111111111&answers=include',
  ];
  for (const search of searches) {
    assert.equal((await api.get(`/v1/records${search}`, 'audrey')).status, 200);
    assert.equal((await api.get(`/v1/records${search}`, 'ana')).status, 200);
  }
  assert.equal((await api.get('/v1/coverage?target=shop', 'audrey')).status, 200);
  assert.equal((await api.get('/v1/coverage?target=shop', 'ana')).status, 403);
  const told = api.events.map(({ by, fact }) => [by?.name, fact.kind === 'adminAct' ? fact.act : fact.kind]);
  assert.deepEqual(told, [
    ['audrey', 'read records of everybody'],
    ['audrey', 'read records of everybody (principal ana, outcome refused, target shop)'],
    ['audrey', 'read records of everybody with their answers (words of statements)'],
    ['audrey', 'asked what could not be looked into on shop'],
  ]);
});

test('nothing is shown to whoever reads about others while the log can not tell of it', async (context) => {
  const events = new EventLog(
    {
      open: () => ({ durable: async () => undefined }),
      close: async () => undefined,
      keep: async () => undefined,
      note: async () => {
        throw new Error('disk full');
      },
    },
    () => new Date(0),
  );
  const api = await testApi(context, undefined, undefined, { events });
  assert.equal((await api.get('/v1/records', 'audrey')).status, 500);
});
