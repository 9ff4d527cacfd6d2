import type { Target } from '../../../contract/target.ts';
import type { GovernServices } from '../../core/flow/govern.ts';
import type { SqlEngine } from '../../sql/engine.ts';
import type { CatalogueKeeper } from './catalogue/keeper.ts';
import type { PostgresSettings } from './settings.ts';
import type { UpstreamAddress } from './upstream/address.ts';

/** What a grant lets run. */
export type EnforcedSql = {
  /** The statement with the decision's masks in it. */
  text: string;
  /** Columns that a RowDescription of the answer must not name, by table OID and attribute number. */
  maskedOrigins: ReadonlyArray<{ table: number; column: number }>;
  /** For EXECUTE and FETCH: what the PREPARE or DECLARE must have been sent upstream as. */
  requires: { action: 'prepare' | 'declare'; name: string; text: string } | null;
};

/** Everything the sessions of one target share. */
export type TargetContext = {
  target: Target;
  upstream: UpstreamAddress;
  govern: GovernServices<EnforcedSql>;
  engine: SqlEngine;
  catalogue: CatalogueKeeper;
  /** Keys the tokens of the masking method `token` on this target. */
  tokenKey: Uint8Array;
  settings: PostgresSettings;
};
