import type { Spread } from '../statistics.ts';
import { below, type Report, type Row } from './report.ts';

const MAX_DECISION_US = 200;

/** What one statement costs before it runs. */
export function speedReport(measured: { decision: Spread }): Report {
  return {
    measured,
    tables: [[row('a decision by 200 rules', measured.decision)]],
    goals: below('a decision by 200 rules at the median', measured.decision.p50Us, MAX_DECISION_US, 'µs'),
  };
}

function row(what: string, { p50Us, p99Us }: Spread): Row {
  return { 'before it runs': what, 'p50 µs': round(p50Us), 'p99 µs': round(p99Us) };
}

function round(us: number): number {
  return Number(us.toFixed(1));
}
