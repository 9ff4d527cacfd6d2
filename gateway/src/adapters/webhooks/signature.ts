import { createHmac } from 'node:crypto';
import type { Secret } from '../../core/access/secret.ts';

/**
 * The value of `Sluice-Signature`: the time in seconds and an HMAC-SHA256 over "time.body", hex. Whoever checks it
 * refuses times that are too old, so that nothing is replayed.
 */
export function signature(secret: Secret, atMs: number, body: string): string {
  const time = Math.floor(atMs / 1000);
  const digest = createHmac('sha256', secret.reveal()).update(`${time}.${body}`).digest('hex');
  return `t=${time},v1=${digest}`;
}
