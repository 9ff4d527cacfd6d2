import { createHmac, timingSafeEqual } from 'node:crypto';

const DEFAULT_PORT = 22;
const SALT_BYTES = 20;

/** Where a server is reached: a name or address as the client calls it. */
export type HostAddress = { host: string; port: number };

/** Which hosts a line of known_hosts is about: patterns, or one name's hash. */
export type HostPatterns =
  | { kind: 'plain'; patterns: readonly string[] }
  | { kind: 'hashed'; salt: Buffer; hash: Buffer };

/** How known_hosts names a host: bare for port 22, `[host]:port` for others; in lower case. */
export function knownHostName({ host, port }: HostAddress): string {
  const name = host.toLowerCase();
  return port === DEFAULT_PORT ? name : `[${name}]:${port}`;
}

/** Reads the first field of a line: `*.example.com,!db.example.com` or `|1|salt|hash`. Null when it is neither. */
export function readHostPatterns(field: string): HostPatterns | null {
  if (!field.startsWith('|')) {
    const patterns = field.toLowerCase().split(',');
    return patterns.some((pattern) => pattern === '' || pattern === '!') ? null : { kind: 'plain', patterns };
  }
  const [, base64Salt = '', base64Hash = ''] = /^\|1\|([^|]+)\|([^|]+)$/.exec(field) ?? [];
  const [salt, hash] = [Buffer.from(base64Salt, 'base64'), Buffer.from(base64Hash, 'base64')];
  return salt.length === SALT_BYTES && hash.length === SALT_BYTES ? { kind: 'hashed', salt, hash } : null;
}

/** Whether a line is about a host. One pattern that is negated and fits rules the whole line out. */
export function isAbout(patterns: HostPatterns, address: HostAddress): boolean {
  const name = knownHostName(address);
  if (patterns.kind === 'hashed') {
    return timingSafeEqual(createHmac('sha1', patterns.salt).update(name).digest(), patterns.hash);
  }
  const fitting = patterns.patterns.filter((pattern) => fits(name, pattern.replace(/^!/, '')));
  return fitting.length > 0 && !fitting.some((pattern) => pattern.startsWith('!'));
}

/** `*` stands for any characters, `?` for one. It takes at most as many steps as both lengths multiplied. */
function fits(name: string, pattern: string): boolean {
  let [at, patternAt, starAt, resumeAt] = [0, 0, -1, 0];
  while (at < name.length) {
    if (pattern[patternAt] === '*') {
      starAt = patternAt++;
      resumeAt = at;
    } else if (
      patternAt < pattern.length &&
      (pattern[patternAt] === '?' || pattern[patternAt] === name[at])
    ) {
      patternAt += 1;
      at += 1;
    } else if (starAt !== -1) {
      patternAt = starAt + 1;
      at = ++resumeAt;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(patternAt));
}
