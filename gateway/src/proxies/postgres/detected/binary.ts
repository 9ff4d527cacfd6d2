/** A value in binary form, looked at by the type it says it has; null when it is to stay as it is. */
export type RedactTyped = (typeOid: number, bytes: Buffer) => Redacted;
/** `keep`: nothing was found. `null`: it can't be looked at, and becomes NULL. */
export type Redacted = Buffer | 'keep' | null;

/**
 * An array's binary form (array_send): dimensions, flags, element type, two integers for each dimension, then each
 * element with its length. NULL when it isn't that.
 */
export function redactBinaryArray(bytes: Buffer, redact: RedactTyped): Redacted {
  if (bytes.length < 12) return null;
  const header = 12 + bytes.readInt32BE(0) * 8;
  if (bytes.readInt32BE(0) < 0 || header > bytes.length) return null;
  const element = bytes.readUInt32BE(8);
  const fields = redactFields(bytes, header, (field) => redact(element, field));
  if (fields === 'keep' || fields === null) return fields;
  const hasNulls = fields.nulls || bytes.readInt32BE(4) !== 0;
  const head = Buffer.from(bytes.subarray(0, header));
  head.writeInt32BE(hasNulls ? 1 : 0, 4);
  return Buffer.concat([head, ...fields.parts]);
}

/** A composite's binary form (record_send): a count, then for each field its type, its length and its value. */
export function redactBinaryRecord(bytes: Buffer, redact: RedactTyped): Redacted {
  if (bytes.length < 4) return null;
  const parts: Buffer[] = [bytes.subarray(0, 4)];
  let changed = false;
  let at = 4;
  for (let left = bytes.readInt32BE(0); left > 0; left -= 1) {
    if (at + 8 > bytes.length) return null;
    const type = bytes.readUInt32BE(at);
    const fields = redactFields(bytes, at + 4, (field) => redact(type, field), 1);
    if (fields === null) return null;
    const length = Math.max(bytes.readInt32BE(at + 4), 0);
    const end = at + 8 + length;
    parts.push(bytes.subarray(at, at + 4));
    if (fields === 'keep') parts.push(bytes.subarray(at + 4, end));
    else parts.push(...fields.parts);
    changed ||= fields !== 'keep';
    at = end;
  }
  if (at !== bytes.length) return null;
  return changed ? Buffer.concat(parts) : 'keep';
}

type Fields = { parts: Buffer[]; nulls: boolean };

/** Values behind their int32 lengths (-1 is NULL) from `from` on: `count` of them, or as many as there are. */
function redactFields(
  bytes: Buffer,
  from: number,
  redact: (field: Buffer) => Redacted,
  count = Number.POSITIVE_INFINITY,
): Fields | 'keep' | null {
  const parts: Buffer[] = [];
  let changed = false;
  let nulls = false;
  let at = from;
  for (let done = 0; done < count && at < bytes.length; done += 1) {
    if (at + 4 > bytes.length) return null;
    const length = bytes.readInt32BE(at);
    const end = at + 4 + Math.max(length, 0);
    if (length < -1 || end > bytes.length) return null;
    const redacted = length === -1 ? 'keep' : redact(bytes.subarray(at + 4, end));
    if (redacted === 'keep') {
      parts.push(bytes.subarray(at, end));
    } else {
      changed = true;
      nulls ||= redacted === null;
      parts.push(withLength(redacted));
    }
    at = end;
  }
  return changed ? { parts, nulls } : 'keep';
}

/** A value behind its length, as it stands in a row, an array and a composite. */
export function withLength(value: Buffer | null): Buffer {
  const out = Buffer.allocUnsafe(4 + (value?.length ?? 0));
  out.writeInt32BE(value === null ? -1 : value.length, 0);
  value?.copy(out, 4);
  return out;
}
