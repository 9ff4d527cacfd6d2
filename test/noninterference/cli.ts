/** `npm run noninterference -- [--statements N] [--seed N] [--at INDEX | --from INDEX] [--pairs N] [--postgres VERSION]`. */
import { parseArgs } from 'node:util';
import type { Summary } from './run/run.ts';

const { values } = parseArgs({
  options: {
    statements: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    at: { type: 'string' },
    from: { type: 'string', default: '0' },
    pairs: { type: 'string', default: '4' },
    'max-found': { type: 'string', default: '1' },
    postgres: { type: 'string', default: '18' },
    hole: { type: 'string', default: '' },
    only: { type: 'string' },
    server: { type: 'string' },
    direct: { type: 'boolean', default: false },
    prepared: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    print: { type: 'boolean', default: false },
    'known-limits': { type: 'boolean', default: false },
  },
});
// What is loaded from here on is the build that is tested.
process.env.SLUICE_NONINTERFERENCE_HOLE = values.hole;
await import('./build/redirect.ts');
const { openLab } = await import('./run/lab.ts');
const { figures, report, reportFound, spoken } = await import('./run/report.ts');
const { BLOCK_CASES, caseAt, run } = await import('./run/run.ts');

const CLOSE_MS = 20_000;
/** A difference that comes of the moment is told from one that comes of the values. */
const TRIED_AGAIN = 20;
const seed = Number(values.seed);
const version = values.postgres === '15' ? 15 : 18;
const url = values.server === undefined ? null : new URL(values.server);
/** A round has a server and a gateway of its own: twins that are hours old have had thousands of catalogues. */
const ROUND_STATEMENTS = 20_000;
const newLab = () =>
  openLab({
    pairs: Number(values.pairs),
    version,
    knownLimits: values['known-limits'],
    direct: values.direct,
    prepared: values.prepared,
    ...(url === null
      ? {}
      : {
          server: {
            host: url.hostname,
            port: Number(url.port),
            user: url.username,
            password: decodeURIComponent(url.password),
          },
        }),
  });
let lab = await newLab();
const close = async () => {
  for (const fault of lab.faults) console.error(fault);
  await Promise.race([lab.close(), new Promise((resolve) => setTimeout(resolve, CLOSE_MS))]);
};
try {
  if (values.at === undefined) {
    let toldAtMs = 0;
    const statements = Number(values.statements);
    const maxFound = Number(values['max-found']);
    const round = (after?: Summary) =>
      run(lab, lab.pairs, {
        seed,
        from: Number(values.from),
        statements: Math.min(statements, (after?.statements ?? 0) + ROUND_STATEMENTS),
        maxFound,
        // A hole is to be found by what is generated.
        triedAgain: TRIED_AGAIN,
        onFound: (found) => reportFound(seed, found, TRIED_AGAIN),
        repeatsFound: values.hole === '',
        ...(after === undefined ? {} : { after }),
        ...(values.only === undefined ? {} : { only: new RegExp(values.only) }),
        onProgress: ({ statements: compared, nextIndex, elapsedMs, found }) => {
          if (values.json || elapsedMs - toldAtMs < 10_000) return;
          toldAtMs = elapsedMs;
          console.log(
            `${compared} statements, ${found.length} differences, ${Math.round((compared / elapsedMs) * 1000)}/s, at case ${nextIndex}`,
          );
        },
      });
    let summary = await round();
    while (summary.statements < statements && summary.found.length < maxFound) {
      await close();
      lab = await newLab();
      summary = await round(summary);
    }
    if (values.json) console.log(JSON.stringify(figures(summary, lab)));
    else report(summary, lab);
    process.exitCode = summary.found.length > 0 ? 1 : 0;
  } else {
    const at = Number(values.at);
    const script = caseAt(seed, at, lab.schema);
    for (const step of script) console.log(spoken(step));
    const [pair] = lab.pairs;
    if (pair === undefined) throw new Error('there is no pair');
    await pair.begin();
    for (let index = values.print ? at - (at % BLOCK_CASES) : at; index <= at; index += 1) {
      const outcome = await pair.run(caseAt(seed, index, lab.schema));
      for (const { ending, code, step } of outcome.compared)
        if (index === at) console.log(`  ${ending} ${code} ${step.way}`);
      if (outcome.difference !== null)
        reportFound(seed, { index, script, difference: outcome.difference, again: 0 }, 0);
    }
  }
} finally {
  await close();
}
// A session that a hole has left in the middle of an answer must not keep a finished run alive.
process.exit();
