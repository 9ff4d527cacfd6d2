import ssh2, { type Client } from 'ssh2';
import { SluiceError } from '../../../../contract/error.ts';
import type { LentAgent } from '../agent/lent-agent.ts';
import type { Account, SshTarget } from '../target.ts';

/**
 * Logs in to a host as one of its accounts.
 * @param agent what the host is given when it asks for an agent; without it there is none
 * @throws SluiceError `target.unreachable`, `target.certificateRefused` (another host key), `target.credentialRefused`
 */
export function connectUpstream(
  { target, host, port, isItsKey, settings }: SshTarget,
  account: Account,
  agent?: LentAgent,
): Promise<Client> {
  const client = new ssh2.Client();
  let strange = false;
  return new Promise((resolve, reject) => {
    client.once('ready', () => {
      // A key that was struck does not wait for the next one.
      client.setNoDelay(true);
      resolve(client);
    });
    client.once('error', (error: Error & { level?: string }) => {
      if (strange) {
        const what = `${target.name} showed another host key than the one that is known of it.`;
        reject(new SluiceError('target.certificateRefused', what, 'Tell an administrator of the gateway.'));
      } else if (error.level === 'client-authentication') {
        const what = `${target.name} did not accept the gateway's key for ${account.name}.`;
        reject(new SluiceError('target.credentialRefused', what, 'Tell an administrator of the gateway.'));
      } else {
        const what = `${target.name} can not be reached: ${error.message}.`;
        reject(new SluiceError('target.unreachable', what, 'Try again in a moment.', { cause: error }));
      }
    });
    client.connect({
      host,
      port,
      username: account.name,
      privateKey: account.privateKey.reveal(),
      // Never the lent one.
      authHandler: ['publickey'],
      ...(agent === undefined ? {} : { agent }),
      readyTimeout: settings.connectMs,
      keepaliveInterval: settings.keepaliveMs,
      hostVerifier: (key: Buffer) => {
        strange = !isItsKey(key);
        return !strange;
      },
    });
  });
}
