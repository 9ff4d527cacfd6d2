/** One value that a filter compares. `claim` and `user` are the person's, and become literals. */
export type Operand =
  | { kind: 'column'; name: string }
  | { kind: 'claim'; name: string }
  | { kind: 'user'; field: UserField }
  | { kind: 'literal'; text: string; quoted: boolean }
  | { kind: 'call'; name: string; args: Operand[] };

export const USER_FIELDS = ['id', 'name', 'email', 'groups'] as const;
export type UserField = (typeof USER_FIELDS)[number];

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Filter =
  | { kind: 'and' | 'or'; parts: Filter[] }
  | { kind: 'not'; part: Filter }
  | { kind: 'compare'; operator: Comparison; left: Operand; right: Operand }
  | { kind: 'in'; negated: boolean; left: Operand; right: Operand[] }
  | { kind: 'like'; operator: 'LIKE' | 'ILIKE'; negated: boolean; left: Operand; right: Operand }
  | { kind: 'between'; negated: boolean; left: Operand; low: Operand; high: Operand }
  | { kind: 'is'; negated: boolean; left: Operand; what: 'NULL' | 'TRUE' | 'FALSE' }
  /** A boolean column, or TRUE. */
  | { kind: 'holds'; left: Operand };
