import { createHash } from 'node:crypto';

/** `SHA256:…` of a key's blob, as `ssh-keygen -l` prints it. Of a certificate, ssh-keygen prints its key's. */
export function fingerprint(blob: Uint8Array): string {
  const digest = createHash('sha256').update(blob).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}
