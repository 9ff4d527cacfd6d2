import type {
  CoverageExample,
  CoverageGap,
  CoverageReport,
  TargetCoverage,
} from '../../../contract/coverage.ts';
import type { TargetName } from '../../../contract/ids.ts';
import { type CoveredRecord, coverageGaps, didRun } from './gaps.ts';

const EXAMPLES = 5;
/** Of a blocked one no example is wanted while there are others that ran. */
type Counted = { ran: number; blocked: number; examples: CoverageExample[]; stopped: CoverageExample[] };
type Target = { actions: number; ran: number; uninspected: number; gaps: Map<CoverageGap, Counted> };

/** Counts what could not be looked into, target by target. Records come newest first, or examples are the oldest. */
export class CoverageLedger {
  readonly #targets = new Map<TargetName, Target>();
  #read = 0;
  #from: string | null = null;
  #until: string | null = null;

  take(record: CoveredRecord): void {
    this.#read += 1;
    if (this.#from === null || record.at < this.#from) this.#from = record.at;
    if (this.#until === null || record.at > this.#until) this.#until = record.at;
    const target = this.#targets.get(record.target) ?? {
      actions: 0,
      ran: 0,
      uninspected: 0,
      gaps: new Map(),
    };
    this.#targets.set(record.target, target);
    const [ran, gaps] = [didRun(record), coverageGaps(record)];
    target.actions += 1;
    if (ran) target.ran += 1;
    if (ran && gaps.length > 0) target.uninspected += 1;
    for (const { gap, why } of gaps) {
      const counted = target.gaps.get(gap) ?? { ran: 0, blocked: 0, examples: [], stopped: [] };
      target.gaps.set(gap, counted);
      counted[ran ? 'ran' : 'blocked'] += 1;
      const examples = ran ? counted.examples : counted.stopped;
      if (examples.length < EXAMPLES) examples.push(exampleOf(record, why));
    }
  }

  report(): CoverageReport {
    const targets = [...this.#targets].map(([target, counted]) => told(target, counted));
    return {
      from: this.#from,
      until: this.#until,
      read: this.#read,
      targets: targets.toSorted(
        (a, b) => a.inspectedShare - b.inspectedShare || (a.target < b.target ? -1 : 1),
      ),
    };
  }
}

function told(target: TargetName, { actions, ran, uninspected, gaps }: Target): TargetCoverage {
  const listed = [...gaps].toSorted(([, a], [, b]) => b.ran - a.ran || b.blocked - a.blocked);
  return {
    target,
    actions,
    ran,
    uninspected,
    inspectedShare: ran === 0 ? 1 : (ran - uninspected) / ran,
    gaps: listed.map(([gap, counted]) => ({
      gap,
      ran: counted.ran,
      blocked: counted.blocked,
      examples: [...counted.examples, ...counted.stopped].slice(0, EXAMPLES),
    })),
  };
}

function exampleOf({ id, at, principalName, statement }: CoveredRecord, why: string): CoverageExample {
  return { record: id, at, who: principalName, statement, why };
}
