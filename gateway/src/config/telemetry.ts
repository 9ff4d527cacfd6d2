import { z } from 'zod';
import { isSafe } from './address.ts';
import { secretIn } from './secrets.ts';

/** `metrics`: who may read them. */
export function metrics(environment: NodeJS.ProcessEnv) {
  return z.strictObject({
    token: secretIn(environment)
      .optional()
      .describe('Bearer token that whoever asks for `/metrics` must show.'),
  });
}

/** `telemetry`: the collector of OpenTelemetry. */
export function telemetry(environment: NodeJS.ProcessEnv) {
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
