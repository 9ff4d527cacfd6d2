import * as z from 'zod';
import { RecordId, TargetName } from './ids.ts';

/** What of an action the gateway could not look into. */
export const CoverageGap = z.enum([
  /** It could not be parsed. */
  'notParsed',
  /** It was parsed, and not all of it understood. */
  'notUnderstood',
  /** Not understood either, and let through because the host's shell is set to `audit`. */
  'letThrough',
  /** A terminal that nobody looks into: recorded, and not decided by what is typed. */
  'rawTerminal',
  /** A program that could run anything: an interpreter, an editor, a pager, another host. */
  'anyProgram',
  /** Files that scp -O, rsync or git carry: named, and not looked through. */
  'carriedFiles',
  /** A forwarded connection, in which nothing is read. */
  'forwarded',
  /** The person's keys, lent to the host. */
  'lentAgent',
  /** Functions of the database's own, which somebody has reviewed. */
  'reviewedFunction',
  /** How it ended is not known. */
  'lost',
]);
export type CoverageGap = z.infer<typeof CoverageGap>;

export const CoverageExample = z.object({
  record: RecordId,
  at: z.iso.datetime(),
  who: z.string(),
  statement: z.string(),
  /** What could not be told, where it is known: "function public.f is not reviewed". */
  why: z.string(),
});
export type CoverageExample = z.infer<typeof CoverageExample>;

export const TargetCoverage = z.object({
  target: TargetName,
  actions: z.int().positive(),
  /** Of these, what ran. */
  ran: z.int().nonnegative(),
  /** Of what ran, what was not looked into in whole. */
  uninspected: z.int().nonnegative(),
  /** Of what ran, the part that was looked into in whole, 0 to 1; 1 where nothing ran. */
  inspectedShare: z.number().min(0).max(1),
  gaps: z.array(
    z.object({
      gap: CoverageGap,
      ran: z.int().nonnegative(),
      /** Blocked, for this or another reason. */
      blocked: z.int().nonnegative(),
      /** The newest of those that ran first. */
      examples: z.array(CoverageExample),
    }),
  ),
});
export type TargetCoverage = z.infer<typeof TargetCoverage>;

export const CoverageReport = z.object({
  from: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  /** Records that were looked at. */
  read: z.int().nonnegative(),
  targets: z.array(TargetCoverage),
});
export type CoverageReport = z.infer<typeof CoverageReport>;
