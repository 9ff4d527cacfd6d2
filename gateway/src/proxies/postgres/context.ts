import type { Target } from '../../../contract/target.ts';
import type { GovernServices } from '../../core/flow/govern.ts';
import type { Masking, SqlEngine } from '../../sql/engine.ts';
import type { CatalogueKeeper } from './catalogue/keeper.ts';
import type { Exemption } from './exemption.ts';
import type { Impacts } from './impact/impacts.ts';
import type { PostgresSettings } from './settings.ts';
import type { UpstreamAddress } from './upstream/address.ts';

/**
 * What a grant lets run: the statement's text with the decision's masks in it. `rowByRow`: which of its rows fails first
 * would tell of what is masked.
 */
export type EnforcedSql = { text: string; rowByRow?: true };

/** Everything that sessions of one target share, those that log in there as the same role. */
export type TargetContext = {
  target: Target;
  upstream: UpstreamAddress;
  govern: GovernServices<EnforcedSql>;
  engine: SqlEngine;
  catalogue: CatalogueKeeper;
  /** Keys the tokens of the masking method `token` on this target. */
  tokenKey: Uint8Array;
  settings: PostgresSettings;
  masking: Masking;
  /** Works out what held statements would do. */
  impacts: Impacts;
  /** Tells who belongs on this connection, where a prepared target has two; null where there is one. */
  exemption: Exemption | null;
};
