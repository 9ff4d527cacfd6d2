import { Socket } from 'node:net';
import type { Client } from 'pg';
import { z } from 'zod';

const Parts = z.looseObject({
  processID: z.int(),
  secretKey: z.int(),
  connection: z.looseObject({ stream: z.instanceof(Socket) }),
});

/** What a node-postgres client keeps to itself: its cancel key and its socket. */
export function clientParts(client: Client): { processId: number; secretKey: number; stream: Socket } {
  const { processID, secretKey, connection } = Parts.parse(client);
  return { processId: processID, secretKey, stream: connection.stream };
}
