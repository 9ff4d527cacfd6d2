import { hmacSha256 as whole } from '../../../gateway/src/sql/postgres/masks/hmac.ts';

export * from '../../../gateway/src/sql/postgres/masks/hmac.ts';

/**
 * A token tells which values are equal, and is another one for another value. So that twins can have other values and
 * equal tokens, only the first eight bytes count here, which are equal on both sides.
 */
export function hmacSha256(message: string): string {
  return whole(`pg_catalog.substr(${message}, 1, 8)`);
}
