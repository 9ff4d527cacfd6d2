import type { Labels, Reading } from './registry.ts';

export const EXPOSITION_MEDIA_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Readings in Prometheus' text format, version 0.0.4. */
export function exposition(readings: readonly Reading[]): string {
  return readings.map((reading) => `${headOf(reading)}${linesOf(reading).join('')}`).join('');
}

function headOf({ name, help, type }: Reading): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `# HELP ${name} ${escaped}\n# TYPE ${name} ${type}\n`;
}

function linesOf(reading: Reading): string[] {
  const { name } = reading;
  if (reading.type !== 'histogram') {
    return reading.samples.map(({ labels, value }) => line(name, labels, value));
  }
  return reading.samples.flatMap(({ labels, counts, sum }) => {
    const bounds = [...reading.bounds.map(String), '+Inf'];
    let below = 0;
    const buckets = bounds.map((le, at) => {
      below += counts[at] ?? 0;
      return line(`${name}_bucket`, { ...labels, le }, below);
    });
    return [...buckets, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, below)];
  });
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapedValue(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
}

function escapedValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
