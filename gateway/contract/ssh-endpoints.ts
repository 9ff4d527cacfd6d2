import * as z from 'zod';
import { endpoint } from './endpoint.ts';

/** A certificate for an SSH client's own key (OpenSSH's PROTOCOL.certkeys). It lives minutes. */
export const SshCertificate = z.object({
  /** One line, as in `id_ed25519-cert.pub`. */
  certificate: z.string(),
  host: z.string(),
  port: z.int(),
  /** One line for known_hosts: the key that the gateway shows. */
  knownHost: z.string(),
  expiresAt: z.iso.datetime(),
});
export type SshCertificate = z.infer<typeof SshCertificate>;

export const sshEndpoints = {
  sshCertificate: endpoint({
    method: 'POST',
    path: '/v1/ssh/certificates',
    summary:
      'Signs a public key, so that an SSH client that has its private key may log in to hosts for minutes.',
    auth: 'bearer',
    params: z.object({}),
    body: z.object({
      /** One line, as in `id_ed25519.pub`. */
      publicKey: z.string().max(16_384),
    }),
    reply: SshCertificate,
    errors: ['identity.tokenInvalid', 'request.invalid', 'target.unknown'],
  }),
};
