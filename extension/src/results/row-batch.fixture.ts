/** The rows part of a batch as the gateway writes it, for tests. */
export function batchOf(rows: readonly (readonly (string | null)[])[]): Uint8Array {
  return Buffer.concat(rows.map(rowOf));
}

function rowOf(values: readonly (string | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(values.length);
  const body = Buffer.concat([count, ...values.map(fieldOf)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function fieldOf(value: string | null): Buffer {
  const text = Buffer.from(value ?? '');
  const length = Buffer.alloc(4);
  length.writeInt32BE(value === null ? -1 : text.length);
  return Buffer.concat([length, text]);
}
