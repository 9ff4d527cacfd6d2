import { z } from 'zod';
import { Replacement } from '../../../../contract/detection.ts';
import { mapping } from './mapping.ts';

/** `then: {detect: [cards, order-ref], replace: stars}`. Which names there are is checked when the policy is compiled. */
export const Detect = mapping({
  detect: z
    .array(z.string({ error: 'a name of a detector stands here' }), {
      error: 'a list of detectors stands here: [cards, emails]',
    })
    .min(1, 'the list of detectors is empty')
    .describe(
      'What is looked for: cards, emails, phones, ibans, nationalIds, secrets, highEntropy, and names of patterns.',
    ),
  replace: Replacement.optional().describe(
    'What stands in its place: label (the default), stars of the same length, or last4.',
  ),
});
export type Detect = z.infer<typeof Detect>;

const PatternName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'a pattern has a name of a-z, 0-9 and "-", as in "order-ref"');

/** The section `patterns`. */
export const Patterns = z
  .record(PatternName, z.string({ error: 'a pattern stands here, in quotes' }), {
    error: "a mapping of names to patterns stands here: order-ref: '\\bORD-[0-9]{6}\\b'",
  })
  .default({})
  .describe(
    'Own patterns for detectors, in RE2 syntax with bounded repetition; matches are up to 127 characters long.',
  );
