import { decode } from '../bytes/decode.ts';
import { malformed } from '../bytes/malformed.ts';
import type { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';

/** Critical options or extensions: what each name carries, which for a mere flag is nothing. */
export type Options = ReadonlyMap<string, Buffer>;

/** Reads names and data, which PROTOCOL.certkeys has in ascending order, each name once. */
export function readOptions(reader: Reader, what: string): Options {
  const packed = reader.string(what);
  const options = new Map<string, Buffer>();
  const read = decode(what, packed, packed.length, (inner) => {
    let last: Buffer | null = null;
    while (inner.remaining > 0) {
      const name = readName(inner, last);
      options.set(name.toString(), inner.string('an option’s data'));
      last = name;
    }
  });
  return read.ok ? options : malformed(read.why);
}

function readName(reader: Reader, last: Buffer | null): Buffer {
  const name = Buffer.from(reader.text('an option’s name'));
  if (name.length === 0) malformed('an option has no name');
  if (last !== null && Buffer.compare(last, name) >= 0) malformed('its options are not in order, each once');
  return name;
}

/** Writes options in the order that PROTOCOL.certkeys wants. A value is wrapped as a string; null is a flag. */
export function packedOptions(options: Readonly<Record<string, string | null>>): Buffer {
  const writer = new Writer();
  const sorted = Object.entries(options).sort(([one], [other]) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
  for (const [name, value] of sorted) {
    writer.string(name).string(value === null ? '' : new Writer().string(value).end());
  }
  return writer.end();
}
