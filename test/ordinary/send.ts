import type { Client, Connection } from 'pg';
import type { Captured } from './capture/frontend-messages.ts';

export type Field = {
  name: string;
  tableID: number;
  columnID: number;
  dataTypeID: number;
  dataTypeSize: number;
  dataTypeModifier: number;
  format: string;
};

/** What a client sees of one result. */
export type Result = { fields: Field[] | null; rows: Array<Array<string | null>>; tag: string };

/** What a client sees of one statement, which in the simple protocol may have several results. */
export type Answer = {
  results: Result[];
  error: { code: string; message: string; detail: string; hint: string } | null;
};

type Fault = { code?: string; message: string; detail?: string; hint?: string };

/** Sends a statement by the protocol that the tool used, and takes the whole answer. */
export function send(client: Client, captured: Captured): Promise<Answer> {
  return new Promise((resolve) => {
    const answer: Answer = { results: [], error: null };
    let result: Result = { fields: null, rows: [], tag: '' };
    const done = (tag: string) => {
      answer.results.push({ ...result, tag });
      result = { fields: null, rows: [], tag: '' };
    };
    const failed = (error: Fault) => {
      const { code = '', message, detail = '', hint = '' } = error;
      answer.error ??= { code, message, detail, hint };
      // Nothing more is told of a query that failed; the next one waits until the server is ready.
      resolve(answer);
    };
    const query = {
      submit: (connection: Connection) => submit(connection, captured),
      handleRowDescription: (message: { fields: Field[] }) => {
        result.fields = message.fields;
      },
      handleDataRow: (message: { fields: Array<string | null> }) => result.rows.push(message.fields),
      handleCommandComplete: (message: { text: string }) => done(message.text),
      handleEmptyQuery: () => done(''),
      handlePortalSuspended: () => done('suspended'),
      handleCopyInResponse: (connection: Connection & CopyIn) => {
        if (captured.copied !== undefined) connection.sendCopyFromChunk(Buffer.from(captured.copied));
        connection.endCopyFrom();
      },
      handleCopyData: (message: { chunk: Buffer }) => result.rows.push([message.chunk.toString()]),
      handleError: failed,
      handleReadyForQuery: () => resolve(answer),
      callback: () => undefined,
    };
    client.query(query);
  });
}

type CopyIn = { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void };

function submit(connection: Connection, { sql, values, types, binary, binaryResults }: Captured): null {
  if (values === undefined) {
    connection.query(sql);
    return null;
  }
  const wire = connection as Connection & {
    bind(config: { values: Array<Buffer | string | null>; binary: boolean }, more: boolean): void;
    describe(config: { type: 'P'; name: string }, more: boolean): void;
    parse(config: { text: string; name: string; types: number[] }, more: boolean): void;
  };
  wire.parse({ text: sql, name: '', types: types ?? [] }, true);
  const bytes = values.map((value, at) =>
    value !== null && binary?.[at] === true ? Buffer.from(value, 'hex') : value,
  );
  wire.bind({ values: bytes, binary: binaryResults ?? false }, true);
  wire.describe({ type: 'P', name: '' }, true);
  wire.execute({}, true);
  wire.sync();
  return null;
}
