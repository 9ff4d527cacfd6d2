import { z } from 'zod';

const MAX_PORT = 65_535;

/** host:port, IPv6 in brackets. */
export const Address = z.string().transform((text, context) => {
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:\s]+)):(?<port>\d{1,5})$/.exec(text);
  const host = match?.groups?.v6 ?? match?.groups?.host;
  const port = Number(match?.groups?.port);
  if (host === undefined || port > MAX_PORT) {
    context.addIssue({
      code: 'custom',
      message: `"${text}" is no address. Write host:port, such as 127.0.0.1:4000; port 0 takes any free one`,
    });
    return z.NEVER;
  }
  return { host, port };
});
export type ListenAddress = { host: string; port: number };

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** What holds secrets or people's doings does not travel in clear. */
export function isSafe(url: string): boolean {
  const parsed = URL.parse(url);
  const local = LOOPBACK.includes(parsed?.hostname ?? '');
  return parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && local);
}
