/**
 * Options among a program's arguments, as getopt_long(3) reads them, without knowing which of them take a value:
 * `-rf` may hold `-r`, and `--recur` may be `--recursive`. `option` is `-r`, `--recursive` or `-delete`.
 */
export function mayHave(args: readonly string[], option: string): boolean {
  return args.some((arg) => isOption(arg) && mayBe(arg, option));
}

/** Whether an option stands there by itself, before any `--`. */
export function has(args: readonly string[], option: string): boolean {
  return optionsOf(args).some((arg) => arg === option || (isLong(option) && arg.startsWith(`${option}=`)));
}

/** Whether no option stands there but these. */
export function hasNoneBut(args: readonly string[], options: readonly string[]): boolean {
  const letters = new Set(
    options.filter((option) => /^-[^-]$/.test(option)).map((option) => option.slice(1)),
  );
  return args
    .filter(isOption)
    .every(
      (arg) =>
        options.includes(arg) ||
        (isLong(arg)
          ? options.includes(nameOf(arg))
          : [...arg.slice(1)].every((letter) => letters.has(letter))),
    );
}

const isOption = (arg: string): boolean => arg.startsWith('-') && arg !== '-' && arg !== '--';
const isLong = (arg: string): boolean => arg.startsWith('--');
const nameOf = (arg: string): string => arg.split('=', 1)[0] ?? arg;

function optionsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).filter(isOption);
}

function mayBe(arg: string, option: string): boolean {
  const name = nameOf(arg);
  if (isLong(option)) return isLong(arg) && option.startsWith(name);
  if (option.length > 2) return name === option;
  return !isLong(arg) && arg.slice(1).includes(option.slice(1));
}
