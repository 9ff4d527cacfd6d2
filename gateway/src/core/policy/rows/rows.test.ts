import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { person } from '../a-question.fixture.ts';
import { parseFilter } from './parse.ts';
import { columnsOf, renderFilter } from './render.ts';

const ana = person(['sales', "o'neill"], {
  claims: {
    region: 'EU',
    regions: ['EU', 'US'],
    level: 3,
    none: [],
    odd: { a: 1 },
    account: 2 ** 53,
    most: Number.MAX_SAFE_INTEGER,
    quote: "x' OR 'a'='a",
    empty: null,
  },
});

function told(text: string): string {
  const parsed = parseFilter(text);
  if ('problem' in parsed) return parsed.problem;
  const rendered = renderFilter(parsed.filter, ana);
  return 'sql' in rendered ? rendered.sql : rendered.problem;
}

test('claims become literals, lists become IN', () => {
  assert.equal(told('region = claims.region'), "region = 'EU'");
  assert.equal(
    told('Region = claims.regions and level<=claims.level'),
    "region IN ('EU', 'US') AND level <= '3'",
  );
  assert.equal(told('region <> claims.regions'), "region NOT IN ('EU', 'US')");
  assert.equal(
    told('region in claims.regions or team in user.groups'),
    "region IN ('EU', 'US') OR team IN ('sales', 'o''neill')",
  );
  assert.equal(told("region in (claims.regions, 'ME')"), "region IN ('EU', 'US', 'ME')");
  assert.equal(told('region = claims.none'), 'FALSE');
  assert.equal(told('owner = user.id'), `owner = '${ana.id}'`);
  assert.equal(
    told('not (a = 1 or b is not null) and "Odd name" between 1 and -2.5'),
    'NOT (a = 1 OR b IS NOT NULL) AND "Odd name" BETWEEN 1 AND -2.5',
  );
  assert.equal(told('lower(name) not like claims.region and active'), "lower(name) NOT LIKE 'EU' AND active");
  assert.equal(told('a = claims.quote'), "a = 'x'' OR ''a''=''a'");
  assert.equal(told('"order" = 1 and user.name = "user"'), `"order" = 1 AND '${ana.name}' = "user"`);
});

test('what can not be told for somebody says why', () => {
  assert.match(told('region = claims.regoin'), /you have no claim "regoin"/);
  assert.match(told('region = claims.empty'), /you have no claim/);
  assert.match(told('region = claims.odd'), /neither a value nor a list/);
  assert.match(told('level < claims.regions'), /is a list/);
  assert.match(told('id = claims.account'), /it must be a text/);
  assert.equal(told('id = claims.most'), "id = '9007199254740991'");
  assert.match(told('lower(claims.regions) = region'), /neither a value/);
});

test('what is not on the list is told when the policy is loaded', () => {
  for (const [text, why] of [
    ['', /ends where a value/],
    ['region =', /ends where a value/],
    ['region = (select 1)', /value should/],
    ['id in (select id from secrets)', /not expected|missing/],
    ['pg_sleep(10) is null', /function "pg_sleep" is not known/],
    ["a = 'x'::text", /":/],
    ['a = 1; drop table x', /"; drop/],
    ['a = 1 -- b', /can't stand/],
    ['public.clients.region = 1', /not known; write a column by its name alone/],
    ['user.password = 1', /"user.password" is not known/],
    ['a || b = c', /can't stand/],
    ['a not = 1', /after NOT stands/],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, /nests more/],
  ] as const) {
    assert.match(told(text), why, text);
  }
});

test('columns are known, whatever stands around them', () => {
  const parsed = parseFilter(
    'lower(A) = claims.region or not ("B" in (c, 1) and d between e and f) and g is null',
  );
  assert.ok('filter' in parsed);
  assert.deepEqual([...columnsOf(parsed.filter)].sort(), ['B', 'a', 'c', 'd', 'e', 'f', 'g']);
});

test('a claim can be nothing but one literal', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const parsed = parseFilter('a = claims.v');
      assert.ok('filter' in parsed);
      const rendered = renderFilter(parsed.filter, { ...ana, claims: { v: value } });
      if ('problem' in rendered) return value.includes('\0') || !value.isWellFormed();
      return /^a = '(?:[^']|'')*'$/s.test(rendered.sql);
    }),
  );
});
