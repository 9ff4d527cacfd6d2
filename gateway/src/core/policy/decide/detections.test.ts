import assert from 'node:assert/strict';
import { test } from 'node:test';
import { person, policyOf, question, tryPolicy } from '../a-question.fixture.ts';

const READ = `
  - id: developers-read
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { targets: [shop] }
    doing: anything
    then: allow
    because: They look.`;

const detect = (on: string, then = '{ detect: [cards, order-ref], replace: stars }', more = '') => `version: 1
patterns: { order-ref: '\\bORD-[0-9]{6}\\b' }
rules:${READ}
  - id: no-cards
    owner: security@shop.example
    who: everyone
    except: { groups: [dba] }
    on: ${on}
    ${more}
    then: ${then}
    because: Cards stand where they should not.
`;

const ana = person(['developers']);
const notes = { reads: ['orders'], disclosed: ['orders.note', 'orders.total'] };

test('a rule on a column names the columns whose values are looked at', () => {
  const { decision } = policyOf(detect('{ columns: [orders.note] }')).decide(question(ana, notes));
  assert.equal(decision.outcome, 'mask');
  assert.deepEqual(decision.masks, []);
  assert.deepEqual(decision.detections, [
    {
      rule: 'no-cards',
      detect: ['cards', 'order-ref'],
      patterns: [{ name: 'order-ref', matches: '\\bORD-[0-9]{6}\\b' }],
      replace: 'stars',
      columns: [{ schema: 'public', relation: 'orders', column: 'note' }],
    },
  ]);
  assert.deepEqual(
    decision.rules.map(({ id, outcome }) => [id, outcome]),
    [
      ['developers-read', 'allow'],
      ['no-cards', 'mask'],
    ],
  );
  assert.match(
    decision.sentence,
    /What detectors find in it is replaced \(cards and order-ref; rule no-cards of/,
  );
});

test('elsewhere, for others, and where nothing of the target is shown it does not apply', () => {
  const onNote = policyOf(detect('{ columns: [orders.note] }'));
  const other = onNote.decide(question(ana, { reads: ['customers'], disclosed: ['customers.name'] }));
  assert.equal(other.decision.detections, undefined);
  assert.equal(other.decision.outcome, 'allow');
  const dba = onNote.decide(question(person(['developers', 'dba']), notes));
  assert.equal(dba.decision.detections, undefined);
  const everywhere = policyOf(detect('{ targets: [shop] }'));
  assert.equal(everywhere.decide(question(ana, notes)).decision.detections?.[0]?.columns, null);
  for (const quiet of [{ kind: 'set' as const }, { reads: ['pg_catalog.pg_class'] }]) {
    assert.equal(everywhere.decide(question(ana, quiet)).decision.detections, undefined);
  }
});

test('a condition that can not be evaluated blocks', () => {
  const policy = policyOf(detect('{ targets: [shop] }', '{ detect: [cards] }', 'when: claims.level > 2'));
  assert.equal(policy.decide(question(ana, notes)).decision.outcome, 'block');
});

test('what is wrong with detectors and patterns is told where it stands', () => {
  for (const [then, pattern, told] of [
    ['{ detect: [card] }', 'a', /2:|there is no detector "card"; did you mean "cards"\?/],
    ['{ detect: [] }', 'a', /the list of detectors is empty/],
    ['{ detect: [cards], replace: hash }', 'a', /1\.yaml:/],
    ['{ detect: [x] }', 'a*', /the pattern "x" can't be used: "\*" has no upper bound/],
    ['{ detect: [x] }', 'a{1,200}', /it can match 200 characters; 127 are the most/],
  ] as const) {
    const result = tryPolicy(
      detect('everything', then).replace(/^patterns:.*$/m, `patterns: { x: '${pattern}' }`),
    );
    assert.ok(Array.isArray(result), then);
    assert.match(result.join('\n'), told);
  }
  const taken = tryPolicy(`version: 1\npatterns: { cards: 'a' }`);
  assert.match(String(taken), /choose another name/);
  assert.match(
    String(tryPolicy(detect('everything', '{ detect: [cards] }', 'doing: [select]'))),
    /take "doing" out/,
  );
});
