import type { Step } from '../generator/script.ts';
import type { Lab } from './lab.ts';
import type { Found, Summary } from './run.ts';

const MAX_SHOWN = 1500;

/** A difference, with what replays it. */
export function reportFound(seed: number, { index, script, difference, again }: Found, tried: number): void {
  console.log(`\nDIFFERENCE in case ${index} (npm run noninterference -- --seed ${seed} --at ${index})`);
  for (const step of script) {
    const mark = step === difference.step ? '>' : ' ';
    console.log(`${mark} ${spoken(step)}`);
  }
  if (tried > 0) console.log(`  again in ${again} of ${tried} runs of the case by itself`);
  console.log(`  message ${difference.at}`);
  console.log(`  a: ${difference.left.slice(0, MAX_SHOWN)}`);
  console.log(`  b: ${difference.right.slice(0, MAX_SHOWN)}`);
}

/** A step as people read it. */
export function spoken(step: Step): string {
  switch (step.kind) {
    case 'ask':
      return `${step.way}: ${step.text}`;
    case 'policy':
      return `policy ${step.variant}`;
    case 'others':
      return `somebody else: ${step.text}`;
  }
}

export type Figures = {
  statements: number;
  differences: number;
  /** Shares of what the gateway was asked. */
  ran: number;
  masked: number;
  ways: string[];
  faults: string[];
};

/** Figures of a run, for a program to read. */
export function figures(
  { statements, found, ways }: Summary,
  { ledger, faults }: Pick<Lab, 'ledger' | 'faults'>,
): Figures {
  const all = ledger.granted + ledger.refused;
  return {
    statements,
    differences: found.length,
    ran: ledger.granted / all,
    masked: ledger.masked / all,
    ways: [...ways.keys()],
    faults: faults.map(String),
  };
}

/** Figures of a run. */
export function report(summary: Summary, { ledger }: Pick<Lab, 'ledger'>): void {
  const all = ledger.granted + ledger.refused;
  const share = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
  console.log(
    `seed ${summary.seed}: ${summary.statements} statements in cases 0 to ${summary.nextIndex}, ${summary.found.length} differences`,
  );
  console.log(
    `  ${Math.round((summary.statements / summary.elapsedMs) * 1000)} statements/s over both sides; ${summary.late} cases were cut off by the clock`,
  );
  console.log(
    `  of what the gateway was asked: ${share(ledger.granted, all)} ran, ${share(ledger.masked, all)} ran masked, ${share(ledger.refused, all)} were refused`,
  );
  console.log(`  ways: ${listed(summary.ways)}`);
  console.log(`  endings: ${listed(summary.endings)}`);
  console.log(`  errors: ${listed(summary.codes, 12)}`);
  console.log(`  refused because: ${listed(ledger.reasons, 12)}`);
  console.log(
    `  time (not compared), ms at the median and 99 %: a ${times(summary.ms.a)}, b ${times(summary.ms.b)}`,
  );
}

function listed(counts: ReadonlyMap<string, number>, most = 40): string {
  const sorted = [...counts].sort(([, left], [, right]) => right - left).slice(0, most);
  return sorted.map(([name, count]) => `${name} ${count}`).join(', ');
}

function times(ms: readonly number[]): string {
  const sorted = [...ms].sort((left, right) => left - right);
  const at = (part: number) => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(2);
  return `${at(0.5)} and ${at(0.99)}`;
}
