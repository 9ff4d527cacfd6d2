import type { Reading } from '../metrics/registry.ts';
import type { AttributeValue, Span } from './spans.ts';

/** Who tells. */
export type Resource = { serviceName: string; version: string };

/** OTLP's JSON encoding: 64-bit integers are decimal strings, ids hexadecimal, enumerations their numbers. */
const SPAN_KINDS = { internal: 1, server: 2, client: 3 } as const;
const STATUS_ERROR = 2;
const CUMULATIVE = 2;
const SCOPE = { name: 'sluice' };

/** An ExportTraceServiceRequest. */
export function tracesRequest(resource: Resource, spans: readonly Span[]): unknown {
  return {
    resourceSpans: [
      { resource: resourceOf(resource), scopeSpans: [{ scope: SCOPE, spans: spans.map(spanOf) }] },
    ],
  };
}

function spanOf({ startMs, endMs, kind, attributes, error, parentSpanId, ...own }: Span): unknown {
  return {
    ...own,
    ...(parentSpanId === null ? {} : { parentSpanId }),
    kind: SPAN_KINDS[kind],
    startTimeUnixNano: nanos(startMs),
    endTimeUnixNano: nanos(endMs),
    attributes: attributesOf(attributes),
    status: error === null ? {} : { code: STATUS_ERROR, message: error },
  };
}

/** An ExportMetricsServiceRequest: sums since `startMs`. */
export function metricsRequest(
  resource: Resource,
  readings: readonly Reading[],
  startMs: number,
  nowMs: number,
): unknown {
  const times = { startTimeUnixNano: nanos(startMs), timeUnixNano: nanos(nowMs) };
  const metrics = readings.map((reading) => metricOf(reading, times));
  return { resourceMetrics: [{ resource: resourceOf(resource), scopeMetrics: [{ scope: SCOPE, metrics }] }] };
}

function metricOf(reading: Reading, times: Record<string, string>): unknown {
  const head = { name: reading.name, description: reading.help };
  if (reading.type === 'histogram') {
    const dataPoints = reading.samples.map(({ labels, counts, sum }) => ({
      ...times,
      attributes: attributesOf(labels),
      count: String(counts.reduce((all, one) => all + one, 0)),
      sum,
      bucketCounts: counts.map(String),
      explicitBounds: reading.bounds,
    }));
    return { ...head, unit: 's', histogram: { dataPoints, aggregationTemporality: CUMULATIVE } };
  }
  const dataPoints = reading.samples.map(({ labels, value }) => ({
    ...times,
    attributes: attributesOf(labels),
    asDouble: value,
  }));
  if (reading.type === 'gauge') return { ...head, gauge: { dataPoints } };
  return { ...head, sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true } };
}

function resourceOf({ serviceName, version }: Resource): unknown {
  return { attributes: attributesOf({ 'service.name': serviceName, 'service.version': version }) };
}

function attributesOf(attributes: Readonly<Record<string, AttributeValue>>): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValueOf(value) }));
}

function anyValueOf(value: AttributeValue): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function nanos(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}
