import { SluiceError } from '../../../contract/error.ts';

/** What ends a connection, in words for whoever runs the gateway. */
export function asSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  return new SluiceError('internal.fault', 'The gateway failed while it served an SSH session.', '', {
    cause: error,
  });
}
