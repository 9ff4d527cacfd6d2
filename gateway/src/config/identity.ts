import { z } from 'zod';
import { secretIn } from './secrets.ts';

const SERVICE_KEY_MIN_CHARACTERS = 8;

const Groups = z.array(z.string().min(1));

const serviceKey = (environment: NodeJS.ProcessEnv) =>
  secretIn(environment, SERVICE_KEY_MIN_CHARACTERS, 'a key');

/** People of the built-in identity provider when none are configured. */
export const DEFAULT_PEOPLE = [
  { email: 'ana@shop.example', name: 'Ana Ruiz (developer)', groups: ['developers'] },
  { email: 'dana@shop.example', name: 'Dana Berg (database administrator)', groups: ['dba'] },
  { email: 'audrey@shop.example', name: 'Audrey Okafor (auditor)', groups: ['auditors'] },
  { email: 'adam@shop.example', name: 'Adam Novak (administrator)', groups: ['admins'] },
];

const BuiltInPerson = z.strictObject({
  email: z.email().describe('Stable name of the person: they act as `person:EMAIL`.'),
  name: z.string().min(1).describe('For people to read.'),
  groups: Groups.default([]).describe('Groups that policy rules name.'),
});

const BuiltIn = z.strictObject({
  enabled: z
    .boolean()
    .optional()
    .describe(
      'Lets whoever opens the sign-in page choose a person from a list. For trying things out: loopback only. On unless `identity.oidc` names a provider.',
    ),
  people: z.array(BuiltInPerson).min(1).default(DEFAULT_PEOPLE).describe('The people to choose from.'),
});

function oidcProvider(environment: NodeJS.ProcessEnv) {
  return z.strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'a provider name is 1 to 31 of a-z, 0-9 and "-"')
      .describe(
        'Short name; part of the callback address `ISSUER/upstream/NAME/callback`, and of whoever signs in there: they act as `person:NAME/SUB`.',
      ),
    label: z.string().optional().describe('What the sign-in button says. Default: the name.'),
    issuer: z.url().describe('OpenID Connect issuer of your identity provider.'),
    clientId: z.string().describe('Client that you registered there for this gateway.'),
    clientSecret: serviceKey(environment).optional().describe('Its secret, or nothing for a public client.'),
    scopes: z
      .array(z.string())
      .default(['openid', 'profile', 'email', 'offline_access'])
      .describe(
        'Scopes to ask for. Without a refresh token, groups cannot be re-read and the sign-in ends with it.',
      ),
    groupsClaim: z.string().default('groups').describe('Claim that lists the groups of a person.'),
  });
}

function serviceAccount(environment: NodeJS.ProcessEnv) {
  return z.strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'a service account is 1 to 63 of a-z, 0-9, ".", "_" and "-"')
      .describe('Login name for PostgreSQL clients; it acts as `service:NAME`.'),
    groups: Groups.default([]).describe('Groups that policy rules name.'),
    key: serviceKey(environment).describe(
      'Password for PostgreSQL clients: `{env: NAME}` or `{value: "…"}`.',
    ),
  });
}

const seconds = (standard: number, min: number, max: number) => z.int().min(min).max(max).default(standard);

/** `identity`: who may sign in, and for how long. */
export function identity(environment: NodeJS.ProcessEnv) {
  return z.strictObject({
    builtin: BuiltIn.prefault({}).describe('The built-in identity provider.'),
    oidc: z.array(oidcProvider(environment)).default([]).describe('OpenID Connect providers of your own.'),
    serviceAccounts: z
      .array(serviceAccount(environment))
      .default([])
      .describe('Accounts for programs that speak the PostgreSQL protocol.'),
    auditorGroups: Groups.default(['auditors']).describe(
      "Groups whose members may read everybody's records, requests and recordings, watch sessions, ask what policies do, look at checkpoints and legal holds, and see which webhooks failed.",
    ),
    adminGroups: Groups.default(['admins']).describe(
      'Groups of those who run the gateway: they may see, watch, lock and end all sessions, read recordings, purge the log, place and lift legal holds, change its key, ask what policies do (replay, who, what, versions, coverage), and see which webhooks failed; not everybody’s records.',
    ),
    accessTokenSeconds: seconds(900, 10, 3600).describe(
      'Life of an access token. An open query channel ends when its sign-in is not renewed in this time.',
    ),
    signInSeconds: seconds(43_200, 60, 2_592_000).describe(
      'Life of a sign-in, renewals included. Every session of the person ends with it.',
    ),
    credentialSeconds: seconds(600, 10, 3600).describe(
      'How long a credential for other clients (`sluice connect`) may be used to log in.',
    ),
    groupsSeconds: seconds(300, 10, 3600).describe(
      'How often the groups of signed-in people are read again from their identity provider.',
    ),
  });
}
