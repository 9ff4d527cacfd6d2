/** What helps where something of a statement was not understood, by what is said of it. */
const ADVICE: ReadonlyArray<readonly [what: RegExp, advice: string]> = [
  [
    /does not exist|is not in the catalogue$| is not known$/,
    'Look how the name is written, and whether its schema is in your search_path.',
  ],
  [
    /^COPY with a (file|program) on the server/,
    'Use \\copy, or COPY with STDIN and STDOUT: they read and write where you are.',
  ],
  [/^DO runs code/, 'Send the statements of the block one by one.'],
  [/ is not reviewed\.?$/, 'Leave it out, or ask an admin of the policy to review it (reviewedFunctions).'],
  [/^setting /, 'Leave the setting as it is; RESET gives it its first value back.'],
  [
    /^pg_catalog\.|^information_schema\.|^function |^two-phase|^settings of |^ALTER SYSTEM|^LOAD |^foreign data|^a (sub|pub)/,
    'Do without it, or ask an administrator of the database to do it.',
  ],
];
const OTHERWISE = 'Write it more simply, or ask an admin of the policy to review what it uses.';

/** What somebody can do next about a reason why a statement was not understood. */
export function adviceFor(unknown: string): string {
  return ADVICE.find(([what]) => what.test(unknown))?.[1] ?? OTHERWISE;
}
