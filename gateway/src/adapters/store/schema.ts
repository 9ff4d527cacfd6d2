import type { Generated } from 'kysely';

/** The tables as migrations.ts makes them. */
export type StoreSchema = {
  /** Append-only: an action's opening and its closing are two rows; `kept` is both in one. */
  log: {
    seq: Generated<number>;
    kind: 'opened' | 'kept' | 'closed';
    record: string;
    principal: string | null;
    target: string | null;
    body: string;
  };
  journal: { segment: number; offset: number };
  documents: {
    collection: string;
    key: string;
    value: string;
    expires_at_ms: number | null;
  };
};
