import * as z from 'zod';

/** The one JSON line that `sluice start` prints on stdout once it listens. */
const Listening = z.object({ listening: z.object({ http: z.string() }).catchall(z.string()) });

/** The HTTP address in a line of the gateway's stdout, or null when it is another line. */
export function httpAddressOf(line: string): string | null {
  try {
    const { http } = Listening.parse(JSON.parse(line)).listening;
    return /^https?:\/\//.test(http) ? http : `http://${http}`;
  } catch {
    return null;
  }
}
