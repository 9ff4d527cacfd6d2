import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { SqlFacts } from '../../../gateway/contract/facts.ts';
import { TargetName } from '../../../gateway/contract/ids.ts';
import { Verdict } from '../../../gateway/contract/verdict.ts';
import { fixesFor } from './fixes.ts';
import { VerdictBook } from './verdict-book.ts';
import { escapeMarkdown, lensTitle, problemText, verdictDetails } from './wording.ts';

const shop = TargetName.parse('shop');
const rule = { id: 'pii', outcome: 'mask', owner: 'dpo@shop.example', because: 'Personal | data' };
const column = { schema: 'public', relation: 'customers', column: 'email' };
const mask = { method: 'partial', keep: 'domain' };
const reason = { rule: 'pii', owner: rule.owner, because: rule.because, mask, sources: [column] };

const NO_FACTS = {
  protocol: 'sql',
  kind: 'select',
  node: 'SelectStmt',
  readOnly: true,
  hasWhere: null,
  reads: [],
  writes: [],
  disclosed: [],
  conditions: [],
  functions: [],
  settings: [],
  unknowns: [],
};

function verdict(outcome: string, over: object = {}, columns: unknown = null): Verdict {
  const decision = {
    outcome,
    rules: [rule],
    masks: [{ column, mask, rule: 'pii' }],
    asks: [
      {
        rule: 'pii',
        groups: ['dba', 'leads'],
        of: 'any',
        quorum: 1,
        waitSeconds: 900,
        windowSeconds: null,
        breakGlass: [],
      },
    ],
    sentence: 'UPDATE without WHERE is not allowed.',
    next: 'Add a WHERE clause.',
    policyVersion: 'p1',
    ...over,
  };
  return Verdict.parse({ start: 0, end: 8, facts: null, decision, columns });
}

test('the lens says it in a line', () => {
  const columns = [
    { name: 'id', masked: null },
    { name: 'email', masked: reason },
  ];
  assert.equal(lensTitle(verdict('allow', { masks: [] })), '$(pass)\u00a0allowed');
  assert.equal(lensTitle(verdict('mask', {}, columns)), '$(shield)\u00a01 column masked · allowed');
  assert.equal(lensTitle(verdict('mask')), '$(pass)\u00a0allowed', 'nothing masked is shown or compared');
  const compared = { ...verdict('mask'), facts: SqlFacts.parse({ ...NO_FACTS, conditions: [column] }) };
  assert.equal(lensTitle(compared), '$(shield)\u00a0works on 1 masked column · allowed');
  const relation = { schema: 'public', relation: 'customers' };
  const filtered = {
    ...verdict('mask', {
      rows: [{ relation, rule: 'own', condition: "region = 'EU'" }],
      lookups: [{ column, values: 1 }],
    }),
    facts: SqlFacts.parse({ ...NO_FACTS, reads: [relation] }),
  };
  assert.equal(
    lensTitle(filtered),
    "$(shield)\u00a0only rows where region = 'EU' · looks up by email · allowed",
  );
  const ruled = verdict('block', { rules: [{ ...rule, outcome: 'block' }] });
  assert.equal(lensTitle(ruled), '$(circle-slash)\u00a0blocked: Personal | data');
  assert.equal(lensTitle(verdict('approve', { masks: [] })), '$(watch)\u00a0needs approval by dba or leads');
  assert.equal(
    lensTitle(verdict('block')),
    '$(circle-slash)\u00a0blocked: UPDATE without WHERE is not allowed',
  );
  assert.equal(problemText(verdict('block')), 'UPDATE without WHERE is not allowed. Add a WHERE clause.');
});

test('details name rule, owner and reason, and nothing in them is live', () => {
  const text = verdictDetails(
    verdict('mask', { sentence: '[x](command:evil)' }, [{ name: 'a|b', masked: reason }]),
  );
  assert.ok(text.includes('dpo@shop\\.example'));
  assert.ok(text.includes('| a\\|b | only the domain kept |'));
  assert.ok(!text.includes('[x]('));
  assert.equal(escapeMarkdown('a\n\n# b'), 'a \\# b');
});

test('a stopped statement offers what helps', () => {
  const titles = (of: Verdict) => fixesFor(of).map((fix) => fix.title);
  const noWhere = SqlFacts.parse({ ...NO_FACTS, kind: 'update', hasWhere: false });
  assert.deepEqual(titles({ ...verdict('block', { asks: [] }), facts: noWhere }), [
    'Add a WHERE clause',
    'Copy a request to dpo@shop.example',
  ]);
  assert.deepEqual(titles(verdict('approve')), ['Ask dba or leads for approval beforehand…']);
  assert.deepEqual(titles(verdict('mask')), []);
  const fix = { title: 'Leave out ssn', start: 7, end: 14, replacement: 'id' };
  assert.deepEqual(fixesFor({ ...verdict('block'), fixes: [fix] })[0], {
    kind: 'replace',
    title: 'Leave out ssn',
    start: 7,
    end: 14,
    text: 'id',
  });
});

test('the details tell through what a masked column comes, and what is looked for', () => {
  const looked = {
    rule: 'net',
    owner: 'sec@shop.example',
    because: 'Cards',
    detect: ['cards'],
    replace: 'label',
    marks: ['[card]'],
  };
  const columns = [
    { name: 'who', masked: { ...reason, path: 'public.customers.email, through view public.rich' } },
    { name: 'note', masked: null, detectors: [looked] },
  ];
  const details = verdictDetails(Verdict.parse({ ...verdict('mask'), columns }));
  assert.match(details, /comes from public\\\.customers\\\.email, through view public\\\.rich/);
  assert.match(details, /Looked for in note: cards \(rule `net` of sec@shop/);
});

function book(ask: (text: string, signal: AbortSignal) => Promise<Verdict[]>) {
  const timers: (() => void)[] = [];
  const changed: string[] = [];
  let waiting: (() => void) | null = null;
  const made = new VerdictBook({
    ask: (_target, text, signal) => ask(text, signal),
    onChange: (document) => {
      changed.push(
        made
          .of(document)
          .map((s) => s.check.kind)
          .join(' '),
      );
      waiting?.();
    },
    now: () => 0,
    schedule: (action) => {
      timers.push(action);
      return () => void timers.splice(timers.indexOf(action), 1);
    },
  });
  const tick = () =>
    new Promise<void>((resolve) => {
      waiting = resolve;
      for (const action of timers.splice(0)) action();
    });
  return { book: made, timers, changed, tick };
}

test('asks after a pause, once for a text, and not for what was typed on the way', async () => {
  const asked: string[] = [];
  const {
    book: verdicts,
    timers,
    changed,
    tick,
  } = book(async (text) => {
    asked.push(text);
    return [verdict('allow')];
  });
  verdicts.update('a', 'select', { target: shop });
  verdicts.update('a', 'select 1', { target: shop });
  assert.equal(timers.length, 1);
  await tick();
  verdicts.update('a', 'select 1', { target: shop });
  assert.deepEqual(asked, ['select 1']);
  assert.deepEqual(changed, ['checking', 'checking', 'checked', 'checked']);
});

test('an edit gives the question up; unchanged statements keep their verdict meanwhile', async () => {
  const { book: verdicts, tick } = book(async () => [verdict('allow')]);
  verdicts.update('a', 'select 1', { target: shop });
  await tick();
  verdicts.update('a', 'select 1; select 2', { target: shop });
  assert.deepEqual(
    verdicts.of('a').map((s) => s.check.kind),
    ['checked', 'checking'],
  );
});

test('without a target or an answer, statements are still found and marked', async () => {
  const { book: verdicts, tick } = book(async () => {
    throw new SluiceError('target.unreachable', 'shop does not answer.');
  });
  verdicts.update('a', 'select 1; select 2', { target: null, why: 'signed out', remedy: 'sluice.signIn' });
  assert.deepEqual(
    verdicts.of('a').map((s) => s.check),
    Array(2).fill({ kind: 'notChecked', why: 'signed out', remedy: 'sluice.signIn' }),
  );
  verdicts.update('a', 'select 1', { target: shop });
  await tick();
  assert.deepEqual(verdicts.of('a')[0]?.check, {
    kind: 'notChecked',
    why: 'shop does not answer.',
    remedy: 'sluice.showLog',
  });
});
