import { BodyReader } from '../../../gateway/src/wire/postgres/bytes/body-reader.ts';
import { type BackendMessage, decodeBackend } from '../../../gateway/src/wire/postgres/index.ts';

/** Cuts an answer into messages. */
export function messagesOf(bytes: Buffer): BackendMessage[] {
  const messages: BackendMessage[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    messages.push(decodeBackend(bytes[at] ?? 0, new BodyReader(bytes.subarray(at + 5, end))));
    at = end;
  }
  return messages;
}

/** OIDs above this one are given to relations that a case makes: one counter of the server's counts for all databases. */
export const lastTwinOid = { value: 16_384 };

/** One message as people read it, without what differs between any two databases. */
export function shown(message: BackendMessage | undefined): string {
  if (message === undefined) return '(nothing)';
  if (message.type === 'rowDescription') {
    const fields = message.fields.map((field) =>
      field.tableOid > lastTwinOid.value ? { ...field, tableOid: 0 } : field,
    );
    return JSON.stringify({ ...message, fields });
  }
  const text = JSON.stringify(message, (_key, value: unknown) => {
    if (
      typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      value.type === 'Buffer' &&
      'data' in value
    ) {
      return Buffer.from(value.data as number[]).toString('utf8');
    }
    return typeof value === 'bigint' ? String(value) : value;
  });
  // A session's own schema has the number of its process's slot.
  return text.replaceAll(/pg_temp_\d+/g, 'pg_temp');
}

/** The first message in which two answers differ; null when they don't. */
export function firstDifference(
  left: Buffer,
  right: Buffer,
): { at: number; left: string; right: string } | null {
  if (left.equals(right)) return null;
  const [ours, theirs] = [messagesOf(left), messagesOf(right)];
  for (let at = 0; at < Math.max(ours.length, theirs.length); at += 1) {
    const [mine, other] = [shown(ours[at]), shown(theirs[at])];
    if (mine !== other) return { at, left: mine, right: other };
  }
  return null;
}

/** How an answer ended: what the report counts. */
export type Ending = 'rows' | 'error' | 'refused' | 'closed';

const ERROR = 0x45;
/** SQLSTATEs that the gateway gives to what it does not let run. */
const REFUSED: ReadonlySet<string> = new Set(['42501', '0A000', '42939']);

/** Reads an answer's frames without decoding rows. `gateway`: whether 42501 means a refusal by the gateway. */
export function endingOf(bytes: Buffer, closed: boolean): { ending: Ending; code: string; message: string } {
  for (let at = 0; at + 5 <= bytes.length; at += 1 + bytes.readInt32BE(at + 1)) {
    if (bytes[at] !== ERROR) continue;
    const [message] = messagesOf(bytes.subarray(at, at + 1 + bytes.readInt32BE(at + 1)));
    const fields = message?.type === 'errorResponse' ? message.fields : {};
    const code = fields.code ?? '';
    const ending = REFUSED.has(code) ? 'refused' : 'error';
    return { ending: closed ? 'closed' : ending, code, message: fields.message ?? '' };
  }
  return { ending: closed ? 'closed' : 'rows', code: '', message: '' };
}
