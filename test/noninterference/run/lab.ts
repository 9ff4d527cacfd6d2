import { createPostgresEngine } from '../../../gateway/src/sql/postgres/engine.ts';
import { bootPostgres, type PostgresVersion } from '../../../sample/postgres/boot-postgres.ts';
import {
  copyTwins,
  equalSizes,
  GATEWAY_ROLE,
  makeTemplates,
  onDatabase,
  SERVER_SETTINGS,
  type Server,
  SIDES,
  type Side,
} from '../database/twins.ts';
import { loadSchema, type Schema } from '../generator/schema.ts';
import { lastTwinOid } from '../wire/answer.ts';
import { filteredTables, maskedColumns, PASSWORD, startGateway, USER, variantOf } from './gateway.ts';
import { Ledger } from './ledger.ts';
import { Pair } from './pair.ts';
import { prepareTwins } from './prepared.ts';
import { SharedEngine } from './shared-engine.ts';

export type Lab = {
  schema: Schema;
  pairs: Pair[];
  ledger: Ledger;
  faults: Error[];
  close(): Promise<void>;
};

export type LabOptions = {
  pairs: number;
  version?: PostgresVersion;
  server?: Server;
  knownLimits?: boolean;
  /** As a prepared target: the gateway's role reads masking views, and no masked column. */
  prepared?: boolean;
  /** Past the gateway: shows how much of what is generated runs, and tells twins apart. */
  direct?: boolean;
};

/** Much longer than anything takes that is worth comparing. */
const TIME_LIMIT = '-c statement_timeout=8000';

/** A server with twins, and a gateway in front of them. With `server` it is one that runs already and has templates. */
export async function openLab(options: LabOptions): Promise<Lab> {
  const postgres =
    options.server === undefined
      ? await bootPostgres({ version: options.version ?? 18, settings: SERVER_SETTINGS })
      : null;
  const server = options.server ?? serverOf(postgres);
  if (options.prepared === true && postgres === null)
    throw new Error('a server that runs already is not prepared');
  if (postgres !== null) {
    await makeTemplates(server, {
      ...(options.knownLimits === true ? { knownLimits: true } : {}),
      ...(options.prepared === true ? { prepare: (client) => prepareTwins(client, server.password) } : {}),
    });
  }
  const prefix = `ni_${process.pid}`;
  const named = (index: number) => (side: Side) => `${prefix}_${index}_${side}`;
  const databases = Array.from({ length: options.pairs }, (_, index) => ({
    a: named(index)('a'),
    b: named(index)('b'),
  }));
  for (const index of databases.keys()) await copyTwins(server, named(index));
  const first = databases[0] ?? { a: '', b: '' };
  const [masked, filtered] = [maskedColumns(), filteredTables()];
  const schema = await onDatabase(server, first.a, (client) =>
    loadSchema(
      client,
      (...path) => masked.has(path.join('.')),
      (...path) => filtered.has(path.join('.')),
    ),
  );
  lastTwinOid.value = await onDatabase(server, first.a, async (client) => {
    const { rows } = await client.query(
      'SELECT max(oid)::int8::text AS last FROM (SELECT oid FROM pg_class UNION SELECT oid FROM pg_type) x',
    );
    return Number(rows[0]?.last);
  });
  const ledger = new Ledger();
  const gateway = await startGateway(
    server,
    databases,
    new SharedEngine(createPostgresEngine({ workerUrl: new URL('../build/worker.ts', import.meta.url) })),
    ledger,
    options.prepared === true,
  );
  const pairs = gateway.pairs.map(({ port, target, policy, look }) => {
    const { host, password } = server;
    const client = (side: Side) => {
      const through =
        options.direct === true
          ? { host, port: server.port, user: GATEWAY_ROLE, password }
          : { host: '127.0.0.1', port, user: USER, password: PASSWORD };
      return { ...through, database: target[side], options: TIME_LIMIT };
    };
    return new Pair({
      clients: { a: client('a'), b: client('b') },
      server,
      databases: target,
      afterTidying: equalSizes(options.knownLimits === true),
      look,
      usePolicy: (variant) => {
        const yaml = variantOf(variant);
        if (policy.yaml !== yaml) policy.activate(yaml);
      },
    });
  });
  return {
    schema,
    pairs,
    ledger,
    faults: gateway.faults,
    close: async () => {
      for (const pair of pairs) await pair.close();
      await gateway.close();
      if (postgres !== null) await postgres.stop();
      else
        await dropAll(
          server,
          databases.flatMap((pair) => SIDES.map((side) => pair[side])),
        );
    },
  };
}

async function dropAll(server: Server, names: readonly string[]): Promise<void> {
  await onDatabase(server, 'postgres', async (client) => {
    for (const name of names) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
}

function serverOf(postgres: Awaited<ReturnType<typeof bootPostgres>> | null): Server {
  if (postgres === null) throw new Error('there is no server');
  const { host, port, superuser, superuserPassword } = postgres;
  return { host, port, user: superuser, password: superuserPassword };
}
