import { performance } from 'node:perf_hooks';
import { Observed, type Registry } from './registry.ts';

const US_PER_S = 1_000_000;

/** The process's own, under the names that Prometheus' clients use. */
export function addProcessMetrics(registry: Registry): void {
  const one = (type: 'counter' | 'gauge', name: string, help: string, ask: () => number) =>
    registry.add(new Observed(type, name, help, () => [{ labels: {}, value: ask() }]));
  let utilization = performance.eventLoopUtilization();
  one('counter', 'process_cpu_seconds_total', 'Processor time used, user and system, in seconds.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / US_PER_S;
  });
  one('gauge', 'process_resident_memory_bytes', 'Resident memory in bytes.', () => process.memoryUsage.rss());
  one('gauge', 'nodejs_heap_size_used_bytes', 'Heap in use, in bytes.', () => process.memoryUsage().heapUsed);
  one('gauge', 'process_start_time_seconds', 'When the process started, in seconds since the epoch.', () =>
    Math.round(Date.now() / 1000 - process.uptime()),
  );
  one(
    'gauge',
    'nodejs_eventloop_utilization',
    'Part of the time, since last asked, that was busy; 0 to 1.',
    () => {
      const now = performance.eventLoopUtilization();
      const since = performance.eventLoopUtilization(now, utilization);
      utilization = now;
      return since.utilization;
    },
  );
}
