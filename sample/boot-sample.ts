import { noteSecret } from '../scripts/test/written.ts';
import { bootPostgres, type PostgresOptions, type RunningPostgres } from './postgres/boot-postgres.ts';
import { GATEWAY_ROLE, seedShop } from './shop/seed.ts';

export type SampleOptions = PostgresOptions & {
  /** How many customers the shop has; 50,000 by default. Tests that need no crowd take 1,000. */
  customers?: number;
};

export type RunningSample = {
  postgres: RunningPostgres;
  /** False when the data of an earlier start was found. */
  seeded: boolean;
  gatewayPassword: string;
  /** `postgres://sluice_gateway:…@127.0.0.1:PORT/database`: what a target's `url` holds. */
  gatewayUrl(database?: 'shop' | 'scratch'): string;
  /** The same database as the superuser: for direct comparisons in tests, never for the gateway. */
  superuserUrl(database?: 'shop' | 'scratch'): string;
  stop(): Promise<void>;
};

/** A real PostgreSQL with the seeded shop. Throws an Error whose message says what to do. */
export async function bootSample(options: SampleOptions = {}): Promise<RunningSample> {
  const postgres = await bootPostgres(options);
  try {
    const { gatewayPassword, seeded } = await seedShop(postgres, options.customers);
    noteSecret("the password of a target's role", gatewayPassword);
    noteSecret("the password of a target's superuser", postgres.superuserPassword);
    return {
      postgres,
      seeded,
      gatewayPassword,
      gatewayUrl: (database = 'shop') => postgres.url(database, GATEWAY_ROLE, gatewayPassword),
      superuserUrl: (database = 'shop') => postgres.url(database),
      stop: () => postgres.stop(),
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
