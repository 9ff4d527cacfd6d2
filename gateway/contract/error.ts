import * as z from 'zod';

/** Every code that breakage can carry. `docs/ERRORS.md` has one heading for each; a test holds both equal. */
export const ErrorCode = z.enum([
  'config.invalid',
  'config.unreadable',
  'policy.invalid',
  'listen.refused',
  'identity.signInRequired',
  'identity.tokenInvalid',
  'identity.forbidden',
  'identity.providerUnreachable',
  'target.unknown',
  'target.unreachable',
  'target.credentialRefused',
  'target.certificateRefused',
  'catalogue.unavailable',
  'statement.unparsed',
  'statement.blocked',
  'statement.cancelled',
  'wire.protocolViolation',
  'wire.frameTooLarge',
  'wire.unsupported',
  'record.unavailable',
  'store.corrupt',
  'request.invalid',
  'request.notFound',
  'approval.unknown',
  'approval.refused',
  'session.unknown',
  'contract.mismatch',
  'internal.fault',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** How an error travels: what happened and why in `message`, what to do in `next`. */
export const ErrorBody = z.object({ code: ErrorCode, message: z.string(), next: z.string() });
export type ErrorBody = z.infer<typeof ErrorBody>;

/** Breakage. Expected outcomes (denied, needs approval) are values, never this. */
export class SluiceError extends Error {
  readonly code: ErrorCode;
  readonly next: string;

  constructor(code: ErrorCode, message: string, next = '', options?: ErrorOptions) {
    super(message, options);
    this.name = 'SluiceError';
    this.code = code;
    this.next = next;
  }

  toBody(): ErrorBody {
    return { code: this.code, message: this.message, next: this.next };
  }
}
