import { SluiceError } from '../../../../contract/error.ts';

/** What was answered is not what was decided on. */
export function overtaken(): SluiceError {
  return new SluiceError(
    'statement.cancelled',
    'The session was ended before any row was released: what the statement reads was changed by somebody else while it ran.',
    'Connect and run it again.',
  );
}

/** The connection was opened for somebody who sees more, or less. */
export function servedElsewhere(): SluiceError {
  return new SluiceError(
    'identity.forbidden',
    'What you may see unmasked has changed, so the session was closed.',
    'Connect again.',
  );
}

/** The principal may no longer use the target: the session ends. */
export function accessEnded(): SluiceError {
  return new SluiceError(
    'identity.forbidden',
    'Your access to this target has ended, so the session was closed.',
    'Sign in again, or ask for access.',
  );
}
