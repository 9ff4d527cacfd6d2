/** Variables that change how a program writes, not what it runs or loads. */
const harmless = /^(LANG|LANGUAGE|LC_[A-Z]+|TZ|COLUMNS|LINES|NO_COLOR|CLICOLOR|FORCE_COLOR|DEBIAN_FRONTEND)$/;

/** Whether a program may be given the variable without running, loading or finding other code than otherwise. */
export function isHarmlessVariable({
  name,
  value,
}: {
  readonly name: string;
  readonly value: string;
}): boolean {
  // A locale or time zone with a slash is a file that is loaded.
  return harmless.test(name) && !value.includes('/..') && !value.startsWith('/') && !value.startsWith(':/');
}

/** Whether `env` and `sudo` would take the word for a variable: everything with `=` in it. */
export function isAssignment(word: string): boolean {
  return word.includes('=');
}

export function splitAssignment(word: string): { name: string; value: string } {
  const at = word.indexOf('=');
  return { name: word.slice(0, at), value: word.slice(at + 1) };
}
