import * as z from 'zod';
import { SessionId, TargetName } from './ids.ts';
import { Surface } from './surface.ts';

/**
 * How records are looked for: how they ended (`running`: not yet), or what befell them on the way. `masked`: a mask
 * stood on what they touch, or a detector found something in the answer; `held`: a rule asked for somebody's approval.
 */
export const SearchedOutcome = z.enum([
  'done',
  'refused',
  'failed',
  'cancelled',
  'lost',
  'running',
  'masked',
  'held',
]);
export type SearchedOutcome = z.infer<typeof SearchedOutcome>;

const Word = z.string().trim().min(1).max(500);

const MAX_WORDS = 20;
const MAX_BEGINNINGS = 2;

/** A beginning stands for all words that the log has of it: many of them hold up everybody else who asks. */
function isBounded(text: string): boolean {
  const words = text.split(/\s+/);
  const beginnings = words.filter((word) => word.endsWith('*'));
  const isLongEnough = beginnings.every((word) => word.length >= 3);
  return words.length <= MAX_WORDS && beginnings.length <= MAX_BEGINNINGS && isLongEnough;
}

/** What narrows records down. All that is given must hold; case does not count in names. */
export const RecordSearch = z.object({
  /** `person:ana@shop.example`, `ana@shop.example` or `Ana Ruiz`. */
  principal: Word.optional(),
  target: TargetName.optional(),
  session: SessionId.optional(),
  /** A rule that counted, masked or filtered rows. */
  rule: Word.optional(),
  outcome: SearchedOutcome.optional(),
  /** `orders` or `public.orders`: read, written, or worked on behind a view or a foreign key. */
  table: Word.optional(),
  /** `ssn`, `customers.ssn` or `public.customers.ssn`: disclosed, used in a condition, or masked. */
  column: Word.optional(),
  /** From here on. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** Before that. */
  to: z.iso.datetime({ offset: true }).optional(),
  /** Words of the statement, in any order; `"two words"` stand together, `cust*` is how a word begins. */
  text: Word.refine(isBounded, {
    error: `a search has at most ${MAX_WORDS} words, and at most ${MAX_BEGINNINGS} that end with * after two letters or more`,
  }).optional(),
  surface: Surface.optional(),
});
export type RecordSearch = z.infer<typeof RecordSearch>;
