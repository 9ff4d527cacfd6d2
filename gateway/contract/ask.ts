import * as z from 'zod';
import { RuleId } from './ids.ts';

/** What one rule asks for before a statement may run: who must agree, how many of them, and how long that counts. */
export const Ask = z.object({
  rule: RuleId,
  /** Groups whose members may approve. */
  groups: z.array(z.string()).min(1),
  /** `any`: people of any of the groups. `each`: somebody of each group, and nobody counts for two. */
  of: z.enum(['any', 'each']),
  /** So many different people must agree. */
  quorum: z.int().positive(),
  /** A statement that nobody decided on lapses after so long. */
  waitSeconds: z.int().positive(),
  /** The longest time for which statements of the same shape may be approved at once; null: one use each. */
  windowSeconds: z.int().positive().nullable(),
  /** Groups whose members may run it at once, with a reason that is reviewed later. */
  breakGlass: z.array(z.string()),
});
export type Ask = z.infer<typeof Ask>;

/** "dba or leads", "dba and security", "2 of dba": who must agree, for people to read. */
export function approversInWords(asks: readonly Ask[]): string {
  return [...new Set(asks.map(inWords))].join(', and ');
}

function inWords({ groups, of, quorum }: Ask): string {
  const names = listed(groups, of === 'any' ? 'or' : 'and');
  const least = of === 'any' ? 1 : groups.length;
  return quorum > least ? `${quorum} people of ${names}` : names;
}

function listed(names: readonly string[], word: string): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} ${word} ${last}`;
}
