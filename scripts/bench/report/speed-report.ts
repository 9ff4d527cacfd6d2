import type { StatementsResult } from '../statements.ts';
import type { Spread } from '../statistics.ts';
import { below, type Report, type Row } from './report.ts';

export type SpeedResult = {
  decision: Spread;
  seen: Spread;
  ordinary: StatementsResult;
  /** Null where PostgreSQL's regression SQL can't be had. */
  regression: StatementsResult | null;
};

const MAX_DECISION_US = 200;
const MAX_SEEN_US = 20;
const MAX_STATEMENT_US = 1000;

/** What one statement costs before it runs on one thread. */
export function speedReport(measured: SpeedResult): Report {
  const { decision, seen, ordinary, regression } = measured;
  const fresh = [
    { name: 'ordinary statements', result: ordinary },
    ...(regression === null ? [] : [{ name: 'PostgreSQL’s regression SQL', result: regression }]),
  ];
  return {
    measured,
    tables: [
      [
        row('a decision by 200 rules', decision),
        row('decision, grant and record of a seen statement', seen),
        ...fresh.map(({ name, result }) =>
          row(`parse, facts, decision: ${result.count} ${name}`, result.spread),
        ),
      ],
    ],
    goals: [
      ...below('a decision by 200 rules at the median', decision.p50Us, MAX_DECISION_US, 'µs'),
      ...below('a seen statement at the median', seen.p50Us, MAX_SEEN_US, 'µs'),
      ...fresh.flatMap(({ name, result }) =>
        below(`parse, facts, decision of ${name}, p99`, result.spread.p99Us, MAX_STATEMENT_US, 'µs'),
      ),
    ],
  };
}

function row(what: string, { p50Us, p99Us }: Spread): Row {
  return { 'before it runs': what, 'p50 µs': round(p50Us), 'p99 µs': round(p99Us) };
}

function round(us: number): number {
  return Number(us.toFixed(1));
}
