import { z } from 'zod';
import { TargetName } from '../../contract/ids.ts';
import { TargetKind } from '../../contract/target.ts';
import { Address } from './address.ts';
import { secretAddress } from './secrets.ts';

function targetUrl(environment: NodeJS.ProcessEnv) {
  return secretAddress(
    environment,
    'write postgres://user:password@host:5432/database or {env: NAME}',
  ).superRefine((url, context) => {
    if (/^postgres(ql)?:$/.test(URL.parse(url.reveal())?.protocol ?? '')) return;
    context.addIssue({
      code: 'custom',
      message: 'is no PostgreSQL address. Write postgres://user:password@host:5432/database',
    });
  });
}

/** `targets[]`: a database and the login that the gateway alone has. */
export function target(environment: NodeJS.ProcessEnv) {
  return z.strictObject({
    name: TargetName.describe(
      'What people and clients call it; PostgreSQL clients ask for it as the database.',
    ),
    kind: TargetKind.extract(['postgres']).default('postgres').describe('Protocol of the target.'),
    url: targetUrl(environment).describe(
      'postgres://user:password@host:port/database of the upstream, or `{env: NAME}`. Never shown to anybody.',
    ),
    labels: z.record(z.string(), z.string()).default({}).describe('Labels that policy rules match.'),
    mode: z
      .enum(['prepared', 'zeroFootprint'])
      .default('zeroFootprint')
      .describe(
        'How masks are enforced. `zeroFootprint`: by the gateway alone, in the statements. `prepared`: `url` logs in as a role that can’t read masked columns, and reads views that `sluice target prepare` made (docs/TARGETS.md).',
      ),
    exemptUrl: targetUrl(environment)
      .optional()
      .describe(
        'Of a prepared target: the login for people who see a column unmasked that is masked for others. Without it they are refused such columns.',
      ),
    tls: z
      .enum(['disable', 'require', 'verify-full'])
      .optional()
      .describe(
        'As libpq’s sslmode. Default: `verify-full`, and `disable` when the upstream is on loopback.',
      ),
    ca: z
      .string()
      .optional()
      .describe('PEM file of the certificate authority to trust for this target, instead of the system’s.'),
  });
}

/** `hosts[]`: a host and the keys that the gateway alone has. */
export const Host = z.strictObject({
  name: TargetName.describe('What people and clients call it; SSH clients ask for it as the user.'),
  address: Address.describe('host:port of its SSH server.'),
  labels: z.record(z.string(), z.string()).default({}).describe('Labels that policy rules match.'),
  accounts: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe('Name of the account.'),
        key: z
          .string()
          .describe('File of the private key that opens it, in OpenSSH’s format. The gateway’s alone.'),
      }),
    )
    .min(1)
    .describe('Accounts that may be logged in to. The first is meant where a client names none.'),
  shell: z
    .enum(['strict', 'audit'])
    .default('strict')
    .describe(
      'How terminals read lines. `strict`: what is not understood to its last word does not run. `audit`: lines of Bash run as written; what it tells of itself is decided, what it does not tell is recorded and let through (docs/AUDIT-MODE.md).',
    ),
  knownHosts: z.string().describe('Its host keys, as lines of known_hosts. Another key is refused.'),
});
