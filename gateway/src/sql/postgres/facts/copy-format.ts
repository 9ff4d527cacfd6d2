import type { CopyStmt } from 'libpg-query';
import type { CopyFormat } from '../../engine.ts';
import { bodyOf } from '../parse/node.ts';

/** How COPY … TO writes its lines (manual, "COPY"); null for what is no text, or what can't be told. */
export function copyFormat(body: CopyStmt): CopyFormat | null {
  const options = new Map(
    (body.options ?? []).map((node) => {
      const option = bodyOf(node, 'DefElem');
      return [option?.defname ?? '', bodyOf(option?.arg, 'String')?.sval] as const;
    }),
  );
  const kind = options.get('format') ?? 'text';
  if (kind !== 'text' && kind !== 'csv') return null;
  if ((options.get('encoding') ?? 'utf8').replace('-', '').toLowerCase() !== 'utf8') return null;
  const delimiter = options.get('delimiter') ?? (kind === 'csv' ? ',' : '\t');
  const quote = options.get('quote') ?? '"';
  const escaping = options.get('escape') ?? quote;
  const [delimiterByte, quoteByte, escapingByte] = [delimiter, quote, escaping].map(asByte);
  if (!delimiterByte || !quoteByte || !escapingByte) return null;
  return { kind, delimiter: delimiterByte, quote: quoteByte, escaping: escapingByte };
}

function asByte(text: string): number | null {
  const bytes = Buffer.from(text);
  return bytes.length === 1 ? (bytes[0] ?? null) : null;
}
