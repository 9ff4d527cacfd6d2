import { assertNever } from '../../../contract/assert-never.ts';
import type { Command, List, Redirect } from '../script.ts';

/** The script with each file of a redirection written as `pathOf` has it: what was decided is what is opened. */
export function withFilePaths(script: List, pathOf: (path: string) => string): List {
  const redirected = (redirects: readonly Redirect<string>[]) =>
    redirects.map((one) => (one.kind === 'file' ? { ...one, path: pathOf(one.path) } : one));
  const inList = (list: List): List =>
    list.map((andOr) => ({
      ...andOr,
      pipelines: andOr.pipelines.map(({ after, pipeline }) => ({
        after,
        pipeline: { ...pipeline, commands: pipeline.commands.map(inCommand) },
      })),
    }));
  const inCommand = (command: Command): Command => {
    const redirects = redirected(command.redirects);
    switch (command.kind) {
      case 'simple':
        return { ...command, redirects };
      case 'subshell':
      case 'group':
        return { ...command, redirects, body: inList(command.body) };
      case 'if':
        return {
          ...command,
          redirects,
          branches: command.branches.map(({ condition, body }) => ({
            condition: inList(condition),
            body: inList(body),
          })),
          otherwise: command.otherwise === null ? null : inList(command.otherwise),
        };
      default:
        return assertNever(command);
    }
  };
  return inList(script);
}
