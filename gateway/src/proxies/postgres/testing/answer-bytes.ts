import { Client } from 'pg';
import { encode, type FrontendMessage } from '../../../wire/postgres/index.ts';
import { clientParts } from './client-parts.ts';

const READY_FRAME_BYTES = 6;

/** Everything that a server sends in answer to these messages, as it came, up to the last ReadyForQuery. */
export async function answerTo(url: string, ...messages: FrontendMessage[]): Promise<Buffer> {
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
      const end = all.subarray(-READY_FRAME_BYTES);
      if (end.length === READY_FRAME_BYTES && end[0] === 0x5a && end.readInt32BE(1) === 5) resolve(all);
    });
  });
  stream.write(Buffer.concat(messages.map(encode)));
  const bytes = await answered;
  stream.destroy();
  return bytes;
}

/** The same for one simple Query. */
export function answerBytes(url: string, text: string): Promise<Buffer> {
  return answerTo(url, { type: 'query', query: text });
}
