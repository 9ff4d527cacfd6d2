import * as z from 'zod';
import { endpoint } from './endpoint.ts';
import { TargetName } from './ids.ts';

/** The longest file that is handed out. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** So many names of a folder are listed. */
export const MAX_LISTED_FILES = 10_000;

const Place = z.object({
  target: TargetName,
  /** Absolute, on the host. */
  path: z
    .string()
    .max(4096)
    .regex(/^\/[^\0]*$/, 'a path begins with / and holds no NUL'),
  /** One of the target's; its first when none is named. */
  account: z.string().min(1).max(256).optional(),
});

export const FileEntry = z.object({
  name: z.string(),
  kind: z.enum(['file', 'folder', 'link', 'other']),
  /** Null where the host doesn't say. */
  bytes: z.number().nonnegative().nullable(),
  /** Milliseconds since 1970; null where the host doesn't say. */
  changedAtMs: z.number().nullable(),
});
export type FileEntry = z.infer<typeof FileEntry>;

/** The policy, or whoever was asked, says no: which rule, whose, why, and what to do. */
const Refused = z.object({ kind: z.literal('refused'), sentence: z.string() });
/** The host says no, or it can't be done. */
const Failed = z.object({ kind: z.literal('failed'), sentence: z.string() });

export const FileListing = z.discriminatedUnion('kind', [
  /** `isCut`: there may be more than are listed. */
  z.object({ kind: z.literal('listing'), entries: z.array(FileEntry), isCut: z.boolean() }),
  Refused,
  Failed,
]);
export type FileListing = z.infer<typeof FileListing>;

export const FileContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('content'), base64: z.base64(), changedAtMs: z.number().nullable() }),
  z.object({ kind: z.literal('folder') }),
  Refused,
  Failed,
]);
export type FileContent = z.infer<typeof FileContent>;

const errors = [
  'identity.tokenInvalid',
  'request.invalid',
  'target.unknown',
  'target.unreachable',
  'target.credentialRefused',
  'target.certificateRefused',
  'record.unavailable',
] as const;

export const fileEndpoints = {
  files: endpoint({
    method: 'GET',
    path: '/v1/targets/{target}/files',
    summary:
      'What is in a folder of a host. Decided and recorded; where somebody has to agree the answer waits for them.',
    auth: 'bearer',
    params: Place,
    body: z.object({}),
    reply: FileListing,
    errors,
  }),
  file: endpoint({
    method: 'GET',
    path: '/v1/targets/{target}/file',
    summary: `A file of a host, of up to ${MAX_FILE_BYTES / 1024 / 1024} MiB. Decided and recorded; where somebody has to agree the answer waits for them.`,
    auth: 'bearer',
    params: Place,
    body: z.object({}),
    reply: FileContent,
    errors,
  }),
};
