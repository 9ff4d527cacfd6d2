import { z } from 'zod';
import { mapping } from './mapping.ts';

const text = (what: string) =>
  z.string({ error: `${what} is missing or no text` }).min(1, `${what} is empty`);
const listOf = (what: string) =>
  z
    .array(text(what), { error: `a list of ${what}s stands here: [one, two]` })
    .min(1, `the list of ${what}s is empty`);
const optionList = z
  .array(z.string().regex(/^-/, 'an option begins with "-": -r, --recursive'), {
    error: 'a list of options stands here: [-r, --recursive]',
  })
  .min(1, 'the list of options is empty');

/** A program by its name, or with what is among its arguments. */
export const ProgramPattern = z.union(
  [
    text('program').refine((name) => !/\s/.test(name), {
      error: 'a program is one word; write {program: systemctl, arguments: [status, "*"]}',
    }),
    mapping({
      program: text('program').describe('Its name as it is written, "systemctl" or "/usr/bin/*".'),
      with: optionList.optional().describe('Any of these options is among its arguments.'),
      without: optionList.optional().describe('None of these options is.'),
      options: optionList.optional().describe('It has no options but these.'),
      arguments: listOf('argument')
        .optional()
        .describe('A pattern for each argument, options included; a last "**" stands for any that are left.'),
      by: listOf('program')
        .optional()
        .describe(
          'Programs that run it as somebody else, such as sudo. An allow rule is about none but these.',
        ),
    }),
  ],
  { error: 'write a program, or a mapping such as {program: rm, without: [-r, --recursive]}' },
);
export type ProgramPattern = z.infer<typeof ProgramPattern>;

const DESTINATION = /^(\*|[^\s:]+|\[[0-9a-fA-F:]+\]):(\*|\d{1,5})$/;

/** What a rule about hosts may say besides targets and labels. */
export const HOST_SELECTORS = {
  accounts: listOf('account').optional().describe('Accounts of a host; * stands for anything.'),
  programs: z
    .array(ProgramPattern, { error: 'a list of programs stands here: [ls, cat]' })
    .min(1, 'the list of programs is empty')
    .optional()
    .describe('Programs that are run on a host.'),
  paths: z
    .array(text('path').regex(/^(\/|\*)/, 'a path is absolute: /var/log/**'))
    .min(1, 'the list of paths is empty')
    .optional()
    .describe('Files of a host; * stays within a part, ** stands for anything.'),
  destinations: z
    .array(text('destination').regex(DESTINATION, 'a destination is host:port; either may be *'))
    .min(1, 'the list of destinations is empty')
    .optional()
    .describe('Where connections are forwarded to: "db.internal:5432"; * stands for anything.'),
};
const Selectors = z.object(HOST_SELECTORS);
export type HostSelectors = z.infer<typeof Selectors>;
export const HOST_WORDS = Object.keys(HOST_SELECTORS);
export const SQL_WORDS = ['schemas', 'tables', 'columns', 'tags'];
