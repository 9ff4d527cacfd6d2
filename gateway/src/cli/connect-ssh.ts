import { generateKeyPairSync } from 'node:crypto';
import type { TargetName } from '../../contract/ids.ts';
import type { SshCertificate } from '../../contract/ssh-endpoints.ts';
import { writePrivateKeyFile } from '../wire/ssh/keys/private-key-file.ts';
import { publicKeyOf } from '../wire/ssh/keys/public-key.ts';
import { keyLine } from '../wire/ssh/lines/key-line.ts';
import type { KeptFiles } from './kept-files.ts';

/**
 * A key with a certificate in files that only this person can read, and the words that make `ssh` use them. Other
 * programs of OpenSSH (`scp`, `sftp`, `rsync -e`) take the same options.
 */
export async function sshCommand(
  target: TargetName,
  gateway: string,
  kept: KeptFiles,
  certify: (publicKey: string) => Promise<SshCertificate>,
): Promise<{ words: readonly string[]; expiresAt: Date }> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const issued = await certify(keyLine(publicKeyOf(publicKey).blob));
  const files = kept.keepIdentity(gateway, {
    privateKey: writePrivateKeyFile(privateKey, `sluice ${target}`),
    certificate: `${issued.certificate}\n`,
    knownHost: `${issued.knownHost}\n`,
  });
  const words = [
    ...['ssh', '-i', files.identity, '-o', 'IdentitiesOnly=yes'],
    ...['-o', `UserKnownHostsFile=${files.knownHosts}`, '-o', 'StrictHostKeyChecking=yes'],
    ...['-p', String(issued.port), `${target}@${issued.host}`],
  ];
  return { words, expiresAt: new Date(issued.expiresAt) };
}

/** Words as a shell reads them. */
export function shellWords(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
