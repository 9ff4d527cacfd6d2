import { withDatabase } from '../administration.ts';
import { checkTarget } from '../sql/postgres/prepare/check/check-target.ts';
import type { Finding } from '../sql/postgres/prepare/check/findings.ts';
import { upstreamAddress } from '../targets.ts';
import { noMore, parsedArguments } from './arguments.ts';
import type { ExitCode, Surroundings } from './command.ts';
import { configuredTarget } from './configured-target.ts';

const OPTIONS = { config: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `target check NAME`: what the gateway's role could get at without the gateway. 0 when nothing is open. */
export async function targetCheck(
  args: readonly string[],
  { environment, out, say }: Surroundings,
): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  noMore(positionals, 1);
  const { config, reach } = await configuredTarget(positionals[0], values.config, environment);
  const { name, mode } = config;
  const findings = await withDatabase(upstreamAddress(config), (run) => checkTarget(run, reach, mode));
  const open = findings.filter(({ state }) => state === 'open').length;
  if (values.json === true) out(JSON.stringify({ target: name, mode, open, findings }, null, 2));
  else if (findings.length > 0) out(tableOf(findings));
  say(summaryOf(name, mode, open));
  return open === 0 ? 0 : 1;
}

function summaryOf(name: string, mode: 'prepared' | 'zeroFootprint', open: number): string {
  const weaker =
    mode === 'prepared' ? '' : ' Its masks are enforced by the gateway alone (mode: zeroFootprint).';
  if (open === 0) return `Nothing of target ${name} is open to the gateway's role.${weaker}`;
  const found = open === 1 ? 'One way' : `${open} ways`;
  return `${found} to masked values of target ${name} would be open to the gateway's role, were there no gateway.${weaker}`;
}

function tableOf(findings: readonly Finding[]): string {
  const inOrder = findings.toSorted(
    (left, right) => Number(left.state === 'note') - Number(right.state === 'note'),
  );
  const rows = inOrder.map(({ state, about, name, why }) => [state, about, name, why] as const);
  const width = (column: 0 | 1 | 2) => Math.max(...rows.map((row) => row[column].length));
  const widths = [width(0), width(1), width(2)] as const;
  return rows
    .map(([state, about, name, why]) =>
      [state.padEnd(widths[0]), about.padEnd(widths[1]), name.padEnd(widths[2]), why].join('  '),
    )
    .join('\n');
}
