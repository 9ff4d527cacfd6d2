import * as z from 'zod';

/** Grows when a client of the older contract could no longer understand the gateway. */
export const CONTRACT_VERSION = 1;

export const Hello = z.object({
  product: z.literal('sluice'),
  version: z.string(),
  contract: z.int(),
  /** OAuth issuer that this gateway's own clients sign in at. */
  issuer: z.url(),
  clientId: z.string(),
  /** True when people are chosen from a built-in list: for trying things out, on loopback only. */
  builtInIdentity: z.boolean(),
});
export type Hello = z.infer<typeof Hello>;
