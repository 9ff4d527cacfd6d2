import * as z from 'zod';
import { Freedom, ProgramRun } from './command-facts.ts';

/** A program is run; `interpreter`, `editor`, `pager` and `remote` besides where it could run anything. */
export const ProgramUse = z.object({ kind: z.enum(['run', ...Freedom.options]), program: ProgramRun });
export type ProgramUse = z.infer<typeof ProgramUse>;

/** A file of the host's is used, by a redirection or by SFTP. `path` is absolute and has no `..` left. */
export const FileUse = z.object({
  kind: z.enum(['readFile', 'writeFile', 'listFiles', 'changeFile']),
  path: z.string(),
  /** `tree`: the file, or the folder with everything below it; `contents`: everything below a folder. */
  extent: z.enum(['tree', 'contents']).optional(),
});
export type FileUse = z.infer<typeof FileUse>;

/** A connection that the host is asked to make (`direct-tcpip`) or to take (`tcpip-forward`), RFC 4254 section 7. */
export const ForwardUse = z.object({
  kind: z.enum(['forward', 'remoteForward']),
  host: z.string(),
  /** As the client asked; beyond 65,535 there is none, and it is blocked. */
  port: z.int().min(0).max(4_294_967_295),
});
export type ForwardUse = z.infer<typeof ForwardUse>;

/** `terminal`: a shell that nobody looks into; `agent`: the person's keys are lent to the host. */
export const ChannelUse = z.object({ kind: z.enum(['terminal', 'agent']) });
export type ChannelUse = z.infer<typeof ChannelUse>;

/** One thing that is done with a host. */
export const HostUse = z.discriminatedUnion('kind', [ProgramUse, FileUse, ForwardUse, ChannelUse]);
export type HostUse = z.infer<typeof HostUse>;

/** What is done with a host, in the words policy rules use. */
export const HostUseKind = z.enum([
  ...ProgramUse.shape.kind.options,
  ...FileUse.shape.kind.options,
  ...ForwardUse.shape.kind.options,
  ...ChannelUse.shape.kind.options,
]);
export type HostUseKind = z.infer<typeof HostUseKind>;

/**
 * What one command line, channel or file request would do with a host, and what could not be determined. Anything in
 * `unknowns` blocks.
 */
export const HostFacts = z.object({
  protocol: z.literal('ssh'),
  /** Who it would be done as there. */
  account: z.string(),
  uses: z.array(HostUse),
  /** True when nothing on the host can change by it. */
  readOnly: z.boolean(),
  unknowns: z.array(z.string()),
  /** What could not be determined either, and is let through because the host's shell is set to `audit`. */
  letThrough: z.array(z.string()).optional(),
});
export type HostFacts = z.infer<typeof HostFacts>;
