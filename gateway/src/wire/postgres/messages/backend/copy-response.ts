import { assertNever } from '../../../../../contract/assert-never.ts';
import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';
import { violation } from '../../violation.ts';

/**
 * CopyInResponse, CopyOutResponse and CopyBothResponse share one body: the overall format and one format for
 * each column.
 */
export type CopyResponse = {
  type: 'copyInResponse' | 'copyOutResponse' | 'copyBothResponse';
  format: 'text' | 'binary';
  columnFormats: number[];
};

export function decodeCopyResponse(type: CopyResponse['type'], body: BodyReader): CopyResponse {
  const format = overallFormat(body.uint8());
  const columnFormats = body.list(() => body.int16());
  body.end();
  return { type, format, columnFormats };
}

function overallFormat(code: number): 'text' | 'binary' {
  if (code > 1) throw violation(`${code} is no COPY format`);
  return code === 0 ? 'text' : 'binary';
}

export function encodeCopyResponse(message: CopyResponse): Buffer {
  return frame(letter(message.type))
    .uint8(message.format === 'text' ? 0 : 1)
    .list(message.columnFormats, (builder, format) => builder.int16(format))
    .end();
}

function letter(type: CopyResponse['type']): string {
  switch (type) {
    case 'copyInResponse':
      return 'G';
    case 'copyOutResponse':
      return 'H';
    case 'copyBothResponse':
      return 'W';
    default:
      return assertNever(type);
  }
}
