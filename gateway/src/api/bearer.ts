import type { IncomingMessage } from 'node:http';
import { SluiceError } from '../../contract/error.ts';
import type { Authentication, Reach } from '../core/access/authentication.ts';
import type { Caller } from './handlers.ts';

/**
 * Who makes a request, by its bearer token (RFC 6750 section 2.1). `wanted`: what the token must be good for.
 *
 * @throws SluiceError `identity.signInRequired` without a token, `identity.tokenInvalid` with one that doesn't count,
 *   `identity.forbidden` with one that is good for less.
 */
export async function callerOf(
  request: IncomingMessage,
  authentication: Authentication,
  wanted: Reach,
): Promise<Caller> {
  const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) {
    throw new SluiceError('identity.signInRequired', 'This needs a signed-in person.', 'Sign in first.');
  }
  const signedIn = await authentication.authenticate(token);
  const principal = signedIn?.principal.current() ?? null;
  if (signedIn === null || principal === null) {
    throw new SluiceError(
      'identity.tokenInvalid',
      'Your sign-in has run out or was revoked.',
      'Renew the access token, or sign in again.',
    );
  }
  if (wanted === 'everything' && signedIn.reach === 'requests') {
    throw new SluiceError(
      'identity.forbidden',
      'This sign-in is good for requests for approval alone.',
      'Sign in with the editor or the command line.',
    );
  }
  return { principal, signedIn };
}
