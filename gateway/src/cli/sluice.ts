#!/usr/bin/env -S node --disable-warning=ExperimentalWarning --max-semi-space-size=4
import { writeSync } from 'node:fs';
import { endBroken } from './breakage.ts';
import { run } from './run.ts';

endBroken((text) => writeSync(process.stderr.fd, `${text}\n`));

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
});

process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  out: (text) => process.stdout.write(`${text}\n`),
  show: (text) => process.stdout.write(text),
  say: (text) => process.stderr.write(`${text}\n`),
  stopped,
});
// A kept-alive connection must not keep a finished command waiting.
process.exit();
