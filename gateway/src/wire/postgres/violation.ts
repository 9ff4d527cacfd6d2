import { SluiceError } from '../../../contract/error.ts';

/** The peer broke the protocol: the connection can't go on, because frame boundaries are no longer known. */
export function violation(what: string): SluiceError {
  return new SluiceError(
    'wire.protocolViolation',
    `The peer broke the PostgreSQL protocol: ${what}.`,
    'Check that the client speaks PostgreSQL protocol 3 to this port.',
  );
}

/** The peer announced more than the limit; nothing of the frame was kept. */
export function frameTooLarge(type: string, bytes: number, limitBytes: number): SluiceError {
  return new SluiceError(
    'wire.frameTooLarge',
    `A ${type} of ${bytes} bytes was announced, and the limit here is ${limitBytes}.`,
    'Send less in one message, or ask the administrator to raise maxFrameBytes.',
  );
}

/** Another major version of the protocol than the one that exists since 2003. */
export function unsupportedVersion(major: number, minor: number): SluiceError {
  return new SluiceError(
    'wire.unsupported',
    `The client asked for protocol ${major}.${minor}, and only protocol 3 is spoken here.`,
    'Use a client of PostgreSQL 7.4 or newer.',
  );
}
