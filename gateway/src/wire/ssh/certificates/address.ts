/** An address as a number of 32 or 128 bits. */
export type Address = { bits: 32 | 128; value: bigint };
export type Network = { address: Address; prefixBits: number };

const MAPPED_V4 = 0xffffn;

/** Reads an IPv4 or IPv6 address; an IPv4 one that is mapped into IPv6 is the IPv4 one. Null for anything else. */
export function parseAddress(text: string): Address | null {
  const address = text.includes(':') ? parseV6(text) : parseV4(text);
  if (address?.bits === 128 && address.value >> 32n === MAPPED_V4) {
    return { bits: 32, value: address.value & 0xffff_ffffn };
  }
  return address;
}

/** Reads `10.0.0.0/8`, `2001:db8::/32` or a single address. Null for anything else, set host bits included. */
export function parseNetwork(text: string): Network | null {
  const [written = '', prefix, ...rest] = text.split('/');
  const address = written.includes(':') ? parseV6(written) : parseV4(written);
  if (address === null || rest.length > 0) return null;
  if (prefix === undefined) return { address, prefixBits: address.bits };
  const prefixBits = /^(0|[1-9]\d{0,2})$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (!(prefixBits <= address.bits)) return null;
  const hostBits = BigInt(address.bits - prefixBits);
  return (address.value >> hostBits) << hostBits === address.value ? { address, prefixBits } : null;
}

export function isWithin(address: Address, network: Network): boolean {
  if (address.bits !== network.address.bits) return false;
  const hostBits = BigInt(address.bits - network.prefixBits);
  return address.value >> hostBits === network.address.value >> hostBits;
}

function parseV4(text: string): Address | null {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every(isOctet)) return null;
  return { bits: 32, value: octets.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n) };
}

function isOctet(text: string): boolean {
  return /^(0|[1-9]\d{0,2})$/.test(text) && Number(text) <= 255;
}

/** RFC 4291 section 2.2, in all three forms; no zone. */
function parseV6(text: string): Address | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [left, right] = [groupsOf(halves[0] ?? '', halves.length === 1), groupsOf(halves[1] ?? '', true)];
  if (left === null || right === null) return null;
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...Array<bigint>(missing).fill(0n), ...right];
  return { bits: 128, value: groups.reduce((value, group) => (value << 16n) | group, 0n) };
}

/** The groups of 16 bits of one side of `::`; its last may be two groups written as an IPv4 address. */
function groupsOf(text: string, isLast: boolean): bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  const written = text.split(':');
  for (const [index, group] of written.entries()) {
    const v4 = isLast && index === written.length - 1 ? parseV4(group) : null;
    if (v4 !== null) groups.push(v4.value >> 16n, v4.value & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(group)) groups.push(BigInt(`0x${group}`));
    else return null;
  }
  return groups;
}
