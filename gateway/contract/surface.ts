import * as z from 'zod';

/** By what way an action came. */
export const Surface = z.enum(['postgres', 'editor', 'ssh']);
export type Surface = z.infer<typeof Surface>;
