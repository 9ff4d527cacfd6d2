/** How a value's text form is to be read: alignment, comparison and export follow from it. */
export type ValueKind =
  | 'array'
  | 'boolean'
  | 'bytea'
  | 'date'
  | 'decimal'
  | 'float'
  | 'integer'
  | 'interval'
  | 'json'
  | 'money'
  | 'text'
  | 'time'
  | 'timestamp'
  | 'uuid';

/** PostgreSQL's pg_type: [kind, oid of the type, oid of its array]. Whatever isn't here is text. */
const BUILT_IN: readonly (readonly [ValueKind, number, number])[] = [
  ['boolean', 16, 1000],
  ['bytea', 17, 1001],
  ['text', 18, 1002],
  ['text', 19, 1003],
  ['integer', 20, 1016],
  ['integer', 21, 1005],
  ['integer', 23, 1007],
  ['text', 25, 1009],
  ['integer', 26, 1028],
  ['json', 114, 199],
  ['text', 142, 143],
  ['float', 700, 1021],
  ['float', 701, 1022],
  ['money', 790, 791],
  ['text', 869, 1041],
  ['text', 1042, 1014],
  ['text', 1043, 1015],
  ['date', 1082, 1182],
  ['time', 1083, 1183],
  ['timestamp', 1114, 1115],
  ['timestamp', 1184, 1185],
  ['interval', 1186, 1187],
  ['time', 1266, 1270],
  ['decimal', 1700, 1231],
  ['uuid', 2950, 2951],
  ['json', 3802, 3807],
];

const kinds = new Map<number, ValueKind>();
const elementKinds = new Map<number, ValueKind>();
for (const [kind, oid, arrayOid] of BUILT_IN) {
  kinds.set(oid, kind);
  kinds.set(arrayOid, 'array');
  elementKinds.set(arrayOid, kind);
}

/** The kind of a PostgreSQL type by its OID; `typeName` tells arrays of types that aren't built in. */
export function kindOfType(typeOid: number, typeName = ''): ValueKind {
  return kinds.get(typeOid) ?? (isArrayName(typeName) ? 'array' : 'text');
}

/** The kind of an array type's elements; text when they aren't built in. */
export function elementKindOfType(arrayOid: number): ValueKind {
  return elementKinds.get(arrayOid) ?? 'text';
}

/** True for kinds that people read right-aligned and compare as numbers. */
export function isNumeric(kind: ValueKind): boolean {
  return kind === 'integer' || kind === 'decimal' || kind === 'float' || kind === 'money';
}

function isArrayName(typeName: string): boolean {
  return typeName.endsWith('[]') || typeName.startsWith('_');
}
