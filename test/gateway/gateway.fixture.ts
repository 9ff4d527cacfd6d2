import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { QUERY_CHANNEL_PATH, QUERY_CHANNEL_SUBPROTOCOL } from '../../gateway/contract/endpoints.ts';
import { QueryId } from '../../gateway/contract/ids.ts';
import { decodeRowBatch, QueryEvent, type QueryRequest } from '../../gateway/contract/query-channel.ts';
import { Browser } from '../../gateway/src/adapters/identity/browser.fixture.ts';
import { run } from '../../gateway/src/cli/run.ts';
import { parseConfig } from '../../gateway/src/config-load.ts';
import { type Gateway, startGateway } from '../../gateway/src/main.ts';
import { bootSample, type RunningSample } from '../../sample/boot-sample.ts';
import { noteSecret } from '../../scripts/test/written.ts';

export const SERVICE_KEY = 'swordfish-swordfish';

export type GovernedShop = {
  sample: RunningSample;
  gateway: Gateway;
  dataDir: string;
  close(): Promise<void>;
};

const EXAMPLE_POLICY = new URL('../../examples/policy', import.meta.url).pathname;

/** A gateway as people run it, in front of a real shop: the example policy unless another is given, a service account. */
export async function governedShop(settings = '', policy = EXAMPLE_POLICY): Promise<GovernedShop> {
  const sample = await bootSample({ customers: 1000, port: 0 });
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-gateway-'));
  const text = `
listen: {http: 127.0.0.1:0, postgres: 127.0.0.1:0}
dataDir: ${dataDir}
policy: ${policy}
identity:
  serviceAccounts: [{name: ci, groups: [developers], key: {env: CI_KEY}}]
targets: [{name: shop, url: {env: SHOP_URL}, labels: {environment: production}}]
${settings}`;
  const environment = { CI_KEY: SERVICE_KEY, SHOP_URL: sample.gatewayUrl() };
  const config = parseConfig(text, { name: 'test', folder: dataDir }, environment);
  noteSecret('the key of a service account', SERVICE_KEY);
  const gateway = await startGateway(config, {
    tell: (line) => appendFileSync(join(dataDir, 'told.log'), `${line}\n`),
  });
  const close = async () => {
    await gateway.close();
    await sample.stop();
  };
  return { sample, gateway, dataDir, close };
}

/** The command line of one person, who signs in with a browser when it asks. */
export class Person {
  readonly #email: string;
  readonly #gateway: Pick<Gateway, 'url'>;
  readonly #environment: NodeJS.ProcessEnv;
  readonly said: string[] = [];

  constructor(email: string, gateway: Pick<Gateway, 'url'>) {
    this.#email = email;
    this.#gateway = gateway;
    const home = mkdtempSync(join(tmpdir(), 'sluice-person-'));
    this.#environment = { XDG_DATA_HOME: home, SLUICE_GATEWAY: gateway.url };
  }

  /** Runs a command; gives its exit code and what it printed on stdout. `stopped` is its ctrl-C. */
  async sluice(
    args: readonly string[],
    onOut: (text: string) => void = () => undefined,
    stopped: Promise<void> = new Promise(() => undefined),
  ): Promise<{ exit: number; out: string }> {
    const out: string[] = [];
    const exit = await run(args, {
      environment: this.#environment,
      stopped,
      out: (text) => {
        out.push(text);
        onOut(text);
      },
      say: (text) => {
        this.said.push(text);
        const address = /^To sign in, open (\S+)/.exec(text)?.[1];
        if (address !== undefined) void this.#confirm(address);
      },
    });
    return { exit, out: out.join('\n') };
  }

  /** An access token, by device code. */
  async token(): Promise<string> {
    const device = await this.#form('/oidc/device/auth', { client_id: 'sluice', scope: 'openid' });
    await this.#confirm(device.verification_uri_complete ?? '');
    const tokens = await this.#form('/oidc/token', {
      client_id: 'sluice',
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device.device_code ?? '',
    });
    for (const kind of ['access_token', 'refresh_token', 'id_token', 'device_code'])
      noteSecret(`somebody's ${kind}`, { ...device, ...tokens }[kind] ?? '');
    return tokens.access_token ?? '';
  }

  async #form(path: string, fields: Record<string, string>): Promise<Record<string, string>> {
    const body = new URLSearchParams(fields);
    const response = await fetch(this.#gateway.url + path, { method: 'POST', body });
    return (await response.json()) as Record<string, string>;
  }

  async #confirm(address: string): Promise<void> {
    const confirm = await new Browser().open(address);
    const choice = await confirm.submit('Continue');
    await choice.submit('Choose', { person: `person:${this.#email}` });
  }
}

export type RunResult = { events: QueryEvent[]; rows: string[][]; batches: number };

/** A query channel as a client uses it: one run after the other, every batch taken. */
export class Channel {
  readonly socket: WebSocket;
  #lastQuery = 0;

  constructor(gateway: Gateway, token: string, target = 'shop') {
    const address = `${gateway.url.replace('http', 'ws')}${QUERY_CHANNEL_PATH}?target=${target}`;
    this.socket = new WebSocket(address, QUERY_CHANNEL_SUBPROTOCOL, {
      headers: { authorization: `Bearer ${token}` },
    });
  }

  run(text: string, onBatch: (query: QueryId) => void = () => undefined): Promise<RunResult> {
    this.#lastQuery += 1;
    const query = QueryId.parse(this.#lastQuery);
    const result: RunResult = { events: [], rows: [], batches: 0 };
    return new Promise((resolve, reject) => {
      const closed = (code: number, reason: Buffer) => reject(new Error(`${code} ${reason}`));
      this.socket.once('close', closed);
      this.socket.on('message', (data, isBinary) => {
        const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
        if (isBinary) {
          result.rows.push(...rowsOf(decodeRowBatch(bytes).rows));
          result.batches += 1;
          onBatch(query);
          this.send({ type: 'more', query, batches: 1 });
          return;
        }
        const event = QueryEvent.parse(JSON.parse(bytes.toString()));
        if (event.type === 'open') {
          this.send({ type: 'run', query, text, credit: 2 });
          return;
        }
        result.events.push(event);
        if (event.type !== 'ended') return;
        this.socket.removeAllListeners('message');
        this.socket.off('close', closed);
        resolve(result);
      });
      if (this.socket.readyState === this.socket.OPEN) this.send({ type: 'run', query, text, credit: 2 });
    });
  }

  send(request: QueryRequest): void {
    this.socket.send(JSON.stringify(request));
  }
}

/** Each row a uint32 length and a DataRow body (gateway/contract/query-channel.ts). */
function rowsOf(bytes: Uint8Array): string[][] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: string[][] = [];
  for (let at = 0; at < view.length; at += 4 + view.readUInt32BE(at)) {
    const row: string[] = [];
    let cell = at + 6;
    for (let column = view.readInt16BE(at + 4); column > 0; column -= 1) {
      const length = view.readInt32BE(cell);
      row.push(length < 0 ? 'NULL' : view.toString('utf8', cell + 4, cell + 4 + length));
      cell += 4 + Math.max(length, 0);
    }
    rows.push(row);
  }
  return rows;
}
