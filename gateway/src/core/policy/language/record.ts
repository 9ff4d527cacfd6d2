import { z } from 'zod';
import { mapping } from './mapping.ts';

const listOf = (what: string) =>
  z
    .array(z.string({ error: `a ${what} is a text` }).min(1, `the ${what} is empty`), {
      error: `a list of ${what}s stands here: [one, two]`,
    })
    .min(1, `the list of ${what}s is empty`);

const OnTargets = mapping({
  targets: listOf('target').optional().describe('Target names; * stands for anything.'),
  labels: z
    .record(z.string(), z.union([z.string().min(1), listOf('label')]))
    .optional()
    .describe('Labels that a target must carry: {env: production}, or one of several.'),
}).refine((on) => Object.keys(on).length > 0, {
  error: 'it is empty; take it out to mean every target',
  when: ({ issues }) => issues.length === 0,
});

const upTo = (what: string, most: number) =>
  z
    .int({ error: `a number of ${what} stands here` })
    .min(0, `a number of ${what} is 0 or more`)
    .max(most, `at most ${most} ${what}`);

const RecordSettings = mapping({
  on: OnTargets.optional().describe('The targets that it is about; without it, all.'),
  answers: mapping({
    rows: upTo('rows', 10_000).optional().describe('Rows of an answer that are kept; 100. 0 keeps none.'),
    bytes: upTo('bytes', 16_777_216)
      .optional()
      .describe('Bytes of an answer that are kept; 65536. 0 keeps none.'),
  })
    .optional()
    .describe('How much of an answer its record keeps, as the person saw it.'),
  constants: z
    .enum(['keep', 'hide'], { error: 'write keep or hide' })
    .optional()
    .describe('hide: constants of statements and parameters are left out of records.'),
});
export type RecordSettings = z.infer<typeof RecordSettings>;

/** The section `record`: one mapping, or a list of them of which all that are about a target count. */
export const RecordSection = z
  .union([RecordSettings, z.array(RecordSettings)], {
    error:
      'a mapping stands here, such as {answers: {rows: 100}, constants: hide}, or a list of such mappings',
  })
  .default([])
  .describe('What records keep of answers and statements; of several that are about a target the strictest.');
