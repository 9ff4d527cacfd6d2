import { z } from 'zod';
import { Audit } from './config/audit.ts';
import { exportTo } from './config/exports.ts';
import { identity } from './config/identity.ts';
import { Limits } from './config/limits.ts';
import { Listen, Tls } from './config/listen.ts';
import { Host, target } from './config/targets.ts';
import { metrics, telemetry } from './config/telemetry.ts';
import { webhook } from './config/webhooks.ts';

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
export type GatewayConfig = ConfigFile & { dataDir: string };
