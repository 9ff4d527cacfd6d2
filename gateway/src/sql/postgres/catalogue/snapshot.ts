import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CatalogueVersion } from '../../../../contract/ids.ts';

/** `bigint` arrives as text from some clients and as a number from others. */
const Oid = z.coerce.number().int().nonnegative();
const Flag = z.union([z.boolean(), z.enum(['t', 'f']).transform((flag) => flag === 't')]);

const Column = z
  .tuple([
    z.int(),
    z.string(),
    z.string(),
    z.string().nullable(),
    z.string(),
    z.string(),
    z.string().nullable(),
    z.boolean(),
    Oid,
    z.tuple([z.string(), z.string().nullable(), z.string(), z.string().nullable()]).nullable(),
    z.string().nullable(),
  ])
  .transform(
    ([
      number,
      name,
      type,
      baseType,
      typeKind,
      generated,
      expression,
      notNull,
      typeOid,
      domain,
      extension,
    ]) => ({
      number,
      name,
      /** As `format_type` prints it with only pg_catalog in the search path: `character varying(80)`. */
      type,
      /** The type's name when it lives in pg_catalog: `varchar`, otherwise null. */
      baseType,
      /** pg_type.typtype: b, c, d, e, p, r, m. */
      typeKind,
      /** The extension that the type itself belongs to; arrays of such types belong to none. */
      extension,
      generated: generated !== '',
      /** It is computed as it is read, since PostgreSQL 18. */
      virtual: generated === 'v',
      /** The expression of a generated column. */
      expression,
      notNull,
      typeOid,
      /** Of a domain, what it is over in the end: `type`, `baseType`, `typeKind` and `extension` of that. */
      domain:
        domain === null
          ? null
          : { type: domain[0], baseType: domain[1], typeKind: domain[2], extension: domain[3] },
    }),
  );

export const Relation = z.object({
  oid: Oid,
  schema: z.string(),
  name: z.string(),
  /** pg_class.relkind: r, v, m, p, f, S. */
  kind: z.string(),
  /** OID of the row type. */
  type: Oid,
  columns: z.array(Column),
  /** `pg_get_viewdef` of views and materialised views outside the system's schemas. */
  definition: z.string().nullable(),
});

const Attributes = z.array(z.int());

const ROWS = {
  /** `usable`: the gateway's own role has USAGE, without which a search path passes over it. */
  schemas: z.object({ name: z.string(), usable: z.boolean() }),
  relations: Relation,
  /** One: that of the database. */
  encoding: z.object({ name: z.string() }),
  inheritance: z.object({ child: Oid, parent: Oid }),
  partitionKeys: z.object({ relation: Oid, columns: Attributes }),
  viewColumns: z.object({ view: Oid, relation: Oid, column: z.int() }),
  rules: z.object({ relation: Oid, name: z.string(), event: z.string() }),
  triggers: z.object({
    relation: Oid,
    name: z.string(),
    schema: z.string(),
    function: z.string(),
    /** pg_trigger.tgtype: bits 2 insert, 3 delete, 4 update, 5 truncate. */
    type: z.int(),
    /** The columns that its WHEN looks at. */
    compared: Attributes,
    /** What its function is given besides the row. */
    arguments: z.array(z.string()),
  }),
  /**
   * `plain`: equality of the columns themselves, in all rows. `keys`: the columns that make its key, maybe by
   * expressions. `nullsDistinct`: a row with NULL in a key is like no other. `validated`: the index was made to its end.
   */
  uniques: z.object({
    relation: Oid,
    name: z.string(),
    columns: Attributes,
    primary: Flag,
    plain: Flag,
    keys: Attributes,
    nullsDistinct: Flag,
    validated: Flag,
  }),
  constraints: z.object({
    relation: Oid,
    type: z.enum(['c', 'f']),
    columns: Attributes,
    referenced: Oid,
    referencedColumns: Attributes,
    /** pg_constraint.confdeltype and confupdtype: a no action, r restrict, c cascade, n set null, d set default. */
    onDelete: z.string(),
    onUpdate: z.string(),
    /** False where rows may be there that don't meet it. */
    validated: Flag,
    /** Whether the table above has the same. */
    inherited: Flag,
    /** Whether the tables below have it not. */
    alone: Flag,
  }),
  functions: z.object({
    schema: z.string(),
    name: z.string(),
    kind: z.string(),
    volatility: z.enum(['i', 's', 'v']),
    language: z.string(),
    extension: z.string().nullable(),
    definer: Flag,
    /** Names of OUT, INOUT and TABLE arguments, when it has any. */
    outputs: z.array(z.string().nullable()).nullable(),
    returnType: Oid,
    returnKind: z.string(),
    returnsSet: Flag,
    /** Of the arguments of those that somebody added, OUT arguments included. */
    types: z.array(Oid),
    /** It means the same under every search path. */
    pinned: z.boolean(),
  }),
  operators: z.object({
    schema: z.string(),
    name: z.string(),
    functionSchema: z.string(),
    function: z.string(),
    extension: z.string().nullable(),
  }),
  /** Functions of operator classes that somebody added: indexes and partition keys of one call them. */
  operatorClasses: z.object({
    schema: z.string(),
    name: z.string(),
    functionSchema: z.string(),
    function: z.string(),
    extension: z.string().nullable(),
  }),
  types: z.object({
    oid: Oid,
    schema: z.string(),
    name: z.string(),
    kind: z.string(),
    extension: z.string().nullable(),
    /** What a domain is over. */
    base: Oid,
    /** What an array is of. */
    element: Oid,
    /** Types of a composite's fields, and what a range is over. */
    parts: z.array(Oid),
  }),
  casts: z.object({
    source: Oid,
    target: Oid,
    functionSchema: z.string().nullable(),
    function: z.string().nullable(),
    extension: z.string().nullable(),
    /** The server applies it without its being written. */
    unasked: Flag,
    shown: z.string(),
  }),
  /**
   * Functions that the server calls by itself: defaults, checks, domains, index expressions, row policies, partition
   * keys, conditions of triggers, statistics, operator classes that types are sorted by, comparisons of foreign keys.
   */
  attached: z.object({
    relation: Oid,
    type: Oid,
    /** As a relation is read, or a value becomes one of a type; else as one is written or a default taken. */
    onRead: Flag,
    /** As any query of the relation, those of foreign keys as well, is planned or searches its indexes; a type's values are compared. */
    planned: Flag,
    /** Of a trigger's condition its pg_trigger.tgtype, and the like of a foreign key's comparison; otherwise 0. */
    events: z.int(),
    schema: z.string(),
    function: z.string(),
    extension: z.string().nullable(),
  }),
  /** Types that what is attached to a relation, or a domain's default, converts to. */
  attachedTypes: z.object({ relation: Oid, domain: Oid, type: Oid, onRead: Flag }),
  /** Columns that one index expression, index predicate or generated column computes on; `whole`: on the row. */
  /** `inherited`: the index of a partition belongs to one of the table above. A child may generate a column in its own way. */
  computed: z.object({ relation: Oid, columns: Attributes, whole: Flag, inherited: Flag, validated: Flag }),
  /** Columns of which extended statistics are made that compute expressions; `whole`: some of the row. */
  statistics: z.object({ relation: Oid, columns: Attributes, whole: Flag }),
  /** Columns whose most common values CREATE STATISTICS (mcv) lists together (0: all); `computes`: of expressions as well. */
  valueLists: z.object({ relation: Oid, columns: Attributes, computes: Flag }),
  /** Columns that row policies in force look at (0: the relation); `whole`: some look at whole rows. */
  policies: z.object({ relation: Oid, from: Oid, column: z.int(), whole: Flag }),
  /** What a column holds that an INSERT leaves out: its own default, its domain's, an identity's `nextval`. */
  defaults: z.object({ relation: Oid, column: z.int(), expression: z.string() }),
  /** Foreign keys of which the server doesn't know yet that all rows keep them. */
  unvalidatedKeys: z.object({ relation: Oid, name: z.string(), columns: Attributes }),
  /** Sequences of serial and identity columns. */
  sequenceOwners: z.object({ sequence: Oid, relation: Oid, column: z.int() }),
  /** Settings that policies, views, functions … of the database read; `*` when some name of one can't be told. */
  settingsRead: z.object({ name: z.string() }),
  eventTriggers: z.object({ name: z.string(), schema: z.string(), function: z.string() }),
  /**
   * `barrier`: no condition of others is asked of rows that its own leaves out. `asQuery`: it reads what its query
   * reads for who asks: with the rights of whoever asks, or with its owner's to whole tables.
   */
  views: z.object({ view: Oid, barrier: Flag, asQuery: Flag }),
  /** Masking views of a prepared target, with what they were made from. */
  maskingViews: z.object({ view: Oid, comment: z.string().nullable() }),
  /** Relations that the gateway's own role owns, and columns that it may not read. Others it may read whole. */
  access: z.object({ relation: Oid, own: Flag, closed: Attributes }),
};

/** Everything the analysis knows of one database at one moment. Plain data: it crosses to the worker as it is. */
export const Snapshot = z.object({
  schemas: z.array(ROWS.schemas).default([]),
  relations: z.array(ROWS.relations),
  encoding: z.array(ROWS.encoding).default([]),
  inheritance: z.array(ROWS.inheritance),
  partitionKeys: z.array(ROWS.partitionKeys),
  viewColumns: z.array(ROWS.viewColumns),
  rules: z.array(ROWS.rules),
  triggers: z.array(ROWS.triggers),
  uniques: z.array(ROWS.uniques),
  constraints: z.array(ROWS.constraints),
  functions: z.array(ROWS.functions),
  operators: z.array(ROWS.operators),
  operatorClasses: z.array(ROWS.operatorClasses),
  types: z.array(ROWS.types),
  casts: z.array(ROWS.casts),
  attached: z.array(ROWS.attached),
  attachedTypes: z.array(ROWS.attachedTypes),
  computed: z.array(ROWS.computed),
  statistics: z.array(ROWS.statistics),
  valueLists: z.array(ROWS.valueLists).default([]),
  policies: z.array(ROWS.policies),
  defaults: z.array(ROWS.defaults),
  unvalidatedKeys: z.array(ROWS.unvalidatedKeys),
  sequenceOwners: z.array(ROWS.sequenceOwners),
  settingsRead: z.array(ROWS.settingsRead),
  eventTriggers: z.array(ROWS.eventTriggers),
  views: z.array(ROWS.views).default([]),
  maskingViews: z.array(ROWS.maskingViews),
  access: z.array(ROWS.access),
  /** The search path of sessions that set none, as `current_schemas(true)` gives it. */
  defaultPath: z.array(z.string()).default([]),
});
export type Snapshot = z.infer<typeof Snapshot>;
export type SnapshotRelation = z.infer<typeof Relation>;
export type SnapshotColumn = SnapshotRelation['columns'][number];
export type SnapshotFunction = Snapshot['functions'][number];

/** What changes with every committed change of a database's catalogue. Those of two databases may be equal. */
export const CatalogueFingerprint = z.string().min(1);
export type CatalogueFingerprint = z.infer<typeof CatalogueFingerprint>;
const Fingerprint = z.tuple([z.object({ version: CatalogueFingerprint })]);

/** Decodes the one row of `fingerprintQuery`. Throws ZodError on any other shape. */
export function decodeFingerprint(rows: readonly unknown[]): CatalogueFingerprint {
  return Fingerprint.parse(rows)[0].version;
}

/**
 * Names what is known by its content: `made` is what somebody made, besides what initdb did. A fingerprint alone doesn't: clones of a database give the same OIDs and
 * transaction numbers to different things, and who changes one row twice in a transaction leaves it as it was.
 */
export function versionOf(
  fingerprint: CatalogueFingerprint,
  { fingerprint: system }: Pick<SystemCatalogue, 'fingerprint'>,
  made: Snapshot,
): CatalogueVersion {
  const content = createHash('sha256').update(`${fingerprint} ${system} `).update(JSON.stringify(made));
  return CatalogueVersion.parse(content.digest('base64url'));
}

/** What initdb made, for as long as its fingerprint stays. */
export const SystemRows = Snapshot.pick({ relations: true, functions: true });
export type SystemCatalogue = { fingerprint: CatalogueFingerprint } & z.infer<typeof SystemRows>;

const SessionRow = z.tuple([
  z.object({
    search_path: z.array(z.string()),
    path: z.string(),
    role: z.string(),
    temporary: z.array(Relation),
  }),
]);
export type SessionRow = {
  /** The schemas that are there and usable, as `current_schemas(true)` gives them. */
  searchPath: string[];
  /** The setting that they come of. */
  path: string;
  role: string;
  temporary: SnapshotRelation[];
  digest: string;
};

/**
 * Decodes the one row of `sessionStateQuery` (with `json` and `text[]` parsed, as `pg` does by default).
 * `digest` names this state: the same state has the same digest, for cache keys.
 */
export function decodeSessionState(rows: readonly unknown[]): SessionRow {
  const { search_path: searchPath, path, role, temporary } = SessionRow.parse(rows)[0];
  const digest = createHash('sha256')
    .update(JSON.stringify([searchPath, role, temporary]))
    .digest('base64url');
  return { searchPath, path, role, temporary, digest };
}
