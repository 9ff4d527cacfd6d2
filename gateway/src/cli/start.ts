import { resolve } from 'node:path';
import { type ConfigOverrides, loadConfig } from '../config-load.ts';
import { startGateway } from '../main.ts';
import { noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, explain, type Surroundings, UsageError } from './command.ts';

const OPTIONS = {
  config: { type: 'string' },
  data: { type: 'string' },
  policy: { type: 'string' },
  target: { type: 'string', multiple: true },
  'stop-with-stdin': { type: 'boolean' },
} as const;

/** Runs a gateway until the process is asked to stop. */
export async function start(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  noMore(positionals, 0);
  const overrides: ConfigOverrides = {
    ...(values.data === undefined ? {} : { dataDir: resolve(values.data) }),
    ...(values.policy === undefined ? {} : { policy: resolve(values.policy) }),
    ...(values.target === undefined ? {} : { targets: values.target.map(targetOf) }),
  };
  const config = loadConfig(values.config ?? null, surroundings.environment, overrides);
  const lost = Promise.withResolvers<ExitCode>();
  const gateway = await startGateway(config, {
    tell: surroundings.say,
    onLost: (why) => {
      surroundings.say(explain(why).text);
      lost.resolve(1);
    },
  });
  surroundings.out(JSON.stringify({ listening: gateway.listening }));
  surroundings.say(`Sluice answers on ${gateway.url}. Press ctrl-C to stop it.`);
  const asked: Promise<ExitCode> = surroundings.stopped.then(() => 0);
  const ends = [asked, lost.promise, ...(values['stop-with-stdin'] === true ? [stdinEnded()] : [])];
  const exit = await Promise.race(ends);
  await gateway.close();
  return exit;
}

function targetOf(text: string): { name: string; url: string } {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError('Write --target NAME=postgres://user:password@host:5432/database.');
  return { name: text.slice(0, at), url: text.slice(at + 1) };
}

/** A parent that dies without a word closes the pipe it held. */
function stdinEnded(): Promise<ExitCode> {
  return new Promise((resolve) => {
    process.stdin.once('close', () => resolve(0));
    process.stdin.once('end', () => resolve(0));
    process.stdin.resume();
  });
}
