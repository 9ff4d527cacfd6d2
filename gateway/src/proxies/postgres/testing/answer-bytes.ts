import { Client } from 'pg';
import { encode, type FrontendMessage } from '../../../wire/postgres/index.ts';
import { clientParts } from './client-parts.ts';

const READY_FOR_QUERY = 0x5a;
const READY_FRAME_BYTES = 6;
const HEADER_BYTES = 5;

/** Everything that a server sends in answer to these messages, as it came, up to the last ReadyForQuery. */
export function answerTo(url: string, ...messages: FrontendMessage[]): Promise<Buffer> {
  return answerUntil(url, messages, (all) => {
    const end = all.subarray(-READY_FRAME_BYTES);
    return end.length === READY_FRAME_BYTES && end[0] === READY_FOR_QUERY && end.readInt32BE(1) === 5;
  });
}

/** The same up to as many ReadyForQuery as there are Query and Sync messages, none of them in COPY. */
export function answersTo(url: string, ...messages: FrontendMessage[]): Promise<Buffer> {
  const asked = messages.filter(({ type }) => type === 'query' || type === 'sync').length;
  return answerUntil(url, messages, (all) => timesReady(all) === asked);
}

/** Also ends when the server closes the connection. */
async function answerUntil(
  url: string,
  messages: readonly FrontendMessage[],
  isEnd: (all: Buffer) => boolean,
): Promise<Buffer> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { stream } = clientParts(client);
  stream.removeAllListeners('data');
  const chunks: Buffer[] = [];
  const answered = new Promise<Buffer>((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const all = Buffer.concat(chunks);
      if (isEnd(all)) resolve(all);
    });
    stream.on('close', () => resolve(Buffer.concat(chunks)));
  });
  stream.write(Buffer.concat(messages.map(encode)));
  const bytes = await answered;
  stream.destroy();
  return bytes;
}

function timesReady(bytes: Buffer): number {
  let times = 0;
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    if (end <= bytes.length && bytes[at] === READY_FOR_QUERY) times += 1;
    at = end;
  }
  return times;
}

/** The same for one simple Query. */
export function answerBytes(url: string, text: string): Promise<Buffer> {
  return answerTo(url, { type: 'query', query: text });
}
