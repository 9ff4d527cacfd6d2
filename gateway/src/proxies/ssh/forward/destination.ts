import { isIPv4, isIPv6 } from 'node:net';

/**
 * Where a connection is to go, written as rules write it: a name in lower case, or an address in its one usual form.
 * Null for what resolvers read as an address although it looks like none (inet_aton(3): `0x7f.1`, `2130706433`), and
 * for what is no name.
 */
export function destinationOf(host: string): string | null {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (isIPv4(name)) return name;
  if (isIPv6(name)) return usualIPv6(name);
  if (/^(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*$/.test(name)) return null;
  return /^[a-z0-9_][a-z0-9_.-]{0,252}$/.test(name) ? name : null;
}

/** As RFC 5952 has it; one that stands for an IPv4 address is that address. */
function usualIPv6(address: string): string | null {
  const usual = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1);
  if (usual === undefined) return null;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(usual);
  if (mapped === null) return usual;
  return mapped
    .slice(1)
    .map((half) => Number.parseInt(half, 16))
    .flatMap((half) => [half >> 8, half & 255])
    .join('.');
}
