import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
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
 * @throws SluiceError `config.unreadable` when files can't be read, used or written.
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
    () => {
      mustSign(settings.folder, authority);
      return issueServerCertificate(authority, hostNames, now);
    },
    (found) => fresh(found, now) && isWhole(found) && names(found, hostNames) && signedBy(found, authority),
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

/** Whether the key can be read and is that of the certificate. */
function isWhole({ certificate, key }: KeyedCertificate): boolean {
  const privateKey = parseKey(key);
  return privateKey !== null && parse(certificate)?.checkPrivateKey(privateKey) === true;
}

/** Clients were told to trust the authority, so no other takes its place without whoever runs the gateway. */
function mustSign(folder: string, authority: KeyedCertificate): void {
  if (isWhole(authority)) return;
  const [certificate, key] = [join(folder, 'authority.crt'), join(folder, 'authority.key')];
  throw new SluiceError(
    'config.unreadable',
    `${key} is damaged or not the key of ${certificate}, so no certificate can be issued.`,
    'Restore both from a backup. Or delete both: the gateway makes others, and clients have to trust them anew.',
  );
}

function names({ certificate }: KeyedCertificate, hostNames: readonly string[]): boolean {
  const parsed = parse(certificate);
  if (parsed === null) return false;
  return hostNames.every(
    (name) => (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) !== undefined,
  );
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

function parseKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

function configured(certificateFile: string, keyFile: string): ServerCertificate {
  const [certificate, key] = [readConfigured(certificateFile), readConfigured(keyFile)];
  const wrong = wrongWith(certificateFile, parse(certificate), keyFile, parseKey(key));
  if (wrong !== null) throw unusable(wrong);
  return { certificate, key, authority: certificate };
}

function readConfigured(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw unusable(`The certificate can't be read: ${why}.`, cause);
  }
}

function wrongWith(
  certificateFile: string,
  certificate: X509Certificate | null,
  keyFile: string,
  key: KeyObject | null,
): string | null {
  if (certificate === null) return `${certificateFile} holds no certificate that can be read (PEM).`;
  if (key === null) return `${keyFile} holds no private key that can be read (PEM, without a passphrase).`;
  return certificate.checkPrivateKey(key)
    ? null
    : `${keyFile} is not the key of the certificate in ${certificateFile}.`;
}

function unusable(what: string, cause?: unknown): SluiceError {
  const next = 'Check tls.certificate and tls.key in the configuration.';
  return new SluiceError('config.unreadable', what, next, { cause });
}
