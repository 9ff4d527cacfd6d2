import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUILT_INS } from './built-ins.ts';
import { tellsChanges } from './counting.ts';

/** What the server documents beside them: nothing of what was written, or how far a standby follows. */
const HARMLESS =
  /^(numeric_pl_)?pg_lsn$|_diff$|_reset|_paused$|pg_last_wal_|_pause_state$|resource_managers|walfile|control_(init|recovery|system)|_stats$/;

test('whatever tells how far the log has come tells how much was written', () => {
  const named = [...BUILT_INS].filter(
    (name) =>
      /wal|_lsn$|origin_status|subscription|control_|replication_slot/.test(name) && !HARMLESS.test(name),
  );
  const silent = named.filter((name) => !tellsChanges({ schema: 'pg_catalog', name }));
  assert.deepEqual(silent, []);
});
