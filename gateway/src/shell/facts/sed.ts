import type { ProgramRun } from '../../../contract/command-facts.ts';

const escaped = String.raw`\\[.*[\]^$/\\+?(){}|nt0-9wWsSbBdD&-]`;
const pattern = String.raw`(?:[^/\\\n]|${escaped})*`;
const address = String.raw`(?:\d+|\$|/${pattern}/)`;
const command = String.raw`(?:${address}(?:,${address})?\s*!?\s*)?(?:[pdqDPgGhHxNn=l]|s/${pattern}/${pattern}/[gpIi\d]*)`;
const script = new RegExp(`^\\s*${command}(?:\\s*;\\s*${command})*\\s*;?\\s*$`);

/** Longer ones are not looked at. */
const MAX_SCRIPT_LENGTH = 500;

/** Options that do not change what a script may do. */
const plainOption = /^-[nErsuz]+$/;

/**
 * Whether a `sed` can only print: plain options, then a script without `e`, `w`, `r` and their like, then files. GNU
 * sed takes options behind those too, so none may stand there.
 */
export function isHarmlessSed(run: ProgramRun): boolean {
  if (run.moreArguments) return false;
  const at = run.arguments.findIndex((word) => !plainOption.test(word));
  const [written, ...files] = run.arguments.slice(at < 0 ? run.arguments.length : at);
  return (
    written !== undefined &&
    written.length <= MAX_SCRIPT_LENGTH &&
    script.test(written) &&
    files.every((word) => !word.startsWith('-'))
  );
}
