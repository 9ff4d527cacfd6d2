import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingRefusal } from './settings.ts';

test('only settings on the list, and of some only safe values', () => {
  assert.equal(settingRefusal('search_path', 'a, b'), null);
  assert.equal(settingRefusal('TimeZone', 'UTC'), null);
  assert.equal(settingRefusal('client_min_messages', 'WARNING'), null);
  assert.match(settingRefusal('client_min_messages', 'debug1') ?? '', /may only be/);
  assert.match(settingRefusal('standard_conforming_strings', 'off') ?? '', /may only be/);
  assert.match(settingRefusal('session_replication_role', 'replica') ?? '', /may only be/);
  assert.match(settingRefusal('log_statement', 'all') ?? '', /not among/);
  assert.match(settingRefusal('auto_explain.log_min_duration', '0') ?? '', /not among/);
  assert.equal(settingRefusal('all', null), null);
  assert.equal(settingRefusal('role', null), null);
});
