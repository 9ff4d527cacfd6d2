import { checkPolicy } from '../core/policy/files/load.ts';
import { formatProblem } from '../core/policy/language/problem.ts';
import { noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';

/** `policy check PATH`: says every problem with its file and line, or the version that would be in force. */
export async function policyCheck(args: readonly string[], { out, say }: Surroundings): Promise<ExitCode> {
  const { positionals } = parsedArguments(args, {});
  const [path] = positionals;
  if (path === undefined) throw new UsageError('Say which policy file or folder to check.');
  noMore(positionals, 1);
  const result = await checkPolicy(path);
  if (result.kind === 'compiled') {
    out(`${path} is a valid policy, version ${result.policy.version}.`);
    return 0;
  }
  say(result.problems.map(formatProblem).join('\n'));
  say(
    `${result.problems.length === 1 ? 'One problem' : `${result.problems.length} problems`}; this policy would not be activated.`,
  );
  return 1;
}
