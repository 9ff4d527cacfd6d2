import type { PostgresVersion } from '../../../sample/postgres/boot-postgres.ts';
import type { Attack } from '../attack.ts';
import { ATTACKS } from '../attacks/index.ts';
import { applies, type Way } from './ways.ts';

/** Whether all attacks are asked. */
export const isWhole = process.env.CORPUS === 'all';
/** Each day another part of what is sampled is run. */
export const DAY = Number(process.env.CORPUS_DAY ?? Math.floor(Date.now() / 86_400_000));

export const ALL_VERSIONS: readonly PostgresVersion[] = [18, 17, 16, 15];

/** Those of some versions that are asked. `CORPUS_VERSION` leaves one. */
export function askedVersions(versions: readonly PostgresVersion[]): PostgresVersion[] {
  return versions.filter((version) => String(version) === (process.env.CORPUS_VERSION ?? String(version)));
}

/** Those attacks that are asked in this way, today: one of `step`, unless all are. `CORPUS_FAMILY` leaves one family. */
export function sampled(way: Way, step: number): Attack[] {
  const oneOf = isWhole ? 1 : step;
  const only = process.env.CORPUS_FAMILY;
  return ATTACKS.filter((attack) => only === undefined || attack.family === only)
    .filter((attack) => applies(way, attack))
    .filter((_, index) => index % oneOf === DAY % oneOf);
}
