import * as z from 'zod';
import { ErrorBody } from '../../gateway/contract/error.ts';

/** A question; its answer carries the same number in `replyTo`. */
export const Question = z.strictObject({ id: z.int().positive(), type: z.string(), body: z.unknown() });
/** The answer to question `replyTo`. */
export const Answer = z.strictObject({ replyTo: z.int().positive(), ok: z.unknown() });
/** Question `replyTo` could not be answered. */
export const Refusal = z.strictObject({ replyTo: z.int().positive(), error: ErrorBody });
/** Said once, answered never. */
export const Announcement = z.strictObject({ event: z.string(), body: z.unknown() });

/** Everything that crosses a webview's message port. */
export const Envelope = z.union([Refusal, Answer, Question, Announcement]);
export type Envelope = z.infer<typeof Envelope>;
