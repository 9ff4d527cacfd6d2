import { randomUUID } from 'node:crypto';
import { SessionId } from '../../../contract/ids.ts';

export function newSessionId(): SessionId {
  return SessionId.parse(randomUUID());
}
