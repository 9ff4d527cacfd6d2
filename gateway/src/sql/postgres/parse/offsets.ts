/**
 * Translates the parser's UTF-8 byte locations into UTF-16 offsets of the same text, in one pass, made
 * when the first one is asked for. Pure ASCII costs nothing.
 */
export function utf16Offsets(text: string): (byte: number) => number {
  if (Buffer.byteLength(text) === text.length) return (byte) => byte;
  let table: Uint32Array | null = null;
  return (byte) => {
    table ??= buildTable(text);
    return table[Math.min(byte, table.length - 1)] ?? text.length;
  };
}

function buildTable(text: string): Uint32Array {
  const table = new Uint32Array(Buffer.byteLength(text) + 1);
  let byte = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let i = 0; i < bytes; i += 1) table[byte + i] = at;
    byte += bytes;
    at += code > 0xffff ? 2 : 1;
  }
  table[byte] = text.length;
  return table;
}
