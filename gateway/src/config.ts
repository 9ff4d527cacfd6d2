import { z } from 'zod';
import { TargetName } from '../contract/ids.ts';
import { TargetKind } from '../contract/target.ts';
import { WebhookEvent } from '../contract/webhook-endpoints.ts';
import { Secret } from './core/access/secret.ts';
import { SshLimits } from './proxies/ssh/settings.ts';

/** Surfaces that the design names and this version does not serve yet. */
export const LATER_SURFACES = ['mysql', 'kubernetes', 'rdp', 'mcp'] as const;

const MAX_PORT = 65_535;

const Address = z.string().transform((text, context) => {
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:\s]+)):(?<port>\d{1,5})$/.exec(text);
  const host = match?.groups?.v6 ?? match?.groups?.host;
  const port = Number(match?.groups?.port);
  if (host === undefined || port > MAX_PORT) {
    context.addIssue({
      code: 'custom',
      message: `"${text}" is no address. Write host:port, such as 127.0.0.1:4000; port 0 takes any free one`,
    });
    return z.NEVER;
  }
  return { host, port };
});
export type ListenAddress = { host: string; port: number };

const later = (surface: string) =>
  z
    .undefined({ error: `this version does not serve ${surface} yet. Remove the line to start without it` })
    .optional();

const Listen = z.strictObject({
  http: Address.prefault('127.0.0.1:4000').describe(
    'Address of the API, the query channel and the sign-in pages. Port 0 takes any free port.',
  ),
  postgres: Address.prefault('127.0.0.1:5433').describe(
    'Address for PostgreSQL clients. Port 0 takes any free port.',
  ),
  ssh: Address.optional().describe(
    'Address for SSH clients, such as 127.0.0.1:2222. Without it nothing listens for them.',
  ),
  metrics: Address.optional().describe(
    'Address of `/metrics` for Prometheus, such as 127.0.0.1:9464. Without it nothing is shown. Beyond loopback it speaks TLS and needs `metrics.token`.',
  ),
  ...(Object.fromEntries(LATER_SURFACES.map((surface) => [surface, later(surface)])) as Record<
    (typeof LATER_SURFACES)[number],
    ReturnType<typeof later>
  >),
});

const Tls = z.strictObject({
  http: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe(
      'Whether `listen.http` speaks TLS. `auto` is off on loopback and on elsewhere; `off` is refused elsewhere.',
    ),
  hostNames: z
    .array(z.string())
    .default([])
    .describe('Further host names and addresses that clients use; they go into the generated certificate.'),
  certificate: z
    .string()
    .optional()
    .describe('PEM file of a certificate chain to serve instead of the generated one. Needs `tls.key`.'),
  key: z.string().optional().describe('PEM file of the private key that belongs to `tls.certificate`.'),
});

const SERVICE_KEY_MIN_CHARACTERS = 8;

const Groups = z.array(z.string().min(1));

/** A secret given in place or by the name of an environment variable; never kept as plain text. */
function secretFrom(environment: NodeJS.ProcessEnv, minCharacters: number) {
  const checked = (value: string, context: z.RefinementCtx, what: string): Secret => {
    if (value.length < minCharacters) {
      context.addIssue({ code: 'custom', message: `${what} must have at least ${minCharacters} characters` });
    }
    return new Secret(value);
  };
  const fromEnvironment = z.strictObject({ env: z.string() }).transform(({ env }, context) => {
    const value = environment[env];
    if (value !== undefined && value !== '') return checked(value, context, `environment variable ${env}`);
    context.addIssue({
      code: 'custom',
      message: `environment variable ${env} is not set. Set it before starting the gateway`,
    });
    return z.NEVER;
  });
  return { fromEnvironment, checked };
}

function serviceKey(environment: NodeJS.ProcessEnv) {
  const { fromEnvironment, checked } = secretFrom(environment, SERVICE_KEY_MIN_CHARACTERS);
  const inPlace = z
    .strictObject({ value: z.string() })
    .transform(({ value }, context) => checked(value, context, 'a key'));
  return z.union([fromEnvironment, inPlace], { error: 'write {env: NAME} or {value: "…"}' });
}

function targetUrl(environment: NodeJS.ProcessEnv) {
  const { fromEnvironment } = secretFrom(environment, 1);
  const inPlace = z.string().transform((text) => new Secret(text));
  return z
    .union([inPlace, fromEnvironment], {
      error: 'write postgres://user:password@host:5432/database or {env: NAME}',
    })
    .superRefine((url, context) => {
      if (/^postgres(ql)?:$/.test(URL.parse(url.reveal())?.protocol ?? '')) return;
      context.addIssue({
        code: 'custom',
        message: 'is no PostgreSQL address. Write postgres://user:password@host:5432/database',
      });
    });
}

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
      .describe('Short name; part of the callback address `ISSUER/upstream/NAME/callback`.'),
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

function identity(environment: NodeJS.ProcessEnv) {
  return z.strictObject({
    builtin: BuiltIn.prefault({}).describe('The built-in identity provider.'),
    oidc: z.array(oidcProvider(environment)).default([]).describe('OpenID Connect providers of your own.'),
    serviceAccounts: z
      .array(serviceAccount(environment))
      .default([])
      .describe('Accounts for programs that speak the PostgreSQL protocol.'),
    auditorGroups: Groups.default(['auditors']).describe(
      "Groups whose members may read everybody's records, requests and recordings, watch sessions, and see which webhooks failed.",
    ),
    adminGroups: Groups.default(['admins']).describe(
      'Groups of those who run the gateway: they may see, watch, lock and end all sessions, read recordings, and see which webhooks failed.',
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

function target(environment: NodeJS.ProcessEnv) {
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

const Host = z.strictObject({
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

function webhook(environment: NodeJS.ProcessEnv) {
  const { fromEnvironment } = secretFrom(environment, 1);
  const inPlace = z.string().transform((text) => new Secret(text));
  return z
    .strictObject({
      name: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'a webhook is 1 to 31 of a-z, 0-9 and "-"')
        .describe('Short name; it stands in the list of dead letters.'),
      url: z
        .union([inPlace, fromEnvironment], { error: 'write https://host/path or {env: NAME}' })
        .describe(
          'Address to post to, or `{env: NAME}`. https, or http on loopback. Never shown to anybody.',
        ),
      secret: webhookSecret(environment)
        .optional()
        .describe('Key of the signature. Required for the format `sluice`.'),
      format: z
        .enum(['sluice', 'slack'])
        .default('sluice')
        .describe('`sluice`: signed JSON (docs/WEBHOOKS.md). `slack`: text and link, as Slack takes them.'),
      events: z
        .array(WebhookEvent)
        .min(1)
        .default([...WebhookEvent.options])
        .describe('What is told.'),
      includeStatement: z
        .boolean()
        .default(false)
        .describe(
          'Whether messages of the format `sluice` hold the statement, with the values that stand in it. Without it a summary and a link.',
        ),
    })
    .superRefine(({ url, secret, format }, context) => {
      if (!isSafe(url.reveal())) {
        context.addIssue({ code: 'custom', path: ['url'], message: 'must be https, or http on loopback' });
      }
      if (format === 'sluice' && secret === undefined) {
        context.addIssue({
          code: 'custom',
          path: ['secret'],
          message: 'is missing: messages of the format sluice are signed. Write {env: NAME}',
        });
      }
    });
}

const Audit = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe(
      'After how many days the contents of records are purged, once a day; their hashes stay, and legal holds are kept out. Without it they are kept for ever.',
    ),
  witness: z
    .string()
    .min(1)
    .optional()
    .refine((where) => where === undefined || !/^[a-z]+:\/\//i.test(where) || isSafe(where), {
      error: 'must be a folder, or an https address (http on loopback)',
    })
    .describe(
      'Who keeps signed checkpoints outside of the data folder: a folder (relative to this file), or an https address below which each is PUT. What was changed later does not fit them.',
    ),
});

const MIB = 1024 * 1024;
const LOG_AUDIT_FACILITY = 13;

const ExportedFile = z.strictObject({
  path: z.string().describe('File to append to, readable by the gateway’s user alone.'),
  maxBytes: z
    .int()
    .min(1024)
    .default(100 * MIB)
    .describe('A file that would grow beyond is put aside as `PATH.1`, and a new one begun.'),
  keep: z.int().min(0).max(1000).default(10).describe('How many files that were put aside are kept.'),
});

const ExportedSyslog = z.strictObject({
  address: Address.describe('host:port of a syslog server that speaks TLS (RFC 5425).'),
  facility: z
    .int()
    .min(0)
    .max(23)
    .default(LOG_AUDIT_FACILITY)
    .describe('Facility of RFC 5424; 13 is “log audit”.'),
  ca: z.string().optional().describe('PEM file of the authority to trust instead of the system’s.'),
  certificate: z
    .string()
    .optional()
    .describe('PEM file of a certificate to show to the server. Needs `key`.'),
  key: z.string().optional().describe('PEM file of the private key that belongs to `certificate`.'),
});

function exportTo(environment: NodeJS.ProcessEnv) {
  const { fromEnvironment } = secretFrom(environment, 1);
  const inPlace = z.string().transform((text) => new Secret(text));
  const ExportedHttp = z.strictObject({
    url: z
      .union([inPlace, fromEnvironment], { error: 'write https://host/path or {env: NAME}' })
      .describe(
        'Address to post batches of lines to, or `{env: NAME}`. https, or http on loopback. Never shown to anybody.',
      ),
    token: secretIn(environment).optional().describe('Bearer token to show there.'),
    ca: z.string().optional().describe('PEM file of the authority to trust instead of the system’s.'),
  });
  return z
    .strictObject({
      name: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'an export is 1 to 31 of a-z, 0-9 and "-"')
        .describe(
          'Short name. How far it is, is kept by it: another name begins with the log’s first entry.',
        ),
      file: ExportedFile.optional(),
      syslog: ExportedSyslog.optional(),
      http: ExportedHttp.optional(),
      includeStatement: z
        .boolean()
        .default(true)
        .describe('Whether events hold the statement or command, as the log has it.'),
    })
    .superRefine(({ file, syslog, http }, context) => {
      if ([file, syslog, http].filter((to) => to !== undefined).length !== 1) {
        context.addIssue({ code: 'custom', message: 'goes to one place: write file, syslog or http' });
      }
      if (http !== undefined && !isSafe(http.url.reveal())) {
        const message = 'must be https, or http on loopback';
        context.addIssue({ code: 'custom', path: ['http', 'url'], message });
      }
      if ((syslog?.certificate === undefined) !== (syslog?.key === undefined)) {
        context.addIssue({
          code: 'custom',
          path: ['syslog'],
          message: 'needs certificate and key, or neither',
        });
      }
    });
}

/** What holds secrets or people's doings does not travel in clear. */
function isSafe(url: string): boolean {
  const parsed = URL.parse(url);
  const local = LOOPBACK.includes(parsed?.hostname ?? '');
  return parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && local);
}

function secretIn(environment: NodeJS.ProcessEnv) {
  const { fromEnvironment } = secretFrom(environment, 1);
  const inPlace = z.strictObject({ value: z.string() }).transform(({ value }) => new Secret(value));
  return z.union([fromEnvironment, inPlace], { error: 'write {env: NAME} or {value: "…"}' });
}

function metrics(environment: NodeJS.ProcessEnv) {
  return z.strictObject({
    token: secretIn(environment)
      .optional()
      .describe('Bearer token that whoever asks for `/metrics` must show.'),
  });
}

function telemetry(environment: NodeJS.ProcessEnv) {
  const Otlp = z
    .strictObject({
      url: z
        .url()
        .describe(
          'Address of an OpenTelemetry collector (OTLP/HTTP), such as http://127.0.0.1:4318. https, or http on loopback.',
        ),
      headers: z
        .record(z.string(), secretIn(environment))
        .default({})
        .describe('Headers to send, such as an `authorization` of the collector’s: `{env: NAME}`.'),
      serviceName: z.string().min(1).default('sluice').describe('`service.name` of what is told.'),
      traces: z.boolean().default(true).describe('Whether each action is told as a trace.'),
      metrics: z.boolean().default(true).describe('Whether metrics are told.'),
      intervalMs: z
        .int()
        .min(100)
        .max(3_600_000)
        .default(10_000)
        .describe('How often it is told, in milliseconds.'),
      includeStatement: z
        .boolean()
        .default(false)
        .describe('Whether spans hold the statement or command (`db.query.text`).'),
    })
    .refine(({ url }) => isSafe(url), { path: ['url'], message: 'must be https, or http on loopback' });
  return z.strictObject({ otlp: Otlp.optional() });
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const WEBHOOK_SECRET_MIN_CHARACTERS = 16;

function webhookSecret(environment: NodeJS.ProcessEnv) {
  const { fromEnvironment, checked } = secretFrom(environment, WEBHOOK_SECRET_MIN_CHARACTERS);
  const inPlace = z
    .strictObject({ value: z.string() })
    .transform(({ value }, context) => checked(value, context, 'a secret'));
  return z.union([fromEnvironment, inPlace], { error: 'write {env: NAME} or {value: "…"}' });
}

const Limits = z.strictObject({
  maxFrameBytes: z
    .int()
    .min(64 * 1024)
    .max(1024 * MIB)
    .default(16 * MIB)
    .describe(
      'Longest PostgreSQL message that is held whole (a statement, its parameters, an error), in bytes. Rows and COPY data stream and don’t count.',
    ),
  maxConnections: z
    .int()
    .min(1)
    .max(100_000)
    .default(500)
    .describe('PostgreSQL clients connected at one time.'),
  loginGraceMs: z
    .int()
    .min(1000)
    .max(600_000)
    .default(30_000)
    .describe('Time that a client has to log in, in milliseconds.'),
  idleMs: z
    .int()
    .min(1000)
    .max(2_147_483_647)
    .default(28_800_000)
    .describe('A PostgreSQL session without a statement for this long is closed, in milliseconds.'),
  connectMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(10_000)
    .describe('Time for connecting and logging in to a target, in milliseconds.'),
  catalogueCheckMs: z
    .int()
    .min(0)
    .max(60_000)
    .default(500)
    .describe(
      'How long a look at a target’s catalogue counts, in milliseconds: a table or view that somebody else changed is noticed that late at most. 0 looks before every statement and again before its rows.',
    ),
  lookupsPerMinute: z
    .int()
    .min(0)
    .max(100_000)
    .default(60)
    .describe(
      'How many values one principal may look up in masked columns of a target in a minute, where a mask says `lookup: exact`. Each value of an IN counts; 0 lets nobody look anything up.',
    ),
  lockedHoldSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(120)
    .describe(
      'How long a statement waits for approval at most while its transaction is open, in seconds: what that has locked stands in others’ way. Outside of a transaction the rule’s own `wait` counts alone.',
    ),
  maxRecordingBytes: z
    .int()
    .min(64 * 1024)
    .max(1024 * MIB)
    .default(64 * MIB)
    .describe(
      'What is kept of what one terminal shows, in bytes of its recording. Beyond it output is left out and markers say how much; commands and decisions are still noted.',
    ),
  maxRequestBytes: z
    .int()
    .min(64 * 1024)
    .max(64 * MIB)
    .default(4 * MIB)
    .describe('Largest body of an API request and largest message of a query channel, in bytes.'),
  maxChannelsPerPerson: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe(
      'Query channels, channels of requests, and terminals of the editor, that one person may have open at one time: so many of each.',
    ),
  terminalKeepMs: z
    .int()
    .min(0)
    .max(3_600_000)
    .default(120_000)
    .describe(
      'How long a terminal of the editor outlives the connection to it, in milliseconds: whoever comes back in that time finds it as it was.',
    ),
  ssh: SshLimits.prefault({}).describe('Bounds on SSH clients.'),
});

/** The configuration file's schema. Environment variables are read where the file names them. */
export function configSchema(environment: NodeJS.ProcessEnv) {
  return z.strictObject({
    listen: Listen.prefault({}).describe('Where the gateway listens.'),
    publicUrl: z
      .url()
      .optional()
      .describe(
        'Address that browsers and clients use, when it differs from `listen.http`: https://sluice.example.',
      ),
    dataDir: z
      .string()
      .optional()
      .describe(
        'Folder for records, keys and certificates; relative to this file. Default: `sluice` in the user’s data folder.',
      ),
    policy: z
      .string()
      .optional()
      .describe('Policy file or folder, relative to this file. Without one every statement is blocked.'),
    tls: Tls.prefault({}).describe('Certificates for both listeners.'),
    identity: identity(environment).prefault({}).describe('Who may sign in.'),
    targets: z.array(target(environment)).default([]).describe('The databases behind this gateway.'),
    hosts: z.array(Host).default([]).describe('The hosts behind this gateway, for SSH.'),
    webhooks: z
      .array(webhook(environment))
      .default([])
      .describe('Who is told of requests for approval outside of the editor.'),
    exports: z
      .array(exportTo(environment))
      .default([])
      .describe('Where what the log holds is told in OCSF, for a SIEM (docs/EXPORTS.md).'),
    metrics: metrics(environment).prefault({}).describe('Who may read `/metrics`.'),
    telemetry: telemetry(environment).prefault({}).describe('OpenTelemetry; off unless told where to.'),
    audit: Audit.prefault({}).describe('The log of all that happens (docs/AUDIT.md).'),
    limits: Limits.prefault({}).describe('Bounds on what one client can ask for.'),
  });
}

/** A parsed configuration, with every default filled in. Paths are absolute once `loadConfig` returned it. */
export type ConfigFile = z.output<ReturnType<typeof configSchema>>;
export type ConfigInput = z.input<ReturnType<typeof configSchema>>;
export type TargetConfig = ConfigFile['targets'][number];
export type HostConfig = ConfigFile['hosts'][number];
export type OidcProviderConfig = ConfigFile['identity']['oidc'][number];
export type ServiceAccountConfig = ConfigFile['identity']['serviceAccounts'][number];
export type WebhookConfig = ConfigFile['webhooks'][number];
export type ExportConfig = ConfigFile['exports'][number];
export type OtlpConfig = NonNullable<ConfigFile['telemetry']['otlp']>;
export type BuiltInPerson = z.output<typeof BuiltInPerson>;
export type GatewayConfig = ConfigFile & { dataDir: string };
