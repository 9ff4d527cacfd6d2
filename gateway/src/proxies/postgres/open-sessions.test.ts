import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PrincipalId } from '../../../contract/ids.ts';
import { type Lab, openLab } from './testing/lab.ts';

const DANA = { id: PrincipalId.parse('person:dana'), name: 'Dana Berg' };

let lab: Lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());

test('a session of psql is listed, and who is ended reads by whom and why while a statement runs', async (context) => {
  const client = await lab.client('dora', 'scratch');
  const [live] = lab.openSessions.list();
  assert.deepEqual(
    [live?.who.name, live?.session.target.name, live?.session.surface, live?.canBeLocked],
    ['dora', 'scratch', 'postgres', false],
  );
  const running = client.query('select pg_sleep(60)');
  const other = await lab.client();
  await other.query('select 1');
  const startedMs = performance.now();
  const gone = new Promise<void>((resolve) => client.once('end', resolve));
  live?.end(DANA, 'this is production');
  await assert.rejects(running, /Dana Berg has ended this session: this is production/);
  await gone;
  assert.ok(performance.now() - startedMs < 1000);
  const names = () => lab.openSessions.list().map(({ who }) => who.name);
  await context.waitFor(() => assert.deepEqual(names(), ['ana']));
  await other.end();
});
