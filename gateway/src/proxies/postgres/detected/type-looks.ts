import { FIRST_USER_OID } from '../../../sql/postgres/catalogue/oids.ts';
import type { LoadedCatalogue } from '../catalogue/keeper.ts';

/** How the values of a type are looked at. */
export type Look =
  /** Numbers, dates, UUIDs, addresses of the network, bytes: nothing to be found, or not looked into. */
  | { kind: 'skip' }
  /** Text as it is, the same in both formats. */
  | { kind: 'text' }
  | { kind: 'json'; versioned: boolean }
  /** `{…}`; `element` is of the values inside. */
  | { kind: 'array'; element: Look }
  /** `(…)`: composites, whose fields are of any types. */
  | { kind: 'record' }
  /** A type of its own making: its text can be read, its binary form can't. */
  | { kind: 'other' };

const SKIP: Look = { kind: 'skip' };
const TEXT: Look = { kind: 'text' };
const OTHER: Look = { kind: 'other' };
const RECORD: Look = { kind: 'record' };

/** Built-in types by pg_type.oid; whatever is in no list is looked at as `other`. */
const SKIPPED: ReadonlySet<number> = new Set([
  16, 17, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30, 600, 601, 602, 603, 604, 628, 650, 700, 701, 718, 774, 790,
  829, 869, 1082, 1083, 1114, 1184, 1186, 1266, 1560, 1562, 1700, 2202, 2203, 2204, 2205, 2206, 2278, 2950,
  2970, 3220, 3734, 3769, 3904, 3906, 3908, 3910, 3912, 3926, 4089, 4096, 4191, 4451, 4532, 4533, 4534, 4535,
  4536, 5038, 5069,
]);
const TEXTS: ReadonlySet<number> = new Set([18, 19, 25, 142, 705, 1042, 1043, 1790, 2275]);
const JSON_OID = 114;
const JSONB_OID = 3802;
const RECORD_OID = 2249;
/** Arrays of built-in types: pg_type.typarray → the element. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  [1002, 18],
  [1003, 19],
  [1009, 25],
  [143, 142],
  [1014, 1042],
  [1015, 1043],
  [2201, 1790],
  [1263, 2275],
  [199, JSON_OID],
  [3807, JSONB_OID],
  [2287, RECORD_OID],
  [1000, 16],
  [1001, 17],
  [1016, 20],
  [1005, 21],
  [1007, 23],
  [1021, 700],
  [1022, 701],
  [1231, 1700],
  [1182, 1082],
  [1115, 1114],
  [1185, 1184],
  [1187, 1186],
  [2951, 2950],
  [1028, 26],
  [1041, 869],
]);
/** Types of extensions whose binary form is their text. */
const TEXT_LIKE: ReadonlySet<string> = new Set(['citext']);

const known = new WeakMap<LoadedCatalogue, Map<number, Look>>();

/** How values of a type are looked at, by what the catalogue says of it. */
export function lookOf(typeOid: number, catalogue: LoadedCatalogue): Look {
  const looks = known.get(catalogue) ?? new Map<number, Look>();
  known.set(catalogue, looks);
  const seen = looks.get(typeOid);
  if (seen !== undefined) return seen;
  // A type that reaches itself ends here.
  looks.set(typeOid, OTHER);
  const look = builtIn(typeOid) ?? userDefined(typeOid, catalogue);
  looks.set(typeOid, look);
  return look;
}

function builtIn(typeOid: number): Look | null {
  if (SKIPPED.has(typeOid)) return SKIP;
  if (TEXTS.has(typeOid)) return TEXT;
  if (typeOid === JSON_OID || typeOid === JSONB_OID)
    return { kind: 'json', versioned: typeOid === JSONB_OID };
  if (typeOid === RECORD_OID) return RECORD;
  const element = ARRAYS.get(typeOid);
  if (element !== undefined) return { kind: 'array', element: builtIn(element) ?? OTHER };
  return typeOid < FIRST_USER_OID ? OTHER : null;
}

function userDefined(typeOid: number, catalogue: LoadedCatalogue): Look {
  const type = catalogue.snapshot.types.find(({ oid }) => oid === typeOid);
  switch (type?.kind) {
    case 'd':
      return lookOf(type.base, catalogue);
    case 'e':
      return TEXT;
    case 'c':
      return RECORD;
    case 'b':
      if (type.element !== 0) return { kind: 'array', element: lookOf(type.element, catalogue) };
      return TEXT_LIKE.has(type.name) ? TEXT : OTHER;
    default:
      return OTHER;
  }
}
