import { createHash } from 'node:crypto';
import { BodyReader } from '../../gateway/src/wire/postgres/bytes/body-reader.ts';
import { decodeErrorFields } from '../../gateway/src/wire/postgres/messages/backend/error-fields.ts';
import type { Frame } from './wire/session.ts';

/** Values that only masked columns and closed doors hold, as `schema.sql` plants them. */
const PLANTED =
  /(?:SSN-|note-|alias-|pin-|payload-|home-|photo-|doc-|lo-)?leak-?\d+|(?<![.\d])770[0-2]\d\d\b|(?<![.\d])880[0-2]\d\d\b|(?<![.\d])6600\d\d\b|card0000\d+/gi;
const HEX = /(?:[0-9a-f]{2}){6,}/gi;
const BASE64 = /[0-9a-z+/]{8,}={0,2}/gi;
const HASHES = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
/** More of an answer than this is only compared with its twin. */
const MAX_SEARCHED_BYTES = 1024 * 1024;
const MAX_NUMBER = 20 * 12;

/** Hashes of what is planted, in hex. */
const HASHED: ReadonlySet<string> = new Set(
  Array.from({ length: MAX_NUMBER }, (_, number) => number).flatMap((number) =>
    [
      `SSN-leak-${number}`,
      `leak${number}@secret.example`,
      `card${String(number).padStart(8, '0')}    `,
    ].flatMap((value) => HASHES.map((algorithm) => createHash(algorithm).update(value).digest('hex'))),
  ),
);

/** The server's own clock: its microseconds are any number, planted ones too. */
const CLOCK = /(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.\d{1,6}/g;
const DAY_MS = 86_400_000;

const isOfToday = (second: string): boolean =>
  Math.abs(Date.parse(`${second.replace(' ', 'T')}Z`) - Date.now()) < DAY_MS;

/** Planted values, as they are or in a usual encoding, that frames show and that the attack did not name itself. */
export function shownSecrets(frames: readonly Frame[], named: string): string[] {
  const bytes = Buffer.concat(frames.map(({ body }) => body)).toString('latin1', 0, MAX_SEARCHED_BYTES);
  const raw = bytes.replaceAll(CLOCK, (whole, second: string) => (isOfToday(second) ? second : whole));
  const hex = raw.match(HEX) ?? [];
  const texts = [
    raw,
    Buffer.from(raw, 'latin1').reverse().toString('latin1'),
    ...hex.map((run) => Buffer.from(run, 'hex').toString('latin1')),
    ...(raw.match(BASE64) ?? []).flatMap((run) =>
      [0, 1, 2, 3].map((skipped) => Buffer.from(run.slice(skipped), 'base64').toString('latin1')),
    ),
  ];
  const known = named.toLowerCase();
  const plain = texts.flatMap((text) => text.match(PLANTED) ?? []);
  return [
    ...plain.filter((value) => !known.includes(value.toLowerCase())),
    ...hex.filter((run) => HASHED.has(run.toLowerCase())),
  ];
}

/** OIDs above are given by each database as objects are made. */
const FIRST_USER_OID = 16384;

/** What is seen by a client, without what differs from one server to the next: OIDs of new objects, process numbers. */
export function comparable(frames: readonly Frame[]): string {
  return frames
    .map(lineOf)
    .join('\n')
    .replaceAll(/pg_temp_\d+/g, 'pg_temp');
}

function lineOf({ type, body }: Frame): string {
  switch (type) {
    case 'A':
      return `A ${body.subarray(4).toString('latin1')}`;
    case 'E':
    case 'N':
      return `${type} ${JSON.stringify(decodeErrorFields(new BodyReader(body)))}`;
    case 'T':
      return `T ${describe(body)}`;
    case 't':
      return `t ${body.readInt16BE(0)}`;
    default:
      return `${type} ${body.toString('latin1')}`;
  }
}

function describe(body: Buffer): string {
  const fields: string[] = [];
  for (let at = 2; at < body.length; ) {
    const end = body.indexOf(0, at);
    const type = body.readUInt32BE(end + 7);
    const own = type >= FIRST_USER_OID ? 'user' : type;
    const from = body.readUInt32BE(end + 1) === 0 ? 'computed' : body.readInt16BE(end + 5);
    fields.push(`${body.toString('utf8', at, end)}:${own}:${body.readInt32BE(end + 13)}:${from}`);
    at = end + 19;
  }
  return fields.join(' ');
}
