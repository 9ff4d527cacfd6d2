import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Node } from 'libpg-query';
import { bodyOf } from '../parse/node.ts';
import { parse, ready } from '../parse/parser.ts';
import { outputName } from './output-name.ts';

before(() => ready);

/** The expression of `SELECT expression`. */
function expressionOf(text: string): Node | undefined {
  const parsed = parse(`SELECT ${text}`);
  const tree = parsed.kind === 'parsed' ? parsed.statements[0]?.tree : undefined;
  return bodyOf(bodyOf(tree, 'SelectStmt')?.targetList?.[0], 'ResTarget')?.val;
}

test('a name is the one that the server gives', () => {
  const names = [
    ['1', '?column?'],
    ['1::body', 'body'],
    ['lower(x)::body', 'lower'],
    ["CASE WHEN true THEN 1 ELSE '2'::body END", 'case'],
    ['CASE WHEN true THEN 1 ELSE body END', 'body'],
    ['(CASE WHEN true THEN 1 ELSE 2 END)::body', 'body'],
    ["'<a/>'::xml IS DOCUMENT", '?column?'],
    ['xmlconcat(x)', 'xmlconcat'],
    ['ARRAY(SELECT 1)', 'array'],
    ['EXISTS (SELECT 1)', 'exists'],
  ] as const;
  for (const [text, name] of names) assert.equal(outputName(expressionOf(text), new Map()), name, text);
});

test("a subquery's is that of its first column, whatever stands around it", () => {
  for (const text of ['(SELECT 1)::body', "((SELECT 'x'::body)::text)::body", '(VALUES (1))::body']) {
    const expression = expressionOf(text);
    let link = expression;
    while (bodyOf(link, 'TypeCast') !== undefined) link = bodyOf(link, 'TypeCast')?.arg;
    const sublink = bodyOf(link, 'SubLink');
    assert.ok(sublink, text);
    assert.equal(outputName(expression, new Map([[sublink, '?column?']])), '?column?', text);
    assert.equal(outputName(expression, new Map([[sublink, null]])), null, text);
    assert.equal(outputName(expression, new Map()), null, text);
  }
});
