import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PolicyReplayState } from '../../../../../extension/contract/policy-replay-messages.ts';
import { DecisionChangeKind } from '../../../../../gateway/contract/decision-change.ts';
import { stepFor } from './keyboard.ts';
import { aReport } from './report.fixture.ts';
import { INITIAL, withFilter, withReplay, withToggled } from './state.ts';
import { differenceOf, keyOf, type Row, rowsOf, waysOf } from './tree.ts';
import { caveats, headline, warning, wayInWords } from './words.ts';

const NOTHING = { filter: '', toggled: new Set<string>() };

function texts(rows: readonly Row[]): string[] {
  return rows.map((row) => {
    if (row.kind === 'way') return row.way.name;
    if (row.kind === 'group') return `  ${row.group.rules}`;
    return row.kind === 'action' ? `    ${row.action.statement}` : `    ${row.text}`;
  });
}

test('what lets more through stands first, then what may, then what is stricter, the most first', () => {
  const rows = rowsOf(waysOf(aReport(4, 1)), NOTHING);
  assert.deepEqual(texts(rows), [
    'Unmasked',
    '  emails-show-the-domain',
    'Held for other approvers',
    '  changes-ask',
    'Newly blocked',
    '  no-deletes',
    'Newly masked',
    '  phones-tokenised',
  ]);
  assert.deepEqual(
    rows.filter(({ kind }) => kind === 'way').map(({ at, of }) => `${at} of ${of}`),
    ['1 of 4', '2 of 4', '3 of 4', '4 of 4'],
  );
});

test('a group opens to its statements, and says how many are not listed', () => {
  const ways = waysOf(aReport(1, 2));
  const [, group] = rowsOf(ways, NOTHING);
  assert.ok(group?.kind === 'group' && !group.isOpen);
  const rows = rowsOf(ways, { filter: '', toggled: new Set([keyOf(group)]) });
  assert.deepEqual(texts(rows).slice(2), [
    '    select email, phone from customers where id = 0',
    '    select email, phone from customers where id = 1',
    '    2 actions more, not listed',
  ]);
  assert.equal(new Set(rows.map(keyOf)).size, rows.length);
});

test('words are looked for in statements, people, rules and columns; what is found stands open', () => {
  const ways = waysOf(aReport(4, 4));
  const found = (filter: string) => texts(rowsOf(ways, { filter, toggled: new Set() }));
  assert.deepEqual(found('ID = 3 ').length, 4 * 4);
  assert.deepEqual(found('EMAILS-SHOW').length, 2 + 4 + 1);
  assert.deepEqual(found('domain → clear').slice(0, 2), ['Unmasked', '  emails-show-the-domain']);
  assert.equal(found('bea').filter((text) => text.startsWith('    select')).length, 4 * 2);
  assert.deepEqual(found('nothing like it'), []);
});

test('a way whose groups were all left out is still told', () => {
  const rows = rowsOf(waysOf(aReport(4, 1, { groups: [], groupsLeftOut: 4 })), NOTHING);
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    ['way', 'way', 'way', 'way'],
  );
});

test('text of others changes neither lines nor directions', () => {
  const report = aReport(1, 1);
  const hostile = { ...report.groups[0]?.examples[0], statement: 'select\n\u202e1;\u0000 drop' };
  const groups = report.groups.map((group) => ({ ...group, examples: [hostile] }));
  const ways = waysOf(aReport(1, 1, { groups }));
  assert.equal(ways[0]?.groups[0]?.actions[0]?.statement, 'select \ufffd1;\ufffd drop');
});

test('each statement has its difference', () => {
  const report = aReport(3, 1);
  const action = waysOf(report)[0]?.groups[0]?.actions[0];
  assert.ok(action);
  assert.equal(differenceOf(report, action)?.changes[0]?.kind, 'maskRemoved');
});

test('keys move, open and close as in every tree', () => {
  const rows = rowsOf(waysOf(aReport(2, 1)), NOTHING);
  const step = (key: string, at: number) => stepFor(key, rows, at, 2);
  assert.deepEqual(step('ArrowDown', 3), { type: 'move', to: 3 });
  assert.deepEqual(step('PageDown', 0), { type: 'move', to: 2 });
  assert.deepEqual(step('End', 0), { type: 'move', to: 3 });
  assert.deepEqual(step('ArrowLeft', 1), { type: 'move', to: 0 });
  assert.deepEqual(step('ArrowLeft', 0), { type: 'toggle', key: rows[0] && keyOf(rows[0]) });
  assert.deepEqual(step('ArrowRight', 1), { type: 'toggle', key: rows[1] && keyOf(rows[1]) });
  assert.deepEqual(step('ArrowRight', 0), { type: 'move', to: 1 });
  assert.deepEqual(step('Enter', 1)?.type, 'toggle');
  assert.equal(step('a', 0), null);
  assert.equal(stepFor('ArrowDown', [], 0, 2), null);
  const open = rowsOf(waysOf(aReport(1, 1)), { filter: 'id', toggled: new Set() });
  assert.deepEqual(stepFor('Enter', open, 2, 2), { type: 'open' });
  assert.deepEqual(stepFor('ArrowLeft', open, 2, 2), { type: 'move', to: 1 });
});

test('what was found, and what it means, is told in sentences', () => {
  assert.equal(
    headline(aReport(0, 0, { changed: 0 })),
    '60 actions were asked again. Nothing would be decided otherwise.',
  );
  assert.equal(headline(aReport(0, 0, { replayed: 0 })), 'No recorded action could be asked again.');
  const one = aReport(1, 1, { replayed: 1, changed: 1 });
  assert.equal(headline(one), '1 action was asked again. 1 would be decided otherwise.');
  assert.equal(warning(one), 'None of them would be let do or see more than by the policy in force.');
  assert.equal(warning(aReport(3, 1)), '17 actions would be let do or see more than by the policy in force.');
  assert.match(warning(aReport(3, 1, { base: null })), /than was decided then\.$/);
  assert.equal(warning(aReport(0, 0, { changed: 0 })), '');
  assert.deepEqual(caveats(aReport(1, 1, { groupsLeftOut: 2 }), true), [
    '30 actions could not be asked again: recorded without what the decision was asked with.',
    '10 actions could not be asked again: not understood then, and blocked by every policy.',
    '1 action was refused for another reason than the policy; what the policy said is compared.',
    'Only the newest 103 actions were asked again; there may be older ones.',
    '2 groups are counted above and not listed; what lets more through is listed first.',
  ]);
});

test('every way has a name of its own', () => {
  const names = DecisionChangeKind.options.map((kind) => wayInWords(kind, 'stricter'));
  assert.equal(new Set(names).size, names.length);
  assert.equal(wayInWords('maskChanged', 'looser'), 'Masked less');
  assert.equal(wayInWords('nowHeld', 'looser'), 'No longer blocked, held for approval');
});

test('another report begins anew, and keeps what is looked for', () => {
  const replay = PolicyReplayState.parse({
    name: 'policy',
    files: [],
    choice: { span: 'week', targets: [], against: 'inForce', dryRun: false },
    status: { kind: 'done', report: aReport(1, 1), isCut: false },
    isStale: false,
  });
  const state = withToggled(withFilter(withReplay(INITIAL, replay), 'ana'), 'x');
  assert.deepEqual([...state.toggled], ['x']);
  const again = withReplay(state, replay);
  assert.deepEqual([again.filter, again.toggled.size, again.active], ['ana', 0, '']);
  assert.equal(withFilter(state, '').toggled.size, 0);
  assert.equal(withFilter(state, 'an').toggled.size, 1);
});
