import { UsageError } from './command.ts';

const DEFAULT_GATEWAY = 'http://127.0.0.1:4000';

/**
 * The gateway to speak to: the option, the environment or the default, as an origin. Tokens are sent there, so
 * beyond this machine it is https.
 */
export function gatewayAddress(option: string | undefined, environment: NodeJS.ProcessEnv): string {
  const text = option ?? environment.SLUICE_GATEWAY ?? DEFAULT_GATEWAY;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`"${text}" is no gateway address. Write https://sluice.example.`);
  }
  const local = url.hostname === 'localhost' || url.hostname === '[::1]' || url.hostname.startsWith('127.');
  if (url.protocol === 'http:' && !local) {
    throw new UsageError(`${url.origin} is not encrypted. Use its https address.`);
  }
  return url.origin;
}
