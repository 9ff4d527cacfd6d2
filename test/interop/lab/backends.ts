import { Client } from 'pg';
import type { Lab } from './lab.ts';

export type Backend = { pid: number; state: string | null; waitEvent: string | null };

/** Looks at the server's own list of sessions, past the gateway. */
export class Backends {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async watch(lab: Lab): Promise<Backends> {
    const client = new Client({ connectionString: lab.sample.superuserUrl('scratch') });
    await client.connect();
    return new Backends(client);
  }

  /** Sessions that clients named `application` have on the server. */
  async of(application: string): Promise<Backend[]> {
    const { rows } = await this.#client.query<Backend>(
      `select pid, state, wait_event as "waitEvent" from pg_stat_activity where application_name = $1`,
      [application],
    );
    return rows;
  }

  async terminate(pid: number): Promise<void> {
    await this.#client.query('select pg_terminate_backend($1)', [pid]);
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}
