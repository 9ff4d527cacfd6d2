import { StatementKind } from '../../../../contract/facts.ts';
import { HostUseKind } from '../../../../contract/host-facts.ts';

/** Statement kinds that stand together under one word. */
export const KIND_GROUPS = {
  ddl: ['create', 'alter', 'drop', 'comment'],
} as const satisfies Record<string, readonly StatementKind[]>;

/** What a rule's `doing` may list, besides statement kinds. */
export const WITHOUT_WHERE = {
  'update without where': 'update',
  'delete without where': 'delete',
} as const satisfies Record<string, StatementKind>;

export const DOING_WORDS: readonly string[] = [
  ...StatementKind.options,
  ...HostUseKind.options,
  ...Object.keys(KIND_GROUPS),
  ...Object.keys(WITHOUT_WHERE),
];
