import { z } from 'zod';
import { Address } from './address.ts';

/** Surfaces that the design names and this version does not serve yet. */
export const LATER_SURFACES = ['mysql', 'kubernetes', 'rdp', 'mcp'] as const;

const later = (surface: string) =>
  z
    .undefined({ error: `this version does not serve ${surface} yet. Remove the line to start without it` })
    .optional();

/** `listen`: an address for each surface. */
export const Listen = z.strictObject({
  http: Address.prefault('127.0.0.1:4000').describe(
    'Address of the API, the query channel and the sign-in pages. Port 0 takes any free port.',
  ),
  postgres: Address.prefault('127.0.0.1:5433').describe(
    'Address for PostgreSQL clients. Port 0 takes any free port.',
  ),
  ssh: Address.optional().describe(
    'Address for SSH clients, such as 127.0.0.1:2222. Without it nothing listens for them.',
  ),
  metrics: Address.optional().describe(
    'Address of `/metrics` for Prometheus, such as 127.0.0.1:9464. Without it nothing is shown. Beyond loopback it speaks TLS and needs `metrics.token`.',
  ),
  ...(Object.fromEntries(LATER_SURFACES.map((surface) => [surface, later(surface)])) as Record<
    (typeof LATER_SURFACES)[number],
    ReturnType<typeof later>
  >),
});

/** `tls`: certificates of both listeners. */
export const Tls = z.strictObject({
  http: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe(
      'Whether `listen.http` speaks TLS. `auto` is off on loopback and on elsewhere; `off` is refused elsewhere.',
    ),
  hostNames: z
    .array(z.string())
    .default([])
    .describe('Further host names and addresses that clients use; they go into the generated certificate.'),
  certificate: z
    .string()
    .optional()
    .describe('PEM file of a certificate chain to serve instead of the generated one. Needs `tls.key`.'),
  key: z.string().optional().describe('PEM file of the private key that belongs to `tls.certificate`.'),
});
