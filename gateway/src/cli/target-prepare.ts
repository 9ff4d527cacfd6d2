import { SluiceError } from '../../contract/error.ts';
import { scramVerifier } from '../adapters/identity/scram-verifier.ts';
import { withDatabase } from '../administration.ts';
import { Secret } from '../core/access/secret.ts';
import {
  type Preparation,
  type PreparationOptions,
  PreparedForAnother,
  preparationOf,
  prepareDatabase,
} from '../sql/postgres/prepare/preparation.ts';
import { scriptOf } from '../sql/postgres/prepare/script.ts';
import { upstreamAddress } from '../targets.ts';
import { noMore, parsedArguments } from './arguments.ts';
import type { ExitCode, Surroundings } from './command.ts';
import { configuredTarget } from './configured-target.ts';

const OPTIONS = {
  config: { type: 'string' },
  apply: { type: 'boolean' },
  'revoke-public': { type: 'boolean' },
} as const;

const ADMIN_URL = 'SLUICE_ADMIN_URL';
const ROLE_PASSWORD = 'SLUICE_ROLE_PASSWORD';

/** `target prepare NAME`: prints the SQL that makes a database withhold masked columns, or runs it. */
export async function targetPrepare(
  args: readonly string[],
  { environment, out, say }: Surroundings,
): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  noMore(positionals, 1);
  const { config, policy, reach } = await configuredTarget(positionals[0], values.config, environment);
  const admin = environment[ADMIN_URL];
  if (values.apply === true && admin === undefined) throw withoutAdministrator();
  const address = upstreamAddress(config, admin === undefined ? config.url : new Secret(admin));
  const options = { target: config.name, reach, revokePublic: values['revoke-public'] === true };
  const preparation = await withDatabase(address, async (run) => {
    if (values.apply !== true) return preparationOf(run, options);
    return prepareDatabase(run, { ...options, ...(await passwordOf(environment)) });
  }).catch(told);
  if (values.apply === true) say(applied(preparation, environment[ROLE_PASSWORD] !== undefined));
  else out(scriptOf(preparation, { target: config.name, policy: policy.version }));
  for (const { relation, withheld } of preparation.plans) {
    if (withheld !== null) say(`${relation.schema}.${relation.name} stays closed: ${withheld}.`);
  }
  return 0;
}

/** The server gets a SCRAM verifier, so that no log of it ever holds the password. */
async function passwordOf(environment: NodeJS.ProcessEnv): Promise<Pick<PreparationOptions, 'password'>> {
  const password = environment[ROLE_PASSWORD];
  if (password === undefined || password === '') return {};
  const { iterations, salt, storedKey, serverKey } = await scramVerifier(new Secret(password));
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return {
    password: `SCRAM-SHA-256$${iterations}:${base64(salt)}$${base64(storedKey)}:${base64(serverKey)}`,
  };
}

function applied({ roles }: Preparation, hasPassword: boolean): string {
  const login = hasPassword
    ? `Let the target's url log in as ${roles.least}, and set mode: prepared.`
    : `Give ${roles.least} a password (in psql: \\password ${roles.least}), let the target's url log in as it, and set mode: prepared.`;
  return `The database is prepared. ${login} \`sluice target check\` says what is still open.`;
}

function withoutAdministrator(): SluiceError {
  return new SluiceError(
    'config.invalid',
    `--apply changes the database, and the environment variable ${ADMIN_URL} is not set.`,
    `Set it to postgres://user:password@host:5432/database of somebody who owns the tables, or leave --apply out and run what is printed.`,
  );
}

function told(error: unknown): never {
  if (error instanceof PreparedForAnother) {
    throw new SluiceError(
      'config.invalid',
      error.message,
      'One database is prepared for one target. Rename that schema, or use the target that it was made for.',
    );
  }
  throw error;
}
