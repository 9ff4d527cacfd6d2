import type { Generated } from 'kysely';

/** The tables as migrations.ts makes them. */
export type StoreSchema = {
  /** Append-only: an action's opening and its closing are two rows; `kept` is both in one. `event`: no action. */
  log: {
    seq: Generated<number>;
    kind: 'opened' | 'kept' | 'closed' | 'event';
    record: string;
    principal: string | null;
    target: string | null;
    /** Null once it was purged, as are `salt`, `principal` and `target`. */
    body: string | null;
    salt: Uint8Array | null;
    commitment: Uint8Array;
  };
  journal: { segment: number; offset: number };
  documents: {
    collection: string;
    key: string;
    value: string;
    expires_at_ms: number | null;
  };
};
