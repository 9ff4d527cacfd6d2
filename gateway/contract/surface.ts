import * as z from 'zod';

/** By what way an action came. */
export const Surface = z.enum(['postgres', 'editor']);
export type Surface = z.infer<typeof Surface>;
