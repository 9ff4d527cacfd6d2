#!/usr/bin/env -S node --disable-warning=ExperimentalWarning --max-semi-space-size=4
import { writeSync } from 'node:fs';
import { endBroken } from './breakage.ts';
import { run } from './run.ts';
import { endUnread, taken } from './written.ts';

endBroken((text) => writeSync(process.stderr.fd, `${text}\n`));
for (const stream of [process.stdout, process.stderr]) endUnread(stream);

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
await Promise.all([process.stdout, process.stderr].map(taken));
// A kept-alive connection must not keep a finished command waiting.
process.exit();
