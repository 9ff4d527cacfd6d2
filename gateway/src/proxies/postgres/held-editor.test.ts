import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { QueryFailure, QuerySink } from '../../core/flow/governed-target.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { ASKING, Requests } from './testing/requests.ts';

let lab: Lab;
let requests: Requests;
before(async () => {
  lab = await openLab();
  lab.policy.activate(ASKING);
  requests = new Requests(lab);
});
after(() => lab.close());

/** What a run told, in lines. */
class Told implements QuerySink {
  readonly lines: string[] = [];
  onHeld: () => void = () => undefined;
  failure: QueryFailure | null = null;

  decided: QuerySink['decided'] = (index, _start, _end, { outcome }) => {
    this.lines.push(`decided ${index} ${outcome}`);
  };
  held: QuerySink['held'] = (index, { status }) => {
    if (!this.lines.includes(`held ${index} ${status}`)) this.lines.push(`held ${index} ${status}`);
    this.onHeld();
  };
  columns: QuerySink['columns'] = () => undefined;
  rows: QuerySink['rows'] = async () => undefined;
  notice: QuerySink['notice'] = ({ message }) => {
    this.lines.push(`notice ${message}`);
  };
  complete: QuerySink['complete'] = (index, tag) => {
    this.lines.push(`complete ${index} ${tag}`);
  };
  failed: QuerySink['failed'] = (index, failure) => {
    this.failure = failure;
    this.lines.push(`failed ${index} ${failure.sqlState} ${failure.error.code}`);
  };
}

test('the editor is told that a statement waits, and then of its end', async () => {
  const session = await lab.target.openQuerySession(lab.people.ana);
  const told = new Told();
  const asked = requests.next();
  const waits = new Promise<void>((resolve) => {
    told.onHeld = resolve;
  });
  const run = session.run('select 1; delete from page_views where id = -1; select 2', told);
  const request = await asked;
  await waits;
  await requests.approve(request);
  const end = await run;
  assert.equal(end.status, 'done');
  const lines = told.lines.filter((line) => !line.startsWith('notice'));
  assert.deepEqual(lines, [
    'decided 0 allow',
    'complete 0 SELECT 1',
    'decided 1 approve',
    'held 1 pending',
    'held 1 approved',
    'decided 1 approve',
    'complete 1 DELETE 0',
    'decided 2 allow',
    'complete 2 SELECT 1',
  ]);
  session.close();
});

test('cancelled in the editor the request is withdrawn; a closed session leaves none', async () => {
  const session = await lab.target.openQuerySession(lab.people.ana);
  const told = new Told();
  const asked = requests.next();
  const run = session.run('delete from page_views where id = -1', told);
  const request = await asked;
  session.cancel();
  assert.equal((await run).status, 'cancelled');
  assert.equal(told.failure?.sqlState, '57014');
  assert.equal(told.failure?.error.code, 'statement.cancelled');
  await requests.become(request, 'withdrawn');
  const again = requests.next();
  const second = session.run('delete from page_views where id = -1', new Told()).catch(() => undefined);
  const other = await again;
  session.close();
  await requests.become(other, 'withdrawn');
  await second;
});

test('asked beforehand in the editor it runs there without another click', async () => {
  const ana = lab.people.ana.current();
  assert.ok(ana);
  const text = 'delete from page_views where id = -1';
  const drafted = await lab.target.draftOf(ana, text);
  assert.ok(drafted.kind === 'draft');
  const request = await lab.approvals.ask({ ...drafted.draft, reason: 'r', ticket: '' });
  await requests.approve(request);
  const session = await lab.target.openQuerySession(lab.people.ana);
  const told = new Told();
  assert.equal((await session.run(text, told)).status, 'done');
  assert.equal(lab.approvals.get(request.id)?.status, 'used');
  session.close();
});
