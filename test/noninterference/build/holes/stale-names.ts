import { SessionState as Whole } from '../../../../gateway/src/proxies/postgres/session/state.ts';

export * from '../../../../gateway/src/proxies/postgres/session/state.ts';

/** Prepared statements and cursors stay good whatever becomes of what they read. */
export class SessionState extends Whole {
  override forget(): void {}
}
