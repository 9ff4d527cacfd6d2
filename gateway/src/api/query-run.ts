import type { QueryId } from '../../contract/ids.ts';
import { encodeRowBatch, type QueryEvent } from '../../contract/query-channel.ts';
import type { QuerySession, QuerySink } from '../core/flow/governed-target.ts';
import { Credit } from './credit.ts';
import { errorBody } from './respond.ts';

/** What a run writes to. `sendRows` resolves when the socket has taken the frame. */
export type RunOutput = { send(event: QueryEvent): void; sendRows(frame: Uint8Array): Promise<void> };

/** One run in a query channel: its events go out in order, its rows as the client's credit allows. */
export class QueryRun {
  readonly query: QueryId;
  readonly #credit: Credit;
  readonly #session: QuerySession;
  readonly #output: RunOutput;
  #index = 0;

  constructor(query: QueryId, credit: number, session: QuerySession, output: RunOutput) {
    this.query = query;
    this.#credit = new Credit(credit);
    this.#session = session;
    this.#output = output;
  }

  /** Runs every statement; always ends with `ended`. */
  async run(text: string, fault: (error: unknown) => void): Promise<void> {
    const { query } = this;
    try {
      const end = await this.#session.run(text, this.#sink());
      this.#output.send({ type: 'ended', query, ...end });
    } catch (error) {
      fault(error);
      this.#output.send({
        type: 'failed',
        query,
        index: this.#index,
        error: errorBody(error),
        sqlState: '',
        detail: '',
        hint: '',
        position: null,
      });
      this.#output.send({ type: 'ended', query, status: 'failed', transaction: 'idle' });
    }
  }

  more(batches: number): void {
    this.#credit.grant(batches);
  }

  /** Cancels on the server; rows that are still under way are dropped. */
  cancel(): void {
    this.#session.cancel();
    this.#credit.discard();
  }

  #sink(): QuerySink {
    const { query } = this;
    const send = (event: QueryEvent) => this.#output.send(event);
    return {
      decided: (index, start, end, decision) => {
        this.#index = index;
        send({ type: 'decided', query, index, start, end, decision });
      },
      held: (index, request) => send({ type: 'held', query, index, request }),
      columns: (index, columns) => send({ type: 'columns', query, index, columns }),
      rows: async (index, rowCount, rows) => {
        if (!(await this.#credit.spend())) return;
        await this.#output.sendRows(encodeRowBatch({ query, index, rowCount, rows }));
      },
      notice: (notice) => send({ type: 'notice', query, ...notice }),
      complete: (index, tag, rows) => send({ type: 'complete', query, index, tag, rows }),
      failed: (index, failure) => send({ type: 'failed', query, index, ...failure }),
    };
  }
}
