import { SluiceError } from '../../../../contract/error.ts';
import type { PublicKey } from '../keys/public-key.ts';
import { parsePublicKey } from '../keys/public-key.ts';
import {
  type HostAddress,
  type HostPatterns,
  isAbout,
  knownHostName,
  readHostPatterns,
} from './host-pattern.ts';
import { keyLine, readKeyLine } from './key-line.ts';

/** What a line says of its key: that it is the host's, that it signs the host's certificates, that it is lost. */
export type Marker = 'host' | 'cert-authority' | 'revoked';

export type KnownHost = { line: number; marker: Marker; hosts: HostPatterns; type: string; blob: Buffer };
export type UnreadableLine = { line: number; why: string; marker: Marker };
export type KnownHosts = { entries: readonly KnownHost[]; unreadable: readonly UnreadableLine[] };

/**
 * Reads a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). Lines that can't be read are told, not dropped:
 * one whose marker is `revoked` may have been about any key, and whoever goes on without it trusts too much.
 */
export function readKnownHosts(text: string): KnownHosts {
  const lines = text.split(/\r?\n/).map((written, index) => ({ written: written.trim(), line: index + 1 }));
  const read = lines
    .filter(({ written }) => written !== '' && !written.startsWith('#'))
    .map(({ written, line }) => readLine(written, line));
  return {
    entries: read.filter((one): one is KnownHost => 'hosts' in one),
    unreadable: read.filter((one): one is UnreadableLine => 'why' in one),
  };
}

function readLine(written: string, line: number): KnownHost | UnreadableLine {
  const [, mark, field = '', rest = ''] = /^(?:@(\S+)\s+)?(\S+)\s+(.*)$/.exec(written) ?? [];
  const marker: Marker | null = mark === undefined ? 'host' : (markers.find((one) => one === mark) ?? null);
  // What can't be told apart counts as the strictest: it may have been meant to revoke.
  if (marker === null) return { line, why: `its marker @${mark} is not known`, marker: 'revoked' };
  const hosts = readHostPatterns(field);
  if (hosts === null) return { line, why: 'it names no hosts', marker };
  const key = readKeyLine(rest);
  if (!key.ok) return { line, why: key.why, marker };
  return { line, marker, hosts, type: key.value.type, blob: key.value.blob };
}

const markers: readonly Marker[] = ['cert-authority', 'revoked'];

/** What is known of a host: its keys, whose certificates count for it, and which keys must never be taken. */
export type KnownKeys = {
  keys: readonly KnownHost[];
  authorities: readonly PublicKey[];
  revoked: readonly Buffer[];
};

/** Looks a host up. Revocations count for the bare name and for `[host]:port` alike. */
export function knownKeysOf({ entries }: KnownHosts, address: HostAddress): KnownKeys {
  const about = entries.filter(({ hosts }) => isAbout(hosts, address));
  const bare = { ...address, port: 22 };
  const authorities = about
    .filter(({ marker }) => marker === 'cert-authority')
    .map(({ blob }) => parsePublicKey(blob))
    .flatMap((parsed) => (parsed.ok ? [parsed.value] : []));
  return {
    keys: about.filter(({ marker }) => marker === 'host'),
    authorities,
    revoked: entries
      .filter(
        ({ marker, hosts }) => marker === 'revoked' && (isAbout(hosts, address) || isAbout(hosts, bare)),
      )
      .map(({ blob }) => blob),
  };
}

/**
 * `known`: the host has this key. `revoked`: it must never be taken. `changed`: the host has other keys, of this type
 * or another, or must show a certificate; whoever answers may not be the host. `unknown`: nothing is known of it.
 */
export type HostKeyVerdict = 'known' | 'revoked' | 'changed' | 'unknown';

/** What known_hosts says of the key that a host shows. */
export function judgeHostKey(knownHosts: KnownHosts, address: HostAddress, blob: Buffer): HostKeyVerdict {
  const { keys, revoked, authorities } = knownKeysOf(knownHosts, address);
  if (revoked.some((one) => one.equals(blob))) return 'revoked';
  if (keys.some((one) => one.blob.equals(blob))) return 'known';
  return keys.length > 0 || authorities.length > 0 ? 'changed' : 'unknown';
}

/**
 * A line that makes a host's key known, without a line break.
 * @throws SluiceError `request.invalid` for a host that would be read as a pattern or as several.
 */
export function knownHostLine(address: HostAddress, { blob }: PublicKey, comment = ''): string {
  if (!/^[^\s,*?!|#@]+$/.test(address.host)) throw unwritable(address.host);
  return `${knownHostName(address)} ${keyLine(blob, comment)}`;
}

/**
 * A line that has certificates of `authority` count for hosts: `*.example.com`, `[gateway]:2222`. No line break.
 * @throws SluiceError `request.invalid` for a pattern that would be read as another, or as several.
 */
export function hostAuthorityLine(patterns: readonly string[], authority: PublicKey, comment = ''): string {
  const bad = patterns.find((pattern) => !/^!?[^\s,!|#@]+$/.test(pattern));
  if (bad !== undefined || patterns.length === 0) throw unwritable(bad ?? '');
  return `@cert-authority ${patterns.join(',')} ${keyLine(authority.blob, comment)}`;
}

function unwritable(host: string): SluiceError {
  return new SluiceError(
    'request.invalid',
    `known_hosts has no way to write the host ${JSON.stringify(host)}.`,
    'Use a name or an address.',
  );
}
