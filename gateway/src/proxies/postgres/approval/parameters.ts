import { createHash } from 'node:crypto';
import { BodyReader } from '../../../wire/postgres/bytes/body-reader.ts';
import { decodeBind } from '../../../wire/postgres/messages/frontend/bind.ts';

/** What was bound to a statement: as an approver is shown it, and all that tells it from another. */
export type Parameters = { shown: ReadonlyArray<string | null>; key: string };

/** Nothing was bound: `key` is the ledger's own for that. */
export const NO_PARAMETERS: Parameters = { shown: [], key: '' };

const BODY_START = 5;
/** Longer values are cut where they are shown; `key` is made of all of them. */
const MAX_SHOWN_CHARACTERS = 4000;

/**
 * Reads a Bind frame (manual, "Message Formats"). `types`: the OIDs that its Parse declared; of what it left to the
 * server, the statement's text and the catalogue decide. `key` differs for any two bindings that differ in types, in
 * formats or in a value's bytes.
 *
 * @throws SluiceError `wire.protocolViolation`
 */
export function boundParameters(frame: Buffer, types: readonly number[]): Parameters {
  const { parameterFormats, parameters } = decodeBind(new BodyReader(frame, BODY_START));
  if (parameters.length === 0) return NO_PARAMETERS;
  const formatOf = (at: number) =>
    (parameterFormats.length === 1 ? parameterFormats[0] : parameterFormats[at]) ?? TEXT;
  const hash = createHash('sha256').update(JSON.stringify([types, parameters.length]));
  const shown = parameters.map((value, at) => {
    const format = formatOf(at);
    hash.update(JSON.stringify([format, value?.length ?? null])).update(value ?? '');
    if (value === null) return null;
    return format === TEXT ? cut(value.toString()) : shownBinary(types[at] ?? 0, value);
  });
  return { shown, key: hash.digest('base64url') };
}

const TEXT = 0;

function cut(text: string): string {
  if (text.length <= MAX_SHOWN_CHARACTERS) return text;
  return `${text.slice(0, MAX_SHOWN_CHARACTERS)}… <${text.length} characters>`;
}

/** pg_type.oid of what drivers send in binary form and that reads easily. */
const BOOL = 16;
const INT8 = 20;
const INT2 = 21;
const INT4 = 23;
const TEXTS: ReadonlySet<number> = new Set([25, 1042, 1043]);
const FLOAT8 = 701;
const UUID = 2950;

function shownBinary(type: number, value: Buffer): string {
  if (type === BOOL && value.length === 1) return value[0] === 0 ? 'false' : 'true';
  if (type === INT2 && value.length === 2) return String(value.readInt16BE());
  if (type === INT4 && value.length === 4) return String(value.readInt32BE());
  if (type === INT8 && value.length === 8) return String(value.readBigInt64BE());
  if (type === FLOAT8 && value.length === 8) return String(value.readDoubleBE());
  if (type === UUID && value.length === 16) {
    return value.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
  if (TEXTS.has(type)) return cut(value.toString());
  return `<${value.length} bytes>`;
}
