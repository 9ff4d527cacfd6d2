import { hkdfSync } from 'node:crypto';
import type { ColumnRef } from '../../../contract/facts.ts';
import type { TargetName } from '../../../contract/ids.ts';

export const MASTER_KEY_BYTES = 32;

/**
 * Keys of the `token` masks, all derived from one master key (HKDF with SHA-256, RFC 5869) that is held
 * outside the database and never leaves the gateway. A target is only ever shown its own key.
 */
export class TokenKeys {
  readonly #master: Uint8Array;

  /**
   * @param master 32 random bytes
   * @throws RangeError when it is of another length
   */
  constructor(master: Uint8Array) {
    if (master.byteLength !== MASTER_KEY_BYTES) {
      throw new RangeError(`a master key has ${MASTER_KEY_BYTES} bytes, this one ${master.byteLength}`);
    }
    this.#master = Uint8Array.from(master);
  }

  /** 32 bytes, the same for all columns of a target: equal values give equal tokens, and joins line up. */
  ofTarget(target: TargetName): Uint8Array {
    return derive(this.#master, ['target', target]);
  }
}

/** 32 bytes for one column of a target, for tokens that should not line up with other columns'. */
export function columnTokenKey(targetKey: Uint8Array, { schema, relation, column }: ColumnRef): Uint8Array {
  return derive(targetKey, ['column', schema, relation, column]);
}

function derive(key: Uint8Array, names: readonly string[]): Uint8Array {
  const info = JSON.stringify(['sluice token 1', ...names]);
  return new Uint8Array(hkdfSync('sha256', key, '', info, MASTER_KEY_BYTES));
}
