import { BlockList, isIP } from 'node:net';

/**
 * Whether an address lies in a range in CIDR notation (RFC 4632, RFC 4291). What is no address, such as
 * "editor", lies in none.
 *
 * @throws RangeError when the range is not in CIDR notation
 */
export function isWithin(address: string, range: string): boolean {
  const [network = '', prefix] = range.split('/');
  const family = isIP(network);
  const bits = Number(prefix);
  if (family === 0 || prefix === undefined || !Number.isInteger(bits)) {
    throw new RangeError(`"${range}" is no network; write it as 10.0.0.0/8`);
  }
  const list = new BlockList();
  list.addSubnet(network, bits, nameOf(family));
  const own = isIP(address);
  return own !== 0 && list.check(address, nameOf(own));
}

function nameOf(family: number): 'ipv4' | 'ipv6' {
  return family === 4 ? 'ipv4' : 'ipv6';
}
