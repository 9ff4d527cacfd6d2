import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';
import { violation } from '../../violation.ts';

export type TransactionStatus = 'idle' | 'inTransaction' | 'failed';

/** ReadyForQuery: "Byte1 Current backend transaction status indicator." */
export type ReadyForQuery = { type: 'readyForQuery'; status: TransactionStatus };

const LETTERS = { idle: 'I', inTransaction: 'T', failed: 'E' } as const;

/** Status of the letter `I`, `T` or `E`. @throws SluiceError `wire.protocolViolation` for any other. */
export function transactionStatus(letter: number): TransactionStatus {
  switch (letter) {
    case 0x49:
      return 'idle';
    case 0x54:
      return 'inTransaction';
    case 0x45:
      return 'failed';
    default:
      throw violation(`${letter} is no transaction status`);
  }
}

export function decodeReadyForQuery(body: BodyReader): ReadyForQuery {
  const status = transactionStatus(body.uint8());
  body.end();
  return { type: 'readyForQuery', status };
}

export function encodeReadyForQuery(message: ReadyForQuery): Buffer {
  return frame('Z').text(LETTERS[message.status]).end();
}
