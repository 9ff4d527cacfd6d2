/**
 * What options a program knows, as `getopt_long` takes it: in `short` a letter that takes a value has a colon behind
 * it, two if the value may only be attached; `long` likewise.
 */
export type OptionGrammar = { readonly short: string; readonly long: readonly string[] };

export type ParsedOptions = {
  readonly options: readonly { readonly name: string; readonly value: string | null }[];
  /** Where in the arguments the first operand stands. */
  readonly operandsAt: number;
};

/**
 * Reads `args` up to the first operand, as programs do that run others (POSIXLY_CORRECT).
 * @returns the argument that the grammar does not know, as text, when there is one.
 */
export function parseOptions(args: readonly string[], grammar: OptionGrammar): ParsedOptions | string {
  const options: { name: string; value: string | null }[] = [];
  let at = 0;
  for (;;) {
    const argument = args[at];
    if (argument === undefined || argument === '-' || !argument.startsWith('-'))
      return { options, operandsAt: at };
    at += 1;
    if (argument === '--') return { options, operandsAt: at };
    const found = argument.startsWith('--')
      ? longOption(argument, args[at], grammar)
      : shortOptions(argument, args[at], grammar);
    if (found === null) return argument;
    options.push(...found.options);
    if (found.tookNext) at += 1;
  }
}

type Found = { readonly options: ParsedOptions['options']; readonly tookNext: boolean };

function longOption(argument: string, next: string | undefined, { long }: OptionGrammar): Found | null {
  const [written = '', ...rest] = argument.slice(2).split('=');
  const attached = argument.includes('=') ? rest.join('=') : null;
  const fitting = long.filter((one) => one.startsWith(written));
  const known = long.find((one) => bare(one) === written) ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (known === undefined) return null;
  const name = bare(known);
  if (known.endsWith('::')) return { options: [{ name, value: attached }], tookNext: false };
  if (!known.endsWith(':'))
    return attached === null ? { options: [{ name, value: null }], tookNext: false } : null;
  if (attached !== null) return { options: [{ name, value: attached }], tookNext: false };
  return next === undefined ? null : { options: [{ name, value: next }], tookNext: true };
}

function shortOptions(argument: string, next: string | undefined, { short }: OptionGrammar): Found | null {
  const options: { name: string; value: string | null }[] = [];
  for (let at = 1; at < argument.length; at += 1) {
    const name = argument.charAt(at);
    const index = name === ':' ? -1 : short.indexOf(name);
    if (index < 0) return null;
    const takes = /^:*/.exec(short.slice(index + 1))?.[0].length ?? 0;
    if (takes === 0) {
      options.push({ name, value: null });
      continue;
    }
    const attached = argument.slice(at + 1);
    if (attached !== '' || takes === 2)
      return { options: [...options, { name, value: attached }], tookNext: false };
    return next === undefined ? null : { options: [...options, { name, value: next }], tookNext: true };
  }
  return { options, tookNext: false };
}

function bare(name: string): string {
  return name.replace(/:+$/, '');
}
