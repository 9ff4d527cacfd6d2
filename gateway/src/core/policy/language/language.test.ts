import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tryPolicy } from '../a-question.fixture.ts';

/** A document with one rule, of which some lines are replaced. `outcome` stands for the line `then`. */
function withRule(lines: Record<string, string>): string {
  const rule: Record<string, string> = {
    id: 'one',
    owner: 'dba@shop.example',
    who: 'everyone',
    on: 'everything',
    doing: '[select]',
    outcome: 'allow',
    because: 'tests need it',
    ...lines,
  };
  const body = Object.entries(rule).map(
    ([key, value]) => `    ${key === 'outcome' ? 'then' : key}: ${value}`,
  );
  return ['version: 1', 'rules:', '  -', ...body].join('\n');
}

function problemsOf(...texts: string[]): string[] {
  const result = tryPolicy(...texts);
  assert.ok(Array.isArray(result), 'the policy compiled');
  return result;
}

function told(text: string, expected: RegExp): void {
  const problems = problemsOf(text);
  assert.equal(problems.length, 1, problems.join('\n'));
  assert.match(problems[0] ?? '', expected);
}

test('the smallest policy compiles', () => {
  assert.ok(!Array.isArray(tryPolicy('version: 1')));
  assert.ok(!Array.isArray(tryPolicy(withRule({}))));
});

test('what is no YAML is told with its place', () => {
  told('version: 1\nrules: [a\n', /^1\.yaml:\d+:\d+: this is not valid YAML: /);
  told('version: 1\nversion: 1\n', /^1\.yaml:2:1: this is not valid YAML: .*unique/);
  told(
    '',
    /a mapping stands here, with the keys version, tags, patterns, reviewedFunctions, delegations, record, rules/,
  );
  told('- version: 1', /^1\.yaml:1:1: a mapping stands here/);
});

test('a misspelt key points at the key and names the nearest', () => {
  told('version: 1\nrulez: []', /^1\.yaml:2:1: "rulez" is not known here; did you mean "rules"\?/);
  told(
    withRule({ who: '{ group: [a] }' }),
    /^1\.yaml:6:12: "group" is not known here; did you mean "groups"\?/,
  );
  told(
    withRule({ on: '{ table: [a] }' }),
    /^1\.yaml:7:11: "table" is not known here; did you mean "tables"\?/,
  );
  told(withRule({ becuase: 'x' }), /"becuase" is not known here; did you mean "because"\?/);
});

test('each value that does not fit says what to write', () => {
  told('version: 2', /^1\.yaml:1:10: write "version: 1"/);
  told('rules: []', /write "version: 1"/);
  told(
    withRule({ who: 'nobody' }),
    /^1\.yaml:6:10: write "everyone", a mapping such as \{groups: \[developers\]\}/,
  );
  told(withRule({ who: '{ groups: [] }' }), /the list of groups is empty/);
  told(withRule({ who: '{}' }), /it is empty; write "everyone" or say who/);
  told(withRule({ who: '{ users: [a], groups: [b] }' }), /can be read two ways/);
  told(withRule({ who: '{ kinds: [robot] }' }), /a kind is person, service or agent/);
  told(withRule({ on: 'shop' }), /write "everything", or a mapping/);
  told(withRule({ doing: '[selct]' }), /"selct" is no kind of statement; did you mean "select"\?/);
  told(withRule({ doing: 'select' }), /write "anything", or a list of statement kinds/);
  told(withRule({ outcome: 'deny' }), /^1\.yaml:9:11: write allow, block, \{mask: /);
  told(withRule({ outcome: '{ mask: redact }' }), /write a method: \{method: redact\}/);
  told(withRule({ doing: '[select]', outcome: '{ mask: { method: redact } }' }), /take "doing" out/);
  told(withRule({ outcome: '{ approve: { by: dba } }' }), /a list of groups stands here/);
  told(withRule({ id: 'Not An Id' }), /an id is made of a-z/);
  told(withRule({ because: '""' }), /the reason is empty/);
});

test('masks say their method exactly', () => {
  const mask = (outcome: string) => withRule({ outcome }).replace('    doing: [select]\n', '');
  told(mask('{ mask: { method: partial } }'), /"keep" says what stays readable: last4 or domain/);
  told(mask('{ mask: { method: redact, keep: last4 } }'), /"keep" is not known here/);
  told(mask('{ mask: { method: hash } }'), /write a method/);
  for (const method of ['redact', 'token', 'null', '"null"']) {
    assert.ok(!Array.isArray(tryPolicy(mask(`{ mask: { method: ${method} } }`))), method);
  }
});

test('a rule that is no mask says what is done', () => {
  told(withRule({}).replace('    doing: [select]\n', ''), /"doing" is missing/);
});

test('conditions are checked when the policy is loaded', () => {
  told(withRule({ when: "'now.getHours() >='" }), /the condition is not valid CEL/);
  told(
    withRule({ when: 'grups.size() > 0' }),
    /uses the name "grups", which does not exist; did you mean "groups"\?/,
  );
  told(
    withRule({ when: 'principal.mail == ""' }),
    /"principal\.mail", which does not exist; did you mean "principal\.email"\?/,
  );
  told(withRule({ when: 'network.inside("10.0.0.0/8")' }), /the function "inside", which does not exist/);
  const good =
    "groups.exists(g, g.startsWith('dev')) && (has(claims.level) ? claims.level >= 3 : false) || now < timestamp('2030-01-01T00:00:00Z')";
  assert.ok(!Array.isArray(tryPolicy(withRule({ when: JSON.stringify(good) }))));
});

test('a name that the server would have cut is about nothing, and is told', () => {
  const long = 'a'.repeat(64);
  const cut = /PostgreSQL cuts names to 63 bytes, and this one is longer; write it as \\d shows it/;
  for (const on of [
    `{ tables: [${long}] }`,
    `{ columns: [orders.${long}] }`,
    `{ schemas: [${'ö'.repeat(32)}] }`,
  ])
    told(withRule({ on }), cut);
  told(`version: 1\ntags:\n  shop.public.orders.${long}: [pii]`, cut);
  for (const fine of ['a'.repeat(63), `*${'a'.repeat(63)}*`])
    assert.ok(!Array.isArray(tryPolicy(withRule({ on: `{ tables: ['${fine}'] }` }))), fine);
});

test('tags are declared, and their patterns whole', () => {
  told(withRule({ on: '{ tags: [pii] }' }), /no column carries the tag "pii"/);
  told(
    'version: 1\ntags:\n  email: [pii]',
    /^1\.yaml:3:3: "email" is no column pattern; write target\.schema\.table\.column/,
  );
  const tags = 'version: 1\ntags:\n  shop.public.*.email: [pii]';
  assert.ok(!Array.isArray(tryPolicy(tags, withRule({ on: '{ tags: [pii] }' }))));
});

test('names have no more parts than they may', () => {
  told(
    withRule({ on: '{ tables: [shop.public.orders] }' }),
    /this is no table; write table or schema\.table/,
  );
  told(withRule({ on: '{ tables: [public..orders] }' }), /this is no table/);
  told(withRule({ on: '{ columns: [a.b.c.d] }' }), /this is no column/);
  told(
    'version: 1\nreviewedFunctions:\n  shop: [order_total]',
    /^1\.yaml:3:10: this is no function; write schema\.name/,
  );
  assert.ok(!Array.isArray(tryPolicy(withRule({ on: `{ tables: ['"odd.schema"."odd ""name"""'] }` }))));
});

test('an id is used once in all files', () => {
  const problems = problemsOf(withRule({}), withRule({}));
  assert.match(problems[0] ?? '', /^2\.yaml:4:9: the id "one" is taken by a rule in 1\.yaml/);
});

test('every problem is told at once', () => {
  assert.equal(problemsOf(withRule({ who: 'nobody', on: 'shop', because: '""' })).length, 3);
});

test('the version is what the policy says, not how it is written', () => {
  const other = withRule({ id: 'two' });
  const versionOf = (...texts: string[]) => {
    const policy = tryPolicy(...texts);
    return Array.isArray(policy) ? assert.fail(policy.join()) : policy.version;
  };
  const reordered =
    '# a comment\nrules:\n' +
    [other, withRule({})].map((text) => text.split('\n').slice(2).join('\n')).join('\n') +
    '\nversion: 1';
  assert.equal(versionOf(withRule({}), other), versionOf(other, withRule({})));
  assert.equal(versionOf(withRule({}), other), versionOf(reordered));
  assert.notEqual(versionOf(withRule({})), versionOf(withRule({ because: 'something else' })));
});
