import { VERSION } from '../version.ts';
import { audit } from './audit.ts';
import { type ExitCode, explain, type Surroundings, UsageError } from './command.ts';
import { connect } from './connect.ts';
import { coverage } from './coverage.ts';
import { approve, breakGlass, deny, review, withdraw } from './decide.ts';
import { harmlessText } from './harmless-output.ts';
import { HELP } from './help.ts';
import { login, logout } from './login.ts';
import { policy } from './policy.ts';
import { recording } from './recording.ts';
import { records } from './records.ts';
import { requests } from './requests.ts';
import { sessions } from './sessions.ts';
import { start } from './start.ts';
import { targets } from './targets.ts';
import { watch } from './watch.ts';
import { webhooks } from './webhooks.ts';

/** Runs one command line, without the program's name. Errors are told in words, never thrown. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const harmless: Surroundings = {
    ...surroundings,
    out: (text) => surroundings.out(harmlessText(text)),
    say: (text) => surroundings.say(harmlessText(text)),
  };
  try {
    return await dispatch(args, harmless);
  } catch (error) {
    const { text, exit } = explain(error);
    harmless.say(text);
    return exit;
  }
}

async function dispatch(
  [command, ...rest]: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  switch (command) {
    case 'start':
      return start(rest, surroundings);
    case 'connect':
      return connect(rest, surroundings);
    case 'login':
      return login(rest, surroundings);
    case 'logout':
      return logout(rest, surroundings);
    case 'targets':
      return targets(rest, surroundings);
    case 'requests':
      return requests(rest, surroundings);
    case 'approve':
      return approve(rest, surroundings);
    case 'deny':
      return deny(rest, surroundings);
    case 'withdraw':
      return withdraw(rest, surroundings);
    case 'break-glass':
      return breakGlass(rest, surroundings);
    case 'review':
      return review(rest, surroundings);
    case 'sessions':
      return sessions(rest, surroundings);
    case 'watch':
      return watch(rest, surroundings);
    case 'records':
      return records(rest, surroundings);
    case 'recording':
      return recording(rest, surroundings);
    case 'audit':
      return audit(rest, surroundings);
    case 'webhooks':
      return webhooks(rest, surroundings);
    case 'target': {
      const { target } = await targetCommands();
      return target(rest, surroundings);
    }
    case 'coverage':
      return coverage(rest, surroundings);
    case 'policy':
      return policy(rest, surroundings);
    case '--version':
    case '-v':
      surroundings.out(VERSION);
      return 0;
    case '--help':
    case '-h':
    case 'help':
      surroundings.out(HELP.trimEnd());
      return 0;
    case undefined:
      throw new UsageError(
        'Say what to do: start, login, targets, connect, requests, approve, deny, withdraw, break-glass, sessions, watch, recording, records, logout, policy, target prepare or target check.',
      );
    default:
      throw new UsageError(`There is no command "${command}".`);
  }
}

/**
 * They bring the parser, which no other command needs in this thread. From source they are the TypeScript file; the
 * bundled gateway has them next to it, where the parser finds its wasm file.
 */
function targetCommands(): Promise<typeof import('./target.ts')> {
  const file = import.meta.url.endsWith('.ts') ? './target.ts' : './target-commands.cjs';
  return import(new URL(file, import.meta.url).href);
}
