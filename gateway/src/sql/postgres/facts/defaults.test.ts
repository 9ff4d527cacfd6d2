import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCounted, isKnown } from './defaults.ts';

test('what a default gives is known unless it is NULL or a random uuid as it is', () => {
  const nobodys = [
    null,
    'NULL',
    'NULL::character varying',
    'NULL::character varying(80)',
    'NULL::timestamp(3) with time zone',
    'NULL::numeric(10,2)',
    'NULL::text[]',
    'gen_random_uuid()',
    'public.uuid_generate_v4()',
    '(gen_random_uuid())::text',
  ];
  assert.deepEqual(nobodys.filter(isKnown), []);
  const known = [
    "'NULL'::text",
    'NULL::text IS NULL',
    "COALESCE(NULL::text, 'a'::text)",
    "nextval('s'::regclass)",
    '1',
    'random()',
    "current_setting('a.b'::text)",
    '(gen_random_uuid())::character varying(2)',
    'evil.gen_random_uuid()',
    "((gen_random_uuid())::text || 'a'::text)",
  ];
  assert.deepEqual(
    known.filter((expression) => !isKnown(expression)),
    [],
  );
});

test('a sequence gives what somebody has set it to', () => {
  assert.ok(isCounted("('a'::text || nextval('s'::regclass))"));
  assert.ok(isCounted('nextval(identity)'));
  assert.ok(!isCounted("'a'::text"));
  assert.ok(!isCounted(null));
});
