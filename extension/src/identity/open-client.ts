import { SluiceError } from '../../../gateway/contract/error.ts';
import type { AuthorizationClient, OpenAuthorizationClient } from './authorization-client.ts';
import { isLoopback } from './loopback-host.ts';

type OAuth = { authorizationClient(issuer: URL, clientId: string): Promise<AuthorizationClient> };

/**
 * Opens clients through the OAuth library, which is loaded by the first. Only an encrypted issuer, or one on
 * this computer, is talked to.
 */
export function openClientWith(load: () => OAuth): OpenAuthorizationClient {
  return async (issuer, clientId) => {
    const url = new URL(issuer);
    if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
      throw new SluiceError(
        'identity.providerUnreachable',
        `The sign-in address ${url.origin} is not encrypted.`,
        'Ask the gateway’s administrator to serve it over https.',
      );
    }
    try {
      return await load().authorizationClient(url, clientId);
    } catch (cause) {
      throw new SluiceError(
        'identity.providerUnreachable',
        `The sign-in service at ${url.origin} does not answer.`,
        'Check the gateway’s address, and that it runs.',
        { cause },
      );
    }
  };
}
