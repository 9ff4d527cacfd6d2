import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TargetName } from '../../../gateway/contract/ids.ts';
import { touchesText, unmetText } from './wording.ts';

const shop = { target: TargetName.parse('shop'), kind: 'postgres' as const };

test('what a rule is about is told with counts and examples', () => {
  const text = touchesText('the rule read', {
    kind: 'touches',
    targets: [{ ...shop, relations: 3, columns: 2, examples: ['public.a.x', 'public.b.y'] }],
    people: { count: 1, of: 4, examples: ['Ana Ruiz'] },
    decided: { count: 200, isMore: true, days: 30 },
  });
  assert.match(text, /\*\*shop\*\*, 2 columns of 3 relations: public\\.a\\.x, public\\.b\\.y/);
  assert.match(text, /Of 4 people known from records it is about 1: Ana Ruiz/);
  assert.match(text, /more than 200 recorded actions of the last 30 days/);
});

test('names of other people are text, and never a link, a command or HTML', () => {
  const evil = '[click](command:sluice.signOut) <img src=x> `x` **b** https://evil.example\n# h';
  const text = touchesText(`"${evil}"`, {
    kind: 'touches',
    targets: [{ ...shop, relations: 1, columns: null, examples: [evil] }],
    people: { count: 1, of: 1, examples: [evil] },
    decided: null,
  });
  assert.doesNotMatch(text, /(?<!\\)\]\(|(?<!\\)<|(?<!\\)`|https:\/\/|\n# /);
});

test('an expectation that is not met says what was expected, what came, and what is read', () => {
  const text = unmetText({
    file: 'a.test.yaml',
    line: 1,
    column: 1,
    title: 'dev on shop: select 1',
    differences: [{ what: 'outcome', expected: 'allow', actual: 'block' }],
    sentence: 'Blocked by rule x.',
  });
  assert.equal(
    text,
    'Not met: dev on shop: select 1\noutcome: expected allow, and it comes to block\nBlocked by rule x.',
  );
});
