import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordId } from '../../../contract/ids.ts';
import { aRecord } from '../store/a-record.fixture.ts';
import { exposition } from './exposition.ts';
import { GatewayMetrics } from './gateway-metrics.ts';
import { ObservedRecorder } from './observed-recorder.ts';
import { RecordedActions } from './recorded-actions.ts';
import { Counter, Histogram, Registry } from './registry.ts';

const done = { status: 'done', sqlState: null, rows: 3, bytes: 90, durationMs: 2 } as const;

test('Prometheus’ text: help, type, escaped labels, buckets that add up', async () => {
  const registry = new Registry();
  const counter = registry.add(new Counter('a_total', 'Two\nlines \\ here.', ['name']));
  counter.add(['say "hi"\n\\']);
  counter.add(['say "hi"\n\\'], 2);
  registry.add(new Counter('b_total', 'Nothing yet.', []));
  const histogram = registry.add(new Histogram('c_seconds', 'Spread.', ['of'], [0.1, 1]));
  for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(['x'], value);
  assert.equal(
    exposition(await registry.read()),
    [
      '# HELP a_total Two\\nlines \\\\ here.',
      '# TYPE a_total counter',
      'a_total{name="say \\"hi\\"\\n\\\\"} 3',
      '# HELP b_total Nothing yet.',
      '# TYPE b_total counter',
      'b_total 0',
      '# HELP c_seconds Spread.',
      '# TYPE c_seconds histogram',
      'c_seconds_bucket{of="x",le="0.1"} 2',
      'c_seconds_bucket{of="x",le="1"} 3',
      'c_seconds_bucket{of="x",le="+Inf"} 4',
      'c_seconds_sum{of="x"} 7.65',
      'c_seconds_count{of="x"} 4',
      '',
    ].join('\n'),
  );
});

test('what is recorded is counted as it passes by, once each, and recorded all the same', async () => {
  const metrics = new GatewayMetrics();
  const kept: string[] = [];
  const recorder = new ObservedRecorder(
    {
      open: ({ id }) => {
        kept.push(`open ${id}`);
        return { durable: async () => undefined };
      },
      close: async (id) => void kept.push(`close ${id}`),
      keep: async ({ id }) => void kept.push(`keep ${id}`),
      note: async ({ id }) => void kept.push(`note ${id}`),
    },
    [new RecordedActions(metrics)],
  );
  const { outcome: _, ...running } = aRecord(1);
  recorder.open(running);
  await recorder.close(running.id, { ...done, detected: { card: 2 } });
  await recorder.close(running.id, done);
  await recorder.keep(aRecord(2, { outcome: { ...done, status: 'refused', rows: 0, bytes: 0 } }));
  const id = RecordId.parse('e');
  await recorder.note({ id, at: '2026-01-01T00:00:00.000Z', by: null, fact: { kind: 'gatewayStopped' } });
  assert.deepEqual(
    kept.map((line) => line.split(' ')[0]),
    ['open', 'close', 'close', 'keep', 'note'],
  );
  const text = exposition(await metrics.registry.read());
  for (const line of [
    'sluice_actions_total{target="shop",surface="postgres",outcome="done"} 1',
    'sluice_actions_total{target="shop",surface="postgres",outcome="refused"} 1',
    'sluice_decisions_total{target="shop",decision="allow"} 2',
    'sluice_uninspected_total{target="shop",gap="notParsed",ran="yes"} 1',
    'sluice_uninspected_total{target="shop",gap="notParsed",ran="no"} 1',
    'sluice_detections_total{target="shop",detector="card"} 2',
    'sluice_rows_total{target="shop"} 3',
    'sluice_events_total{kind="gatewayStopped"} 1',
    'sluice_action_seconds_count{target="shop",surface="postgres"} 1',
  ]) {
    assert.ok(text.includes(`${line}\n`), line);
  }
});
