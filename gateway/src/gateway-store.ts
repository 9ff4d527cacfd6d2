import type { SluiceError } from '../contract/error.ts';
import { Witness } from './adapters/store/audit/witness.ts';
import { openStore, type Store } from './adapters/store/store.ts';
import type { GatewayConfig } from './config.ts';

/** The store as it is configured: with its retention, and its witness where there is one. */
export async function openGatewayStore(
  config: GatewayConfig,
  onFailure: (why: SluiceError) => void,
  tell: (line: string) => void,
): Promise<Store> {
  const { witness: where, retentionDays } = config.audit;
  const witness = where === undefined ? null : new Witness({ where, tell });
  const store = await openStore({
    dir: config.dataDir,
    onFailure,
    tell,
    onCheckpoint: (checkpoint) => witness?.take(checkpoint),
    ...(retentionDays === undefined ? {} : { retentionDays }),
  });
  return {
    ...store,
    async close() {
      await store.close();
      await witness?.close();
    },
  };
}
