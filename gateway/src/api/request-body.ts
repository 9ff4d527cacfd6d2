import type { IncomingMessage } from 'node:http';
import { SluiceError } from '../../contract/error.ts';

/**
 * Reads a JSON body of at most `maxBytes`; an empty one is `{}`.
 *
 * @throws SluiceError `wire.frameTooLarge` or `request.invalid`
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new SluiceError(
        'wire.frameTooLarge',
        `The request is larger than ${maxBytes} bytes.`,
        'Send less at once, or raise limits.maxRequestBytes in the configuration.',
      );
    }
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new SluiceError(
      'request.invalid',
      'The body must be JSON.',
      'Send content-type: application/json.',
    );
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new SluiceError('request.invalid', 'The body is no valid JSON.', '', { cause });
  }
}
