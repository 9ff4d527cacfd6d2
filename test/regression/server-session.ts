import { encode } from '../../gateway/src/wire/postgres/index.ts';
import type { Route } from '../interop/lab/lab.ts';
import { decoded, openRaw, type RawFrame, type RawSession } from '../interop/lab/raw-session.ts';

/** `sourceFile`: the server's source file that raised it. */
export type ServerError = { sqlState: string; sourceFile: string; message: string };
export type Answer = {
  error: ServerError | null;
  columns: string[];
  rows: (string | null)[][];
  lost: boolean;
};

/** A client's session, as psql has one. */
export class ServerSession {
  readonly #raw: RawSession;

  private constructor(raw: RawSession) {
    this.#raw = raw;
  }

  static async open(route: Route, parameters: Readonly<Record<string, string>>): Promise<ServerSession> {
    return new ServerSession(await openRaw(route, { parameters }));
  }

  /** Runs a text; each COPY FROM STDIN in it is given `copyData()`. */
  async run(text: string, copyData: () => string = () => ''): Promise<Answer> {
    this.#raw.send(encode({ type: 'query', query: text }));
    return this.#answer(copyData);
  }

  /** Runs one statement with parameters in their text form. */
  async runWith(text: string, parameters: readonly string[]): Promise<Answer> {
    this.#raw.send(
      encode({ type: 'parse', statement: '', query: text, parameterTypes: [] }),
      encode({
        type: 'bind',
        portal: '',
        statement: '',
        parameterFormats: [],
        parameters: parameters.map((value) => Buffer.from(value)),
        resultFormats: [],
      }),
      encode({ type: 'execute', portal: '', maxRows: 0 }),
      encode({ type: 'sync' }),
    );
    return this.#answer(() => '');
  }

  close(): Promise<void> {
    return this.#raw.close();
  }

  async #answer(copyData: () => string): Promise<Answer> {
    const answer: Answer = { error: null, columns: [], rows: [], lost: false };
    for (;;) {
      const frame = await this.#raw.frame();
      if (frame === null) return { ...answer, lost: true };
      if (frame.type === 'Z') return answer;
      if (frame.type === 'G') {
        this.#raw.send(
          encode({ type: 'copyData', data: Buffer.from(copyData()) }),
          encode({ type: 'copyDone' }),
        );
      } else note(answer, frame);
    }
  }
}

function note(answer: Answer, frame: RawFrame): void {
  if (!'TDE'.includes(frame.type)) return;
  const message = decoded(frame);
  if (message.type === 'rowDescription') answer.columns = message.fields.map(({ name }) => name);
  if (message.type === 'dataRow') answer.rows.push(message.cells.map((cell) => cell?.toString() ?? null));
  if (message.type !== 'errorResponse') return;
  const { code = '', file = '', message: words = '' } = message.fields;
  answer.error ??= { sqlState: code, sourceFile: file, message: words };
}
