import { PrincipalId, RecordId, SessionId, TargetName } from '../../gateway/contract/ids.ts';
import { aRecord } from '../../gateway/src/adapters/store/a-record.fixture.ts';
import { openStore } from '../../gateway/src/adapters/store/store.ts';
import { newRecordId } from '../../gateway/src/core/flow/record-id.ts';

/** `child.ts DIR [change]`: works until it is killed. With `change` it also changes the key and purges. */
const LANES = 8;
const SEGMENT_BYTES = 64 * 1024;
const [dir = '', change] = process.argv.slice(2);
const done = { status: 'done', sqlState: null, rows: 1, bytes: 10, durationMs: 1 } as const;
const by = { id: PrincipalId.parse('person:ada@shop.example'), name: 'Ada' };

const store = await openStore({ dir, segmentBytes: SEGMENT_BYTES });
say('ready');
const work = Array.from({ length: LANES }, (_, lane) => (lane === 0 ? events() : actions()));
if (change === 'change') work.push(changes());
await Promise.all(work);

/** Pipes are written to at once: what was said before the kill is read after it. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function actions(): Promise<never> {
  for (let turn = 0; ; turn++) {
    const id = RecordId.parse(newRecordId(new Date()));
    const { outcome: _, ...record } = aRecord(turn, { id, target: TargetName.parse('shop') });
    if (turn % 3 === 0) {
      await store.recorder.keep({ ...record, outcome: done });
      say(`kept ${id}`);
      continue;
    }
    await store.recorder.open(record).durable();
    say(`opened ${id}`);
    await store.recorder.close(id, done);
    say(`closed ${id}`);
  }
}

async function events(): Promise<never> {
  for (;;) {
    const at = new Date();
    const id = RecordId.parse(newRecordId(at));
    const fact = { kind: 'sessionClosed', session: SessionId.parse('session-1'), why: '' } as const;
    await store.recorder.note({ id, at: at.toISOString(), by: null, fact });
    say(`event ${id}`);
  }
}

async function changes(): Promise<never> {
  for (;;) {
    await store.audit.rotateKey(by);
    await store.audit.purge({ before: new Date(Date.now() - 20_000), reason: 'a test', by });
  }
}
