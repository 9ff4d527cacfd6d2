import { z } from 'zod';
import { WebhookEvent } from '../../contract/webhook-endpoints.ts';
import { isSafe } from './address.ts';
import { secretAddress, secretIn } from './secrets.ts';

const WEBHOOK_SECRET_MIN_CHARACTERS = 16;

/** `webhooks[]`: who is told of requests for approval. */
export function webhook(environment: NodeJS.ProcessEnv) {
  return z
    .strictObject({
      name: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'a webhook is 1 to 31 of a-z, 0-9 and "-"')
        .describe('Short name; it stands in the list of dead letters.'),
      url: secretAddress(environment, 'write https://host/path or {env: NAME}').describe(
        'Address to post to, or `{env: NAME}`. https, or http on loopback. Never shown to anybody.',
      ),
      secret: secretIn(environment, WEBHOOK_SECRET_MIN_CHARACTERS)
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
