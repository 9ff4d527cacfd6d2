import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { endpoints } from '../../contract/endpoints.ts';
import { openApiDocument } from './openapi.ts';

test('docs/openapi.json is what the endpoint table says', () => {
  const kept: unknown = JSON.parse(
    readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'),
  );
  assert.deepEqual(
    kept,
    openApiDocument(),
    'run `node scripts/published-schemas.ts` and commit what it wrote',
  );
});

test('every endpoint is there, with its parameters and errors', () => {
  const { paths } = openApiDocument();
  const text = JSON.stringify(paths);
  for (const [name, { path }] of Object.entries(endpoints)) {
    assert.ok(text.includes(`"${path}"`) && text.includes(`"operationId":"${name}"`), name);
  }
  assert.match(text, /"name":"target","in":"path","required":true/);
  assert.match(text, /"name":"limit","in":"query","required":false/);
});

test('every reference leads somewhere', () => {
  const document = openApiDocument();
  const components = JSON.stringify(document.components);
  for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
    const component = /^#\/components\/schemas\/(\w+)$/.exec(name ?? '')?.[1];
    assert.ok(component !== undefined && components.includes(`"${component}":`), name);
  }
});
