import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shown as aShown } from '../../../../../extension/contract/request.fixture.ts';
import type { ShownRequest } from '../../../../../gateway/contract/approval-request.ts';
import {
  EMPTY_UI,
  type Inbox,
  neighbour,
  sectionsOf,
  withApprovals,
  withForm,
  withHistory,
  withRequest,
  withSelected,
} from './inbox.ts';

const EMPTY: Inbox = { approvals: null, ui: EMPTY_UI };
const ME = 'person:dana';
const state = (...requests: ShownRequest[]) => ({ readiness: 'ready' as const, me: ME, requests });
const mayDecide: ShownRequest['acts'] = ['approve', 'deny', 'propose', 'remark'];
const waiting = (id: string, lapsesAt = '2026-03-02T10:15:00.000Z') => aShown({ id, lapsesAt }, mayDecide);
const names = (inbox: Inbox) =>
  sectionsOf(inbox).map(({ name, requests }) => `${name}: ${requests.map(({ request }) => request.id)}`);

test('the most urgent that waits for this person is open at first', () => {
  const inbox = withApprovals(EMPTY, state(waiting('a'), waiting('b', '2026-03-02T10:01:00.000Z')));
  assert.equal(inbox.ui.selected, 'b');
  assert.deepEqual(names(inbox), ['forMe: b,a']);
});

test('what comes never takes the place of what is looked at', () => {
  const looked = withSelected(withApprovals(EMPTY, state(waiting('a'))), 'a');
  const inbox = withApprovals(looked, state(waiting('a'), waiting('b', '2026-03-02T10:01:00.000Z')));
  assert.equal(inbox.ui.selected, 'a');
});

test('what somebody else decides meanwhile stays in sight, settled, and its form closes', () => {
  const writing = withForm(withApprovals(EMPTY, state(waiting('a'), waiting('b'))), 'deny');
  assert.equal(writing.ui.form, 'deny');
  const inbox = withApprovals(
    writing,
    state(aShown({ id: 'a', status: 'denied', revision: 1 }), waiting('b')),
  );
  assert.equal(inbox.ui.selected, 'a');
  assert.equal(inbox.ui.form, null);
  assert.deepEqual(names(inbox), ['decided: a', 'forMe: b']);
});

test('an act’s answer is shown at once, but never an older state over a newer', () => {
  const inbox = withApprovals(EMPTY, state(waiting('a')));
  const approved = withRequest(inbox, aShown({ id: 'a', status: 'approved', revision: 2 }));
  assert.deepEqual(names(approved), ['others: a']);
  assert.deepEqual(names(withRequest(approved, waiting('a'))), ['others: a']);
});

test('own ones, those one has voted on, and history have their places', () => {
  const requester = { id: ME, name: 'Dana', kind: 'person', groups: [] };
  const inbox = withApprovals(
    EMPTY,
    state(
      waiting('a'),
      aShown({ id: 'b' }, ['deny', 'remark']),
      aShown({ id: 'c', requester }, ['withdraw']),
      aShown({ id: 'd', status: 'used' }),
    ),
  );
  assert.deepEqual(names(inbox), ['forMe: a', 'others: b', 'mine: c']);
  assert.deepEqual(names(withHistory(inbox, true)), ['forMe: a', 'others: b', 'mine: c', 'history: d']);
});

test('arrows go through all sections and stop at the ends', () => {
  const inbox = withApprovals(EMPTY, state(waiting('a'), waiting('b'), aShown({ id: 'c' }, ['deny'])));
  assert.equal(neighbour(inbox, 1), 'b');
  assert.equal(neighbour(inbox, -1), 'a');
  assert.equal(neighbour(withSelected(inbox, 'b'), 1), 'c');
  assert.equal(neighbour(withSelected(inbox, 'c'), 1), 'c');
  assert.equal(neighbour(EMPTY, 1), null);
});

test('a form opens only for what may be done', () => {
  const inbox = withApprovals(EMPTY, state(aShown({ id: 'a' }, ['approve', 'deny'])));
  assert.equal(withForm(inbox, 'propose').ui.form, null);
  assert.equal(withForm(inbox, 'limits').ui.form, 'limits');
});
