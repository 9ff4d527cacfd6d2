/** A name of a language, a number and the like: no file, which would be loaded. */
const plain = /^[\w.@:+-]*$/;

/** Variables that change how a program writes, not what it runs or loads, with the values that do no more. */
const harmless: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^(LANG|LANGUAGE|LC_[A-Z]+|COLUMNS|LINES|NO_COLOR|CLICOLOR|FORCE_COLOR)$/, plain],
  [/^TZ$/, /^[\w+-]+(\/[\w+-]+)*$/],
  [/^DEBIAN_FRONTEND$/, /^noninteractive$/],
];

/** Whether a program may be given the variable without running, loading or finding other code than otherwise. */
export function isHarmlessVariable(variable: { readonly name: string; readonly value: string }): boolean {
  return harmless.some(([name, value]) => name.test(variable.name) && value.test(variable.value));
}

/** Whether `env` and `sudo` would take the word for a variable: everything with `=` in it. */
export function isAssignment(word: string): boolean {
  return word.includes('=');
}

export function splitAssignment(word: string): { name: string; value: string } {
  const at = word.indexOf('=');
  return { name: word.slice(0, at), value: word.slice(at + 1) };
}
