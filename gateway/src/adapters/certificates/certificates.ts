import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../../../contract/error.ts';
import { issueAuthority, issueServerCertificate, type KeyedCertificate } from './issue.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

const DAY_MS = 86_400_000;
const RENEW_BEFORE_MS = 30 * DAY_MS;
const ALWAYS = ['localhost', '127.0.0.1', '::1'];

/** What the listeners serve. `authority` is the PEM that clients are told to trust. */
export type ServerCertificate = { certificate: string; key: string; authority: string };

export type CertificateSettings = {
  /** Where generated ones are kept. */
  folder: string;
  hostNames: readonly string[];
  /** Files of an own certificate; then nothing is generated. */
  certificate?: string | undefined;
  key?: string | undefined;
};

/**
 * The server certificate: the configured one, or a generated one that is reused while it is valid for at
 * least 30 more days, names every host and comes from the kept authority.
 *
 * @throws SluiceError `config.unreadable` when files can't be read or written.
 */
export async function serverCertificate(
  settings: CertificateSettings,
  now: Date,
): Promise<ServerCertificate> {
  if (settings.certificate !== undefined && settings.key !== undefined) {
    return configured(settings.certificate, settings.key);
  }
  const authority = await kept(
    settings.folder,
    'authority',
    () => issueAuthority(now),
    (found) => fresh(found, now),
  );
  const hostNames = [...new Set([...ALWAYS, ...settings.hostNames])];
  const server = await kept(
    settings.folder,
    'server',
    () => issueServerCertificate(authority, hostNames, now),
    (found) => fresh(found, now) && names(found, hostNames) && signedBy(found, authority),
  );
  return {
    certificate: `${server.certificate.trim()}\n${authority.certificate.trim()}\n`,
    key: server.key,
    authority: authority.certificate,
  };
}

async function kept(
  folder: string,
  name: string,
  issue: () => Promise<KeyedCertificate>,
  usable: (found: KeyedCertificate) => boolean,
): Promise<KeyedCertificate> {
  const files = { certificate: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  const certificate = readPrivateFile(files.certificate);
  const key = readPrivateFile(files.key);
  if (certificate !== null && key !== null && usable({ certificate, key })) return { certificate, key };
  const issued = await issue();
  writePrivateFile(files.key, issued.key);
  writePrivateFile(files.certificate, issued.certificate);
  return issued;
}

function fresh({ certificate }: KeyedCertificate, now: Date): boolean {
  const parsed = parse(certificate);
  return parsed !== null && parsed.validToDate.getTime() - now.getTime() > RENEW_BEFORE_MS;
}

function names({ certificate }: KeyedCertificate, hostNames: readonly string[]): boolean {
  const parsed = parse(certificate);
  if (parsed === null) return false;
  return hostNames.every((name) => (parsed.checkHost(name) ?? parsed.checkIP(name)) !== undefined);
}

function signedBy({ certificate }: KeyedCertificate, authority: KeyedCertificate): boolean {
  const issuer = parse(authority.certificate);
  return issuer !== null && parse(certificate)?.verify(issuer.publicKey) === true;
}

function parse(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function configured(certificateFile: string, keyFile: string): ServerCertificate {
  try {
    const certificate = readFileSync(certificateFile, 'utf8');
    return { certificate, key: readFileSync(keyFile, 'utf8'), authority: certificate };
  } catch (cause) {
    throw new SluiceError(
      'config.unreadable',
      `The certificate can't be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Check tls.certificate and tls.key in the configuration.',
      { cause },
    );
  }
}
