import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { readPrivateKeyFile } from '../../gateway/src/wire/ssh/keys/private-key-file.ts';

/** A file that is there to hold a secret. What it holds must stand in no other file. */
type Holder = { file: RegExp; why: string; secretsOf(text: string): Array<string | Buffer> };

export const HOLDERS: readonly Holder[] = [
  {
    file: /\/(certificates|sluice-certificates-\w{6})\/(server|authority)\.key$/,
    why: "the gateway's own TLS keys; mode 600 in a folder of mode 700",
    secretsOf: privateKeyOf,
  },
  {
    file: /\/ssh\/(host|authority)-key$/,
    why: 'what the gateway is known by to SSH clients, and signs their certificates with; mode 600',
    secretsOf: privateKeyOf,
  },
  {
    file: /\/audit\/key(\.\w+)?$/,
    why: 'what checkpoints of the log are signed with; mode 600, and no part of an export',
    // PRIVATE+KEY+name+hash+base64 of a type byte and the key (C2SP signed-note).
    secretsOf: (text) => [Buffer.from(text.trim().split('+').slice(4).join('+'), 'base64').subarray(1)],
  },
  {
    file: /\/identity-keys\.json$/,
    why: 'what tokens are signed and kept groups are sealed with; mode 600',
    secretsOf: (text) => {
      const keys = jsonOf(IdentityKeys, text);
      if (keys === null) return [];
      const { jwk, cookieKey, sealKey } = keys;
      return [...[jwk.d, jwk.p, jwk.q].map((part) => Buffer.from(part, 'base64url')), cookieKey, sealKey];
    },
  },
  {
    file: /\/masking-key$/,
    why: 'what tokens of masked values are made with; mode 600',
    secretsOf: (text) => [text.trim()],
  },
  {
    file: /\/sluice-cli\/tokens\.json$/,
    why: "a person's own sign-in on their own machine, as the command line keeps it; mode 600",
    secretsOf: (text) =>
      Object.values(jsonOf(Tokens, text) ?? {}).flatMap(({ accessToken, refreshToken }) => [
        accessToken,
        refreshToken,
      ]),
  },
  {
    file: /\/sluice-cli\/ssh-[0-9a-f]{16}$/,
    why: "a person's own key for minutes, as `sluice connect` gives it to ssh; mode 600",
    secretsOf: privateKeyOf,
  },
  {
    file: /\/sluice-[a-z-]+-\w{6}\/(target-host|gateway|authority|ana|own)$|\/sluice-ssh-\w{6}\/[a-z-]+$/,
    why: 'key files of the hosts and people of a lab for SSH, and the one that its gateway signs in with',
    secretsOf: privateKeyOf,
  },
];

/** What no gateway and no editor wrote; it isn't looked into. */
export const NOT_THEIRS: ReadonlyArray<{ file: RegExp; why: string }> = [
  { file: /^seeded-secrets\.jsonl$/, why: 'the ledger of what is looked for' },
  { file: /^sluice-postgres-/, why: "a target's own files: a server of PostgreSQL" },
];

/** What may hold what it holds. */
type Exception = { file: RegExp; what: RegExp; why: string };

export const EXCEPTIONS: readonly Exception[] = [
  {
    file: /(^|\/)gateway\.yaml$/,
    what: /^(the password of a target's role|the key of a service account)$/,
    why: 'the configuration as its operator wrote it, who may write a secret there',
  },
  {
    file: /\/extensions\/sluice\.sluice-[^/]+\/dist\/|^e2e-[a-z-]+-\w{6}\/sluice\.vsix$/,
    what: /^a private key$/,
    why: 'the product itself, which knows by which line a key begins',
  },
  {
    file: /^node-compile-cache\//,
    what: /^a private key$/,
    why: "npm's own program as Node keeps it compiled: what it says of its setting `key`",
  },
  {
    file: /^e2e-approvals-\w{6}\/gateway\/data\//,
    what: /^((national_id|card_number|phone) of customer \d+|email of customer 12)$/,
    why: 'its policy masks addresses alone, and one of them is shown as somebody asked for it and others agreed',
  },
  {
    file: /^sluice-interop-\w{6}\/data\//,
    what: /^\w+ of customer \d+$/,
    why: 'its target shop masks nothing, to be compared with the server itself byte by byte',
  },
  {
    file: /^sluice-prepared-/,
    what: /^email of customer/,
    why: 'its administrators of databases are shown addresses: that policy masks them for everybody else',
  },
];

const IdentityKeys = z.object({
  jwk: z.object({ d: z.string(), p: z.string(), q: z.string() }),
  cookieKey: z.string(),
  sealKey: z.string(),
});
const Tokens = z.record(z.string(), z.object({ accessToken: z.string(), refreshToken: z.string() }));

/** Null of what is no JSON: tests damage such files, to see what is said of them. */
function jsonOf<Value>(schema: z.ZodType<Value>, text: string): Value | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return schema.parse(value);
}

/** PEM breaks its base64 into lines: of neighbouring pieces this short, one stands whole in a line. */
const PIECE_BYTES = 16;

/** The pieces of its private number; of what is no key, or a public one, nothing. */
function privateKeyOf(text: string): Buffer[] {
  if (!text.includes('PRIVATE KEY-----')) return [];
  const ssh = readPrivateKeyFile(text);
  const { d } = (ssh.ok ? ssh.value.key : createPrivateKey(text)).export({ format: 'jwk' });
  const bytes = Buffer.from(d ?? '', 'base64url');
  const pieces = Math.floor(bytes.length / PIECE_BYTES);
  return Array.from({ length: pieces }, (_, at) => bytes.subarray(at * PIECE_BYTES, (at + 1) * PIECE_BYTES));
}
