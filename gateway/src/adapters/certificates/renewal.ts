import { type CertificateSettings, type ServerCertificate, serverCertificate } from './certificates.ts';

const CHECK_MS = 12 * 3_600_000;

/** The certificate in force, for as long as the gateway runs: looked at twice a day and renewed in time. */
export type CertificateInForce = {
  current(): ServerCertificate;
  /** Calls back with each renewed one. */
  onRenewed(listener: (certificate: ServerCertificate) => void): void;
  /** Renews now when it is due; a failure leaves the present one in force. */
  check(): Promise<void>;
  close(): void;
};

/** @throws SluiceError `config.unreadable` when there is none to begin with. */
export async function certificateInForce(
  settings: CertificateSettings,
  tell: (line: string) => void,
  now: () => Date = () => new Date(),
): Promise<CertificateInForce> {
  let certificate = await serverCertificate(settings, now());
  const listeners: Array<(renewed: ServerCertificate) => void> = [];
  const check = async () => {
    try {
      const found = await serverCertificate(settings, now());
      if (found.certificate === certificate.certificate) return;
      certificate = found;
      for (const listener of listeners) listener(found);
      tell('The certificate was renewed.');
    } catch (error) {
      tell(`The certificate could not be renewed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const timer = setInterval(() => void check(), CHECK_MS);
  timer.unref();
  return {
    current: () => certificate,
    onRenewed: (listener) => void listeners.push(listener),
    check,
    close: () => clearInterval(timer),
  };
}
