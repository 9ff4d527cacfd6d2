import * as z from 'zod';

/** What a sign-in gave. Lives in SecretStorage only; never in settings, logs or a webview. */
export const Tokens = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).nullable(),
  /** Milliseconds since 1970. */
  expiresAtMs: z.number(),
});
export type Tokens = z.infer<typeof Tokens>;
