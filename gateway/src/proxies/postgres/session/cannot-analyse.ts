import { SluiceError } from '../../../../contract/error.ts';
import { errorResponse } from '../front/error.ts';
import { IN_FAILED_TRANSACTION } from './refusal.ts';
import { overtaken } from './session-over.ts';

/** A statement that can't be analysed now, and so doesn't run. The session goes on. */
export class CannotAnalyse extends Error {
  /** SQLSTATE. */
  readonly code: string;
  readonly hint: string;

  constructor(code: string, sentence: string, hint = '') {
    super(sentence);
    this.code = code;
    this.hint = hint;
  }
}

export function errorOf(error: CannotAnalyse): Buffer {
  return errorResponse('ERROR', error.code, error.message, { hint: error.hint });
}

/** Nothing can be asked or run upstream until the transaction ends. */
export function transactionFailed(): CannotAnalyse {
  return new CannotAnalyse(
    IN_FAILED_TRANSACTION,
    'current transaction is aborted, commands ignored until end of transaction block',
  );
}

/** A transaction whose snapshot is older than somebody else's change does not see it, but is subject to it. */
export function frozenSnapshot(): CannotAnalyse {
  return new CannotAnalyse(
    '40001',
    'the catalogue was changed by somebody else, and this transaction can not see how',
    'Roll back, and run the transaction again.',
  );
}

/** Between the analysis and the grant. */
export function changedSinceApproval(): CannotAnalyse {
  return new CannotAnalyse(
    '40001',
    'the catalogue was changed by somebody else just now, so what was approved was not run',
    'Run it again: where it means something else now, that asks anew.',
  );
}

const LOCK_NOT_AVAILABLE = '55P03';
const isLocked = (cause: unknown) =>
  typeof cause === 'object' && cause !== null && Reflect.get(cause, 'code') === LOCK_NOT_AVAILABLE;

/** Maybe the one who asks holds the lock. */
function tableLocked(): CannotAnalyse {
  return new CannotAnalyse(
    LOCK_NOT_AVAILABLE,
    'the catalogue was changed by somebody else, and can not be read while a transaction holds a lock on a table of it',
    'Try again when ALTER TABLE, LOCK and the like have ended; roll back if it is your own transaction that holds the lock.',
  );
}

/** A catalogue that is read anew has changed, whether or not the reading ends. */
export function lockedMeansChanged(error: unknown): never {
  throw error instanceof SluiceError && isLocked(error.cause) ? overtaken() : error;
}

/** Without the catalogue no name can be resolved. */
export function withoutCatalogue(error: unknown): never {
  if (!(error instanceof SluiceError) || error.code !== 'catalogue.unavailable') throw error;
  if (isLocked(error.cause)) throw tableLocked();
  throw new CannotAnalyse('57P03', error.message, error.next);
}
