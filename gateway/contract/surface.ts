import * as z from 'zod';

/** By what way an action came. */
export const Surface = z.enum(['postgres', 'editor', 'ssh']);
export type Surface = z.infer<typeof Surface>;

const WORDS = {
  postgres: 'a PostgreSQL client',
  editor: 'the editor',
  ssh: 'an SSH client',
} as const satisfies Record<Surface, string>;

/** What people read of it: "from an SSH client". */
export function surfaceInWords(surface: Surface): string {
  return WORDS[surface];
}
