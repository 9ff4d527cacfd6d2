import { z } from 'zod';
import { Address, isSafe } from './address.ts';
import { secretAddress, secretIn } from './secrets.ts';

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

/** `exports[]`: a file, a syslog server or an address that events go to. */
export function exportTo(environment: NodeJS.ProcessEnv) {
  const ExportedHttp = z.strictObject({
    url: secretAddress(environment, 'write https://host/path or {env: NAME}').describe(
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
